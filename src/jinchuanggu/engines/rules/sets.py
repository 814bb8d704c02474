"""Lists, codes, statements and experts: the tests that read no figure."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from jinchuanggu.engines.rules.facts import Item
from jinchuanggu.engines.rules.kleene import Status, between
from jinchuanggu.engines.rules.measured import Measured
from jinchuanggu.engines.rules.model import Count, Expert, Includes, IsTrue, OneOf
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.outcome import Case, Outcome, compared, holds, unknown
from jinchuanggu.engines.rules.result import Evidence
from jinchuanggu.engines.rules.units import decimal_of


def count(case: Case, test: Count) -> Outcome:
    """Items that qualify. An item lacking an attribute may or may not: the count is then an interval."""
    items = case.facts.lists.get(test.input)
    if items is None:
        return unknown(
            "not_given", test.operator, test.limit, "count",
            wording=test.wording, missing=(test.input,), input=test.input,
        )  # fmt: skip
    found = [qualifies(item, test.where) for item in items]
    evidence = _listed(test.input, items, found)
    sure, open_ = found.count(Status.MET), found.count(Status.NOT_EVIDENCED)
    low, high = Fraction(sure), Fraction(sure + open_)
    ends = [holds(Fraction(number), test.operator, test.limit) for number in range(sure, sure + open_ + 1)]
    status = between(all(ends), any(ends))
    if not items:
        return _empty(test)
    if status is Status.NOT_EVIDENCED:
        wanted = tuple(f"{test.input}.{name}" for name in test.where)
        # what surely qualifies is shown; nothing sure is no number, for a 0 would read like "none"
        return unknown(
            "attribute_unknown", test.operator, test.limit, "count",
            wording=test.wording, value=low or None, evidence=evidence, missing=wanted, input=test.input,
        )  # fmt: skip
    return compared(
        # where the open items cannot change the outcome, the end nearest to changing it is shown
        high if status is Status.NOT_MET and low < test.limit else low,
        test.operator, test.limit, "count", wording=test.wording, evidence=evidence, input=test.input,
    )  # fmt: skip


def _empty(test: Count) -> Outcome:
    """An empty list is not met, also where only "at most so many" is asked: none at all is no answer."""
    needed = Fraction(1)
    if test.operator in (Operator.AT_LEAST, Operator.EQUAL, Operator.MORE):
        needed = max(needed, test.limit + (test.operator is Operator.MORE))
    return Outcome(
        Status.NOT_MET,
        "empty",
        value=decimal_of(Fraction(0)),
        threshold=decimal_of(test.limit),
        operator=test.operator.value,
        wording=test.wording,
        unit="count",
        distance=decimal_of(needed),
        margin=decimal_of(-needed),
        input=test.input,
    )


def counted(case: Case, name: str, where: Mapping[str, tuple[str, ...]]) -> Measured:
    """How many items have the attributes asked for, as a value; open while an item may or may not."""
    items = case.facts.lists.get(name)
    if items is None:
        return Measured(None, missing=(name,), reason="not_given")
    found = [qualifies(item, where) for item in items]
    evidence = _listed(name, items, found)
    if Status.NOT_EVIDENCED in found:
        missing = tuple(f"{name}.{attribute}" for attribute in where)
        return Measured(None, evidence, missing=missing, reason="attribute_unknown")
    return Measured(Fraction(found.count(Status.MET)), evidence)


def _listed(name: str, items: tuple[Item, ...], found: list[Status]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(name, item.name, chosen=status is Status.MET, note=_attributes(item))
        for item, status in zip(items, found, strict=True)
    )


def qualifies(item: Item, where: Mapping[str, tuple[str, ...]]) -> Status:
    known = [(item.attributes.get(name), accepted) for name, accepted in where.items()]
    if any(value is not None and value not in accepted for value, accepted in known):
        return Status.NOT_MET
    return Status.NOT_EVIDENCED if any(value is None for value, _ in known) else Status.MET


def _attributes(item: Item) -> str | None:
    return "，".join(f"{name}: {value}" for name, value in item.attributes.items()) or None


def includes(case: Case, test: Includes) -> Outcome:
    """One entry of a list. A list that was not given says nothing; one without the entry says no."""
    items = case.facts.lists.get(test.input)
    if items is None:
        return _statement(test.input, None, "not_given", missing=test.input)
    found = next((item for item in items if item.name == test.item), None)
    reason = "present" if found else ("absent" if items else "empty")
    return _statement(test.input, found is not None, reason, about=test.item if found else None)


def one_of(case: Case, test: OneOf) -> Outcome:
    code = case.facts.codes.get(test.input)
    if code is None:
        return Outcome(
            Status.NOT_EVIDENCED, "not_given", operator="in", missing=(test.input,), input=test.input
        )
    met = code in test.options
    return Outcome(
        Status.MET if met else Status.NOT_MET,
        "accepted_code" if met else "other_code",
        value=code,
        operator="in",
        evidence=(Evidence(test.input, code),),
        input=test.input,
        label=case.rule_set.inputs[test.input].options.get(code),
    )


def is_true(case: Case, test: IsTrue) -> Outcome:
    statement = case.facts.statements.get(test.input)
    if statement is None or statement.holds is None:
        about = statement.about if statement else None
        return _statement(test.input, None, "not_given", about=about, missing=test.input)
    reason = "holds" if statement.holds else "does_not_hold"
    return _statement(test.input, statement.holds, reason, about=statement.about)


def _statement(
    name: str, holds: bool | None, reason: str, *, about: str | None = None, missing: str | None = None
) -> Outcome:
    status = Status.NOT_EVIDENCED if holds is None else (Status.MET if holds else Status.NOT_MET)
    return Outcome(
        status,
        reason,
        value=holds,
        threshold=True,
        operator="==",
        evidence=() if about is None else (Evidence(name, about, chosen=holds is not None),),
        missing=() if missing is None else (missing,),
        input=name,
    )


def expert(case: Case, test: Expert) -> Outcome:
    """The conclusion of experts. A score alone decides nothing: the documents set no pass mark."""
    judgement = case.facts.judgements.get(test.input)
    if judgement is None or (judgement.score is None and judgement.passed is None):
        return unknown("awaiting_experts", unit="points", missing=(test.input,), input=test.input)
    evidence = (Evidence(test.input, judgement.score, "points", note=judgement.note),)
    if judgement.passed is None:
        score = None if judgement.score is None else Fraction(judgement.score)
        return unknown(
            "no_pass_mark",
            unit="points",
            value=score,
            evidence=evidence,
            missing=(test.input,),
            input=test.input,
        )
    return Outcome(
        Status.MET if judgement.passed else Status.NOT_MET,
        "experts_passed" if judgement.passed else "experts_failed",
        value=judgement.score,
        unit="points",
        evidence=evidence,
        input=test.input,
    )
