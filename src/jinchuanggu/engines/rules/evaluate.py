"""Evaluation: a rule set, facts and a day in; a tree of findings out. Pure, exact, and without surprises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from jinchuanggu.engines.rules import kleene
from jinchuanggu.engines.rules.facts import Facts
from jinchuanggu.engines.rules.growth import data_period, growth
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.measures import ratio, threshold
from jinchuanggu.engines.rules.model import (
    Confidence,
    Count,
    Criterion,
    Expert,
    Growth,
    Includes,
    Input,
    IsTrue,
    Joined,
    OneOf,
    Pending,
    Ratio,
    Ref,
    RuleSet,
    Score,
    Threshold,
)
from jinchuanggu.engines.rules.outcome import Case, Outcome
from jinchuanggu.engines.rules.reasons import ADVICE, OPERATOR_WORDS, REASONS
from jinchuanggu.engines.rules.result import Finding, Gap, Note, Result, Value, Verdict, interval
from jinchuanggu.engines.rules.scoring import points_of, score, shown_points
from jinchuanggu.engines.rules.sets import count, expert, includes, is_true, one_of
from jinchuanggu.engines.rules.texts import Text, same
from jinchuanggu.engines.rules.units import quantity
from jinchuanggu.engines.rules.values import measure
from jinchuanggu.engines.rules.worth import amount, facts_read, worths

NAMED = 6
"""So many missing facts a sentence names; the finding lists them all."""
KINDS: dict[type, str] = {
    Threshold: "threshold",
    Ratio: "ratio",
    Growth: "growth",
    Count: "count",
    Includes: "includes",
    OneOf: "one_of",
    IsTrue: "boolean",
    Expert: "expert",
    Score: "score",
    Pending: "pending",
}


def evaluate(rule_set: RuleSet, facts: Facts, on: date) -> Result:
    """Judge facts by one rule set as they were known on a day.

    The verdict joins the computed criteria; those in the hands of experts are reported beside it. Which
    version is in force is the caller's question (see ``Library.in_force``); it is not asked again here.
    """
    period = period_of(rule_set, facts, on)
    case = Case(rule_set, facts, on, period)
    for name in rule_set.reads:
        if rule_set.inputs[name].computed:
            measure(case, name)  # in the order of the file, so that no chain of values is followed down
    walk = _Walk(case, {criterion.id: criterion for criterion in rule_set.walk()}, {})
    tree = tuple(walk.find(criterion, criterion.expert) for criterion in rule_set.criteria)
    verdict = kleene.all_of(finding.status for finding in tree if not finding.expert)
    return Result(
        verdict=Verdict(verdict.value),
        kind=None,
        name=None,
        on=on,
        rule_set=rule_set,
        data_period=period,
        tree=tree,
        notes=_future(case),
        scores=tuple(shown_points(points_of(case, scheme)) for scheme in rule_set.scores),
        values=worths(case),
        amount=amount(case, verdict),
        inputs=facts_read(case),
    )


def period_of(rule_set: RuleSet, facts: Facts, on: date) -> int | None:
    """The year the yearly facts belong to, where the rule set looks for it; None: the year before the day."""
    if rule_set.data_period is None:
        return None
    return data_period(Case(rule_set, facts, on, None), rule_set.data_period.inputs)


def _future(case: Case) -> tuple[Note, ...]:
    """One note per input whose reports are partly from after the day."""
    notes = []
    for name, figures in case.facts.reports.items():
        late = [figure for figure in figures if figure.date is not None and figure.date.after(case.on)]
        if late:
            title = case.rule_set.inputs[name].title if name in case.rule_set.inputs else same(name)
            dates = ", ".join(sorted({str(figure.date) for figure in late}))
            words = Text(
                f"{title.zh}：{len(late)} 份报告的日期（{dates}）晚于核验日 {case.on}，未采用",
                f"{title.en}: {len(late)} report(s) dated {dates}, after the day {case.on}; not used",
            )
            notes.append(Note("future_figure", words, name))
    return tuple(notes)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One pass over the criteria; what is referred to from several places is judged once."""

    case: Case
    by_id: dict[str, Criterion]
    found: dict[tuple[str, bool], Finding]

    def find(self, criterion: Criterion, in_expert: bool) -> Finding:
        key = (criterion.id, in_expert)
        if key not in self.found:
            self.found[key] = self._judge(criterion, in_expert)
        return self.found[key]

    def _judge(self, criterion: Criterion, in_expert: bool) -> Finding:
        test = criterion.test
        if isinstance(test, Joined):
            children = tuple(
                self.find(self.by_id[child.id] if isinstance(child, Ref) else child, in_expert)
                for child in test.children
            )
            kind = "all" if test.least is None else "any" if test.least == 1 else "at_least"
            return _finding(self.case, criterion, kind, _joined(test, children), in_expert)
        outcome = outcome_of(self.case, test)
        if criterion.confidence is Confidence.UNKNOWN:
            # the rule exists but its figure was not found: whatever was computed decides nothing
            outcome = replace(
                outcome,
                status=Status.NOT_EVIDENCED,
                reason="rule_unknown",
                distance=None,
                margin=None,
                missing=(),
                high=None,
            )
        return _finding(self.case, criterion, KINDS[type(test)], outcome, in_expert)


def outcome_of(
    case: Case,
    test: Threshold | Ratio | Growth | Count | Includes | OneOf | IsTrue | Expert | Score | Pending,
) -> Outcome:
    """What a single test comes to."""
    match test:
        case Threshold():
            return threshold(case, test)
        case Ratio():
            return ratio(case, test)
        case Growth():
            return growth(case, test)
        case Count():
            return count(case, test)
        case Includes():
            return includes(case, test)
        case OneOf():
            return one_of(case, test)
        case IsTrue():
            return is_true(case, test)
        case Expert():
            return expert(case, test)
        case Score():
            return score(case, test)
        case Pending():
            return Outcome(Status.NOT_EVIDENCED, "rule_unknown")


def _joined(test: Joined, children: tuple[Finding, ...]) -> Outcome:
    statuses = [child.status for child in children]
    if test.least is None:
        status = kleene.all_of(statuses)
        reason = {Status.MET: "all_met", Status.NOT_MET: "some_not_met"}.get(status, "some_not_evidenced")
        wanted = len(children)
    else:
        status = kleene.at_least(test.least, statuses)
        reason = {Status.MET: "enough_met", Status.NOT_MET: "too_few_met"}.get(status, "some_not_evidenced")
        wanted = test.least
    met = statuses.count(Status.MET)
    return Outcome(
        status,
        reason,
        value=Decimal(met),
        threshold=Decimal(wanted),
        operator=">=",
        unit="count",
        distance=Decimal(wanted - met) if status is Status.NOT_MET else None,
        margin=None if status is Status.NOT_EVIDENCED else Decimal(met - wanted),
        missing=tuple(dict.fromkeys(name for child in children for name in child.missing))
        if status is Status.NOT_EVIDENCED
        else (),
        children=children,
    )


def _finding(case: Case, criterion: Criterion, kind: str, outcome: Outcome, in_expert: bool) -> Finding:
    gaps: tuple[Gap, ...] = ()
    if outcome.children and outcome.status is Status.NOT_MET:
        gaps = tuple(gap for child in outcome.children for gap in child.gaps)
    elif outcome.status is Status.NOT_MET and outcome.distance is not None:
        gaps = (Gap(criterion.id, outcome.input or criterion.id, outcome.distance, outcome.unit),)
    explanation, advice = _words(case, criterion, outcome)
    return Finding(
        id=criterion.id,
        title=criterion.title,
        clause=criterion.clause,
        article=criterion.article,
        kind=kind,
        status=outcome.status,
        value=outcome.value,
        threshold=outcome.threshold,
        operator=outcome.operator,
        wording=outcome.wording or None,
        unit=outcome.unit,
        distance=outcome.distance,
        margin=outcome.margin,
        evidence=outcome.evidence,
        reason=outcome.reason,
        explanation=explanation,
        advice=advice,
        missing=outcome.missing,
        gaps=gaps,
        flags=tuple(sorted(outcome.flags)),
        confidence=criterion.confidence,
        expert=in_expert,
        children=outcome.children,
        high=outcome.high,
    )


def _words(case: Case, criterion: Criterion, outcome: Outcome) -> tuple[Text, Text | None]:
    """Why it stands so, and what to do about it: the file's own advice first, the general one else."""
    values = {
        "value": outcome.label or _shown(outcome.value, outcome.unit),
        "interval": _interval(outcome),
        "threshold": _shown(outcome.threshold, outcome.unit),
        "distance": _shown(outcome.distance, outcome.unit),
        "operator": _operator(outcome),
        "missing": _titles(case.rule_set.inputs, outcome.missing),
    }
    advice = None
    if outcome.status is not Status.MET:
        advice = criterion.advice.get(outcome.status) or ADVICE.get(outcome.reason)
    return REASONS[outcome.reason].fill(values), advice.fill(values) if advice else None


def _titles(inputs: Mapping[str, Input], names: tuple[str, ...]) -> Text:
    """Missing facts by their titles: 研发费用（2024 年）; of many only the first, with how many more."""
    titles = []
    for name in names[:NAMED]:
        fact, _, year = name.partition("@")
        title = inputs[fact].title if fact in inputs else same(fact)
        titles.append(Text(f"{title.zh}（{year} 年）", f"{title.en} ({year})") if year else title)
    more = len(names) - len(titles)
    return Text(
        "、".join(title.zh for title in titles) + (f" 等 {len(names)} 项" if more > 0 else ""),
        ", ".join(title.en for title in titles) + (f" and {more} more" if more > 0 else ""),
    )


def _interval(outcome: Outcome) -> Text:
    if isinstance(outcome.value, Decimal) and outcome.high is not None and outcome.unit is not None:
        return interval(outcome.value, outcome.high, outcome.unit)
    return _shown(outcome.value, outcome.unit)


def _operator(outcome: Outcome) -> Text:
    """The comparison in words: in Chinese those of the document where they stand before the number."""
    words = OPERATOR_WORDS.get(outcome.operator or "", same(""))
    if outcome.wording and outcome.wording.startswith(("不", "至少")):
        return Text(outcome.wording, words.en)
    return words


def _shown(value: Value, unit: str | None) -> Text:
    return quantity(value, unit) if isinstance(value, Decimal) else same("—" if value is None else str(value))
