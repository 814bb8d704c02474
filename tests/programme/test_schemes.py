"""The data files: the shipped ones are sound, bad ones are refused by name."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest

from jinchuanggu.programme import visibility
from jinchuanggu.programme.actions.plaque import number_of
from jinchuanggu.programme.assessment_view import BUILDERS
from jinchuanggu.programme.schemes.loading import SchemeError, parse, read, scheme


def test_the_shipped_scheme_adds_up_and_says_that_it_awaits_confirmation() -> None:
    shipped = scheme()
    assert shipped.full_score == 100
    assert shipped.seats == 7
    assert not shipped.settled
    assert "待核" in shipped.basis["zh"]
    assert all(criterion.clause.startswith("二（") for criterion in shipped.criteria)


@pytest.mark.parametrize(
    ("path", "value", "what"),
    [
        (("pass_mark",), 101, "pass mark"),
        (("panel",), {"wizards": 3}, "unknown categories"),
        (("panel",), {"technical": 0}, "at least one"),
        (("drop_extremes_from",), 2, "leaves nothing"),
        (("title",), "只有中文", "zh and en"),
    ],
)
def test_a_bad_scheme_is_refused(path: tuple[str, ...], value: object, what: str) -> None:
    raw = copy.deepcopy(read("recognition.v1"))
    raw[path[0]] = value
    with pytest.raises(SchemeError, match=what):
        parse(raw, "broken")


def test_a_criterion_twice_or_missing_key_is_refused() -> None:
    raw = copy.deepcopy(read("recognition.v1"))
    raw["criteria"].append(raw["criteria"][0])
    with pytest.raises(SchemeError, match="twice"):
        parse(raw, "broken")
    del raw["pass_mark"]
    with pytest.raises(SchemeError, match="pass_mark"):
        parse(raw, "broken")


def test_scores_are_exact() -> None:
    assert all(isinstance(criterion.max, Decimal) for criterion in scheme().criteria)


def test_every_field_of_the_visibility_table_has_its_builder_and_no_other() -> None:
    assert set(BUILDERS) == set(read("visibility.v1")["fields"])
    assert set(visibility.matrix()) == set(read("visibility.v1")["phases"])


def test_the_assessed_side_and_the_public_never_see_who_scores() -> None:
    for row in visibility.matrix().values():
        for reader in ("city", "operator", "public", "government", "member_unit", "admin", "expert"):
            assert not row[reader] & {"names", "excluded", "sheets", "submitters"}
        assert "own_sheet" not in set().union(
            *(fields for reader, fields in row.items() if reader != "expert")
        )


def test_nobody_sees_scores_before_every_sheet_is_in() -> None:
    for phase in ("opened", "committed", "scoring"):
        for fields in visibility.matrix()[phase].values():
            assert not fields & {"sheets", "aggregate", "opinions", "conclusion"}


def test_plaque_number_follows_its_pattern() -> None:
    assert number_of(2026, 3) == "晋创谷牌〔2026〕3号"
