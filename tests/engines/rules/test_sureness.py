"""How sure a rule is said to be: a source is no review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jinchuanggu.engines.rules import official
from jinchuanggu.engines.rules.model import Confidence, Pending, Review, ReviewStatus
from jinchuanggu.engines.rules.sureness import Sure, how_sure, sure_of

TECH_SME = official("tech_sme").rule_sets[0]
SURE = replace(
    TECH_SME,
    confidence=Confidence.SEARCHED,
    criteria=(replace(TECH_SME.walk()[0], confidence=Confidence.SEARCHED, test=Pending()),),
)


@pytest.mark.parametrize(
    ("status", "reviewer", "said"),
    [
        (ReviewStatus.DRAFT, None, "有出处，未复核"),
        (ReviewStatus.DRAFT, "张三", "有出处，未复核"),
        (ReviewStatus.IN_FORCE, None, "有出处，未复核"),
        (ReviewStatus.REVIEWED, "张三", "已核"),
        (ReviewStatus.IN_FORCE, "张三", "已核"),
    ],
)
def test_only_a_named_reviewer_makes_it_checked(
    status: ReviewStatus, reviewer: str | None, said: str
) -> None:
    rules = replace(SURE, review=Review(status, reviewer, date(2026, 1, 1)))
    assert how_sure(rules).words.zh == said


def test_a_review_does_not_find_a_source() -> None:
    words = [sure_of(one, reviewed=True).words.zh for one in Confidence]
    assert words == ["已核", "待复核", "待核", "待核（原文未见）"]
    reviewed = Review(ReviewStatus.IN_FORCE, "张三", date(2026, 1, 1))
    part = replace(SURE.criteria[0], id="other", confidence=Confidence.RECALLED)
    assert how_sure(replace(SURE, review=reviewed, criteria=(*SURE.criteria, part))) is Sure.PARTLY


def test_no_shipped_rule_is_called_checked_without_a_reviewer() -> None:
    assert {
        one.id for one in official().rule_sets if how_sure(one) is Sure.CHECKED and not one.review.reviewer
    } == set()
