"""Points, scores and ranks of yearly monitoring by hand: missing data, bands, ties; schemes that aren't one are refused."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.programme.monitoring import scoring
from jinchuanggu.programme.monitoring.drafting import _change
from jinchuanggu.programme.monitoring.scheme import current, current_content, parse
from jinchuanggu.programme.schemes.loading import SchemeError

pytestmark = pytest.mark.clause("P4")
D = Decimal


def share(key: str, figures: dict[str, Any]) -> Decimal | None:
    criterion = current().criterion(key)
    assert criterion is not None
    return scoring.share_of(criterion, figures).share


def row(**fields: Any) -> dict[str, Any]:
    return {"title": "甲", "text": "乙", **fields}


@pytest.mark.parametrize(
    ("key", "figures", "expected"),
    [
        (
            "conditions",
            {"conditions": [row(status=s) for s in ("met", "not_met", "not_evidenced")]},
            D("0.5"),
        ),
        ("conditions", {"conditions": [row(status="not_evidenced")]}, None),
        ("targets", {"targets": [row(target="10", actual="5"), row(target="10", actual="40")]}, D("0.75")),
        ("targets", {"targets": [row(target="10", actual="-5"), row(target="10", actual="10")]}, D("0.5")),
        ("targets", {"targets": [row(target="10", actual="5"), row(target="10", actual=None)]}, D("0.5")),
        ("targets", {"targets": [row(target="10", actual=None)]}, None),
        ("growth", {"growth": [row(percent="10.0")]}, D(1)),
        ("growth", {"growth": [row(percent="9.9"), row(percent=None)]}, D("0.8")),
        ("growth", {"growth": [row(percent="0.0")]}, D("0.6")),
        ("growth", {"growth": [row(percent="-0.1")]}, D(0)),
        ("milestones", {"milestones": [row(counts=c) for c in ("on_time", "late", "open", "")]}, D("0.5")),
        ("milestones", {"milestones": [row(counts="")]}, None),
        ("filings", {"filings": row(due=4, on_time=2, late=1, missing=1)}, D("0.625")),
        ("filings", {"filings": row(due=0, on_time=0, late=0, missing=0)}, None),
        ("report_on_time", {"report": row(days_late=0)}, D(1)),
        ("report_on_time", {"report": row(days_late=15)}, D("0.5")),
        ("report_on_time", {"report": row(days_late=16)}, D(0)),
        ("report_on_time", {}, None),
        ("tasks", {}, None),
    ],
)
def test_shares_by_hand(key: str, figures: dict[str, Any], expected: Decimal | None) -> None:
    assert share(key, figures) == expected


def test_the_weight_of_what_has_no_data_is_shared_out() -> None:
    result = scoring.result_of(current(), {"conditions": D(15), "targets": D(20), "growth": None})
    assert result.score == D("77.78")  # 35 of 45
    assert result.coverage == D(45)
    assert result.points["growth"] is None
    assert scoring.result_of(current(), {}).score is None


def test_equal_scores_share_a_rank_and_the_next_follow_on() -> None:
    assert scoring.ranks([(1, D(80)), (2, D(90)), (3, D(80)), (4, None), (5, D(70))]) == {
        1: 2, 2: 1, 3: 2, 4: None, 5: 4,
    }  # fmt: skip


@given(st.dictionaries(st.sampled_from([c.id for c in current().criteria]), st.integers(0, 100)))
def test_a_score_stays_in_bounds_and_unknown_is_neither_nothing_nor_all(percents: dict[str, int]) -> None:
    scheme = current()
    points = {c.id: c.max * percents[c.id] / 100 for c in scheme.criteria if c.id in percents}
    result = scoring.result_of(scheme, points)
    if not points:
        assert result.score is None
        return
    assert result.score is not None
    assert min(percents.values()) - D("0.01") <= result.score <= max(percents.values()) + D("0.01")


def _without(key: str) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw.pop(key)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_without("levels"), "levels"),
        (lambda raw: raw.update(other=1), "unknown keys"),
        (lambda raw: raw["criteria"][0].update(max=19), "not to 100"),
        (lambda raw: raw["criteria"][0].update(kind="guess"), "unknown kinds"),
        (lambda raw: raw["criteria"][1].update(id=raw["criteria"][0]["id"]), "twice"),
        (lambda raw: raw["levels"].reverse(), "highest down"),
        (lambda raw: raw["levels"][0].update(suggests="praise"), "unknown outcomes"),
        (lambda raw: raw["missing"].update(coverage_min=101), "percentage"),
        (lambda raw: raw["missing"].update(rule="zero"), "missing data"),
        (lambda raw: raw["title"].pop("en"), "zh and en"),
    ],
)
def test_a_bad_scheme_is_refused(spoil: Callable[[dict[str, Any]], None], said: str) -> None:
    raw = copy.deepcopy(current_content())
    spoil(raw)
    with pytest.raises(SchemeError, match=said):
        parse(raw, "here")


@pytest.mark.parametrize(
    ("growth", "said"),
    [(None, ""), ("0.0", "，与上年持平"), ("4.5", "，同比增长 4.5%"), ("-10.0", "，同比下降 10%")],
)
def test_growth_is_said_as_it_is(growth: str | None, said: str) -> None:
    assert _change(growth) == said
