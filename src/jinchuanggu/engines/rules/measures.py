"""Numbers against a limit: thresholds and ratios."""

from __future__ import annotations

from dataclasses import replace

from jinchuanggu.engines.rules.exact import Number
from jinchuanggu.engines.rules.measured import Measured, evidence_of
from jinchuanggu.engines.rules.model import Ratio, Threshold
from jinchuanggu.engines.rules.outcome import Case, Outcome, compared, holds, unknown
from jinchuanggu.engines.rules.values import measure, quotient


def threshold(case: Case, test: Threshold) -> Outcome:
    """A number against a figure of the document, or against a value that another one decides."""
    found = measure(case, test.input)
    if isinstance(test.limit, str):
        limit = measure(case, test.limit)
        if limit.value is None or found.value is None:
            return _open(test, found, limit, found if found.value is None else limit)
    else:
        limit = Measured(test.limit)
        if found.value is None:
            return _open(test, found, limit, found)
    assert limit.value is not None
    met = holds(found.value, test.operator, limit.value)
    flags = found.flags | limit.flags
    if any(holds(other, test.operator, limit.value) is not met for other in found.others):
        flags |= {"choice_decides"}
    outcome = compared(
        found.value,
        test.operator,
        limit.value,
        test.unit,
        wording=test.wording,
        reasons=("meets", "never_held") if "never" in flags else None,
        evidence=evidence_of((found, limit)),
        flags=flags,
        input=test.input,
    )
    # what never was is not so many days away
    return replace(outcome, value=None, distance=None, margin=None) if "never" in flags else outcome


def _open(test: Threshold, found: Measured, limit: Measured, why: Measured) -> Outcome:
    value: Number | None = found.value
    return unknown(
        why.reason,
        test.operator,
        limit.value,
        test.unit,
        wording=test.wording,
        value=value,
        evidence=evidence_of((found, limit)),
        missing=tuple(dict.fromkeys((*found.missing, *limit.missing))),
        flags=found.flags | limit.flags,
        input=test.input,
    )


def ratio(case: Case, test: Ratio) -> Outcome:
    found = quotient(case, test.numerator, test.denominator)
    if found.value is None:
        return unknown(
            found.reason,
            test.operator,
            test.limit,
            "percent",
            wording=test.wording,
            evidence=found.evidence,
            missing=found.missing,
            flags=found.flags,
            input=test.numerator,
        )
    return compared(
        found.value,
        test.operator,
        test.limit,
        "percent",
        wording=test.wording,
        evidence=found.evidence,
        flags=found.flags,
        input=test.numerator,
    )
