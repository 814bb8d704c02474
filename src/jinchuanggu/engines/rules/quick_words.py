"""A step of a quick explanation in words, in the sentences of the full evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinchuanggu.engines.rules.exact import Root, shown
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.model import Criterion, Joined, OneOf, Ratio, Score, Threshold
from jinchuanggu.engines.rules.reasons import OPERATOR_WORDS, REASONS
from jinchuanggu.engines.rules.texts import Lang, Text, same
from jinchuanggu.engines.rules.units import decimal_of, quantity

if TYPE_CHECKING:
    from jinchuanggu.engines.rules.quick import Step


def words(step: Step, lang: Lang) -> str:
    """The title of the criterion, and why it stands as it does."""
    values = {
        "value": _shown(step.value, step.unit),
        "threshold": _shown(step.threshold, step.unit),
        "distance": _shown(step.distance, step.unit),
        "operator": _operator(step.criterion),
        "interval": same(""),
        "missing": same(""),
    }
    if isinstance(step.criterion.test, Score) and step.status is Status.NOT_EVIDENCED:
        low, high = (decimal_of(end) for end in step.points)
        values["value"] = values["interval"] = same(f"{low}–{high}")
    return f"{step.criterion.title.get(lang)}：{REASONS[_reason(step)].fill(values).get(lang)}"


def _reason(step: Step) -> str:
    test, status = step.criterion.test, step.status
    match test:
        case Joined(least=None):
            return {Status.MET: "all_met", Status.NOT_MET: "some_not_met"}.get(status, "some_not_evidenced")
        case Joined():
            return {Status.MET: "enough_met", Status.NOT_MET: "too_few_met"}.get(status, "some_not_evidenced")
        case Threshold() | Ratio() | Score():
            if status is Status.NOT_EVIDENCED:
                return "score_open" if isinstance(test, Score) else "no_report"
            if step.never and status is Status.NOT_MET:
                return "never_held"
            over = test.operator.value in ("<=", "<")
            return "meets" if status is Status.MET else "over" if over else "short"
        case OneOf():
            return {Status.MET: "accepted_code", Status.NOT_MET: "other_code"}.get(status, "not_given")
    return {Status.MET: "holds", Status.NOT_MET: "does_not_hold"}.get(status, "not_given")


def _shown(value: object, unit: str | None) -> Text:
    if value is None:
        return same("—")
    if isinstance(value, Root):
        value = shown(value)
    if isinstance(value, str | bool):
        return same(str(value))
    return quantity(decimal_of(shown(value)), unit)  # type: ignore[arg-type]


def _operator(criterion: Criterion) -> Text:
    operator = getattr(criterion.test, "operator", None)
    return OPERATOR_WORDS.get(operator or "", same(""))
