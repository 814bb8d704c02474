"""Aggregation vectors: exact, with the extremes dropped from five sheets on."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.programme.tally import means, tally

scores = st.lists(st.decimals("0", "100", places=1), min_size=1, max_size=15)

VECTORS = [
    # totals, counted, score, passed at 70
    (["70"], ["70"], "70.00", True),
    (["69.9", "70.0"], ["69.9", "70.0"], "69.95", False),
    (["60", "70", "80", "90"], ["60", "70", "80", "90"], "75.00", True),
    (["0", "70", "70", "70", "100"], ["70", "70", "70"], "70.00", True),
    (["100", "100", "69.9", "69.9", "0"], ["69.9", "69.9", "100"], "79.93", True),
    # rounds to 70.00 and still fails: the verdict is not taken from the rounded score
    (["69.9", "70", "70", "70", "70", "70", "70.1"], ["70"] * 5, "70.00", True),
    (["50", "69.9", "70", "70", "70", "70", "90"], ["69.9", "70", "70", "70", "70"], "69.98", False),
]


@pytest.mark.parametrize(("totals", "counted", "score", "passed"), VECTORS)
def test_vectors(totals: list[str], counted: list[str], score: str, passed: bool) -> None:
    found = tally([D(x) for x in totals], pass_mark=D(70), drop_extremes_from=5)
    assert sorted(found.counted) == [D(x) for x in counted]
    assert (found.score, found.passed) == (D(score), passed)


def test_rounding_lifts_nobody_over_the_line() -> None:
    totals = [D("69.9")] + [D("70.0")] * 20
    found = tally(totals, pass_mark=D(70), drop_extremes_from=50)
    assert found.score == D("70.00")
    assert not found.passed


def test_nothing_to_aggregate_is_an_error() -> None:
    with pytest.raises(ValueError, match="no submitted sheet"):
        tally([], pass_mark=D(70), drop_extremes_from=5)


@given(scores)
def test_score_lies_between_the_extremes_and_ignores_order(totals: list[D]) -> None:
    found = tally(totals, pass_mark=D(70), drop_extremes_from=5)
    assert min(totals) <= found.score <= max(totals)
    assert found == tally(totals, pass_mark=D(70), drop_extremes_from=5)
    turned = tally(totals[::-1], pass_mark=D(70), drop_extremes_from=5)
    assert (turned.score, turned.passed) == (found.score, found.passed)
    assert len(found.dropped) == (2 if len(totals) >= 5 else 0)


@given(scores, st.decimals("0", "100", places=1))
def test_one_wild_sheet_of_many_moves_nothing_beyond_its_neighbours(totals: list[D], wild: D) -> None:
    base = [D(70)] * 6
    found = tally([*base, wild], pass_mark=D(70), drop_extremes_from=5)
    assert found.score == D(70)


def test_means_per_criterion() -> None:
    assert means([{"a": D(1), "b": D(2)}, {"a": D(2)}, {"a": D(2)}]) == {"a": D("1.67"), "b": D("2.00")}
