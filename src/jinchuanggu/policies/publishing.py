"""Whether a new version fits among those in the library, and which older ones it closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.policies.entries import OPEN
from jinchuanggu.policies.models import RuleEntry
from jinchuanggu.policies.rules import COUNTED, day_before


@dataclass(frozen=True, slots=True)
class Closing:
    """An older version that a new one ends: on its last day, or (`wholly`) from its first."""

    entry: RuleEntry
    wholly: bool
    rules: RuleSet


def closings(rule_sets: Sequence[RuleSet]) -> list[Closing]:
    """What putting these in force would close. Raises ValidationError with every reason why it can't be done.

    A version that is 待核 as a whole may be replaced from its first day: nothing was ever computed by it. One with
    content only ends the day before the new one begins.
    """
    problems: list[str] = []
    found: list[Closing] = []
    for rules in rule_sets:
        found += _of_one(rules, problems)
    if problems:
        raise ValidationError(problems)
    return found


def check_place(rule_sets: Sequence[RuleSet]) -> None:
    closings(rule_sets)


def _of_one(rules: RuleSet, problems: list[str]) -> list[Closing]:
    rows = RuleEntry.objects.filter(rule_set=rules.id, superseded=False, text__status__in=COUNTED)
    found: list[Closing] = []
    earlier_ends = []
    said = {"title": rules.title.zh, "start": rules.effective_from.isoformat()}
    for row in rows.select_related("text").order_by("effective_from"):
        said_row = {**said, "old": row.effective_from.isoformat()}
        if row.effective_from < rules.effective_from:
            if row.effective_to is None or row.effective_to >= rules.effective_from:
                found.append(Closing(row, False, rules))
            else:
                earlier_ends.append(row.effective_to)
        elif row.confidence in OPEN:
            found.append(Closing(row, True, rules))
        elif row.effective_from == rules.effective_from:
            problems.append(_("“%(title)s”%(old)s 起的版本已有内容，新版本须晚于这一天生效") % said_row)
        elif rules.effective_to is None or rules.effective_to >= row.effective_from:
            problems.append(_("“%(title)s”已有 %(old)s 起生效的版本，新版本不能早于它开始") % said_row)
    closed_now = any(not one.wholly for one in found)
    if earlier_ends and not closed_now and max(earlier_ends) < day_before(rules.effective_from):
        problems.append(
            _(
                "“%(title)s”上一版本 %(end)s 已失效，到 %(start)s 之间没有规则；请把生效日改为上一版本失效的次日"
            )
            % {**said, "end": max(earlier_ends).isoformat()}
        )
    return found
