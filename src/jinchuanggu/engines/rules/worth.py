"""What a result shows beside its findings: the named values, the amount of the benefit, the facts that were read."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from jinchuanggu.engines.rules.dates import day_text
from jinchuanggu.engines.rules.exact import shown
from jinchuanggu.engines.rules.formulas import operands
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.measured import Measured
from jinchuanggu.engines.rules.model import Input
from jinchuanggu.engines.rules.outcome import Case
from jinchuanggu.engines.rules.result import Amount, Worth, interval, plain
from jinchuanggu.engines.rules.schedule import share_paid
from jinchuanggu.engines.rules.texts import Text
from jinchuanggu.engines.rules.units import decimal_of
from jinchuanggu.engines.rules.values import measure

FEN = Decimal("0.01")
NOT_KNOWN = Text("金额待核", "amount not known yet")
OPEN = Text("数据不足，金额无法计算", "not computed: facts are missing")


def worths(case: Case) -> dict[str, Worth]:
    """Every named value the rule set uses."""
    inputs = case.rule_set.inputs
    names = case.rule_set.reads or tuple(inputs)
    return {name: _worth(inputs[name], measure(case, name)) for name in names if inputs[name].computed}


def _worth(declared: Input, found: Measured) -> Worth:
    assert declared.unit is not None
    known = found.value is not None
    return Worth(
        title=declared.title,
        value=None if found.value is None else decimal_of(shown(found.value)),
        unit=declared.unit,
        reason="" if known else found.reason,
        undefined=found.undefined,
        missing=() if known else found.missing,
        flags=tuple(sorted(found.flags)),
        of=operands(declared.formula) if declared.formula else (),
        exact=found.value if isinstance(found.value, Fraction) else None,
    )


def amount(case: Case, verdict: Status) -> Amount | None:
    """What the benefit comes to on the day, rounded to the fen; never below zero. None without a benefit."""
    benefit = case.rule_set.benefit
    if benefit is None:
        return None
    share = share_paid(benefit, case.on)
    paid = decimal_of(share * 100)
    due = None if verdict is Status.NOT_EVIDENCED else verdict is Status.MET
    if benefit.low is None or benefit.high is None:
        return Amount(None, None, False, NOT_KNOWN, paid, "rule_unknown", due=due)
    ends = [measure(case, name) for name in dict.fromkeys((benefit.low, benefit.high))]
    gone = [end for end in ends if end.value is None]
    if gone:
        missing = tuple(dict.fromkeys(name for end in gone for name in end.missing))
        return Amount(None, None, False, OPEN, paid, gone[0].reason, missing, due)
    low, high = (_yuan(end.rational * share) for end in (ends[0], ends[-1]))
    return Amount(low, high, True, interval(low, high, "cny"), paid, due=due)


def _yuan(value: Fraction) -> Decimal:
    exact = decimal_of(max(value, Fraction(0)), 12)
    rounded = exact.quantize(FEN, ROUND_HALF_UP)
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded


def facts_read(case: Case) -> dict[str, object]:
    """The given facts among those the rule set reads, as plain data for the record of the decision."""
    found = {}
    for name in case.rule_set.reads or tuple(case.rule_set.inputs):
        value = _given(case, name)
        if value is not None:
            found[name] = value
    return found


def _given(case: Case, name: str) -> object:
    facts = case.facts
    if name in facts.reports:
        figures = facts.reports[name]
        if case.rule_set.inputs[name].type == "series":
            return {str(figure.period): plain(figure.value) for figure in figures}
        return [plain(figure.value) for figure in figures] if len(figures) > 1 else plain(figures[0].value)
    if name in facts.codes:
        return facts.codes[name]
    if name in facts.dates:
        return day_text(facts.dates[name])
    if name in facts.statements:
        return facts.statements[name].holds
    if name in facts.lists:
        return [{"name": item.name, **item.attributes} for item in facts.lists[name]]
    if name in facts.judgements:
        judgement = facts.judgements[name]
        return {"score": plain(judgement.score), "passed": judgement.passed}
    return None
