"""Score bands: points per part, their sum against a pass mark, intervals where something is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from jinchuanggu.engines.rules.kleene import Status, between
from jinchuanggu.engines.rules.measures import measure, quotient
from jinchuanggu.engines.rules.model import Score, ScorePart
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.outcome import Case, Outcome, compared, holds, unknown
from jinchuanggu.engines.rules.result import Evidence
from jinchuanggu.engines.rules.units import decimal_of


@dataclass(frozen=True, slots=True)
class Points:
    """The points of one part lie between ``low`` and ``high``."""

    low: Fraction
    high: Fraction
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...]
    flags: frozenset[str]


def score(case: Case, test: Score) -> Outcome:
    parts = [_points(case, part) for part in test.parts]
    low = sum((part.low for part in parts), Fraction(0))
    high = sum((part.high for part in parts), Fraction(0))
    evidence = tuple(
        piece
        for part, points in zip(test.parts, parts, strict=True)
        for piece in (*points.evidence, Evidence(part.id, decimal_of(points.low), "points"))
    )
    flags = frozenset[str]().union(*(part.flags for part in parts))
    status = between(holds(low, test.operator, test.limit), holds(high, test.operator, test.limit))
    if status is Status.NOT_EVIDENCED:
        return unknown(
            "score_open",
            test.operator,
            test.limit,
            "points",
            wording=test.wording,
            value=low,
            evidence=evidence,
            missing=tuple(dict.fromkeys(name for part in parts for name in part.missing)),
            flags=flags,
        )
    # a failure is measured from the best that was still possible, a pass from the worst
    rising = test.operator in (Operator.AT_LEAST, Operator.MORE)
    value = high if (status is Status.NOT_MET) is rising else low
    return compared(
        value, test.operator, test.limit, "points", wording=test.wording, evidence=evidence, flags=flags
    )


def _points(case: Case, part: ScorePart) -> Points:
    if part.input is None and part.ratio is None:
        judgement = case.facts.judgements.get(part.id)
        if judgement is None or judgement.score is None:
            return Points(Fraction(0), part.most, (), (part.id,), frozenset())
        points = min(Fraction(judgement.score), part.most)
        return Points(points, points, (), (), frozenset())
    if part.input is not None:
        measured = measure(case, part.input)
        value, evidence, missing, flags = measured.value, measured.evidence, measured.missing, measured.flags
    else:
        assert part.ratio is not None
        found = quotient(case, *part.ratio)
        value, evidence, missing, flags = found.value, found.evidence, found.missing, found.flags
    if value is None:
        least = min([band.points for band in part.bands] + [part.otherwise])
        return Points(least, part.most, evidence, missing, flags)
    points = next(
        (band.points for band in part.bands if holds(value, band.operator, band.limit)), part.otherwise
    )
    return Points(points, points, evidence, (), flags)
