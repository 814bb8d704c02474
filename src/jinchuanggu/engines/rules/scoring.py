"""Score bands: points per part, their sum against a pass mark, intervals where something is unknown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from jinchuanggu.engines.rules.exact import Number, shown
from jinchuanggu.engines.rules.kleene import Status, between
from jinchuanggu.engines.rules.measured import Measured
from jinchuanggu.engines.rules.model import Score, ScorePart
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.outcome import Case, Outcome, compared, holds, unknown
from jinchuanggu.engines.rules.result import Evidence, Points
from jinchuanggu.engines.rules.units import decimal_of
from jinchuanggu.engines.rules.values import measure, quotient


@dataclass(frozen=True, slots=True)
class Scored:
    """The points of one part lie between ``low`` and ``high``; ``value`` is what was measured for them."""

    part: ScorePart
    low: Fraction
    high: Fraction
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    reason: str = ""
    value: Number | str | bool | None = None
    unit: str | None = None
    undefined: bool = False
    children: tuple[Scored, ...] = ()
    used: str | None = None


def score(case: Case, test: Score) -> Outcome:
    """The sum of the parts against the pass mark."""
    parts = [points_of(case, part) for part in test.parts]
    low = _capped(sum((part.low for part in parts), Fraction(0)), test.cap)
    high = _capped(sum((part.high for part in parts), Fraction(0)), test.cap)
    evidence = tuple(
        piece
        for part in parts
        for piece in (*part.evidence, Evidence(part.part.id, decimal_of(part.low), "points"))
    )
    flags = frozenset[str]().union(*(part.flags for part in parts))
    status = between(holds(low, test.operator, test.limit), holds(high, test.operator, test.limit))
    if test.operator is Operator.EQUAL and low < test.limit < high:
        status = Status.NOT_EVIDENCED
    if status is Status.NOT_EVIDENCED:
        found = unknown(
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
        return replace(found, high=decimal_of(high))
    # a failure is measured from the best that was still possible, a pass from the worst
    rising = test.operator in (Operator.AT_LEAST, Operator.MORE)
    value = high if (status is Status.NOT_MET) is rising else low
    return compared(
        value, test.operator, test.limit, "points", wording=test.wording, evidence=evidence, flags=flags
    )


def points_of(case: Case, part: ScorePart) -> Scored:
    """The points of a part; what its judge gave counts before whatever the bands leave open."""
    kept: Scored | None = case.points.get(id(part))
    if kept is None:
        kept = case.points[id(part)] = _judged(case, part)
    return kept


def _judged(case: Case, part: ScorePart) -> Scored:
    found = _unjudged(case, part)
    if part.judge is None:
        return found
    judgement = case.facts.judgements.get(part.judge)
    if judgement is None or judgement.score is None:
        if found.low == found.high:
            return found
        return replace(found, missing=tuple(dict.fromkeys((*found.missing, part.judge))))
    given = min(max(Fraction(judgement.score), Fraction(0)), part.most)
    inside = given == judgement.score and found.low <= given <= found.high
    flags = found.flags if inside else found.flags | {"judge_outside"}
    evidence = (*found.evidence, Evidence(part.judge, judgement.score, "points", note=judgement.note))
    return replace(
        found,
        low=given,
        high=given,
        evidence=evidence,
        missing=(),
        flags=flags,
        reason="judged",
        undefined=False,
    )


def _unjudged(case: Case, part: ScorePart) -> Scored:
    if part.parts:
        return _best(case, part) if part.best else _together(case, part)
    if part.input is not None:
        unit = case.rule_set.inputs[part.input].unit
        return _banded(part, measure(case, part.input), unit)
    if part.ratio is not None:
        return _banded(part, quotient(case, *part.ratio), "percent")
    if part.code is not None:
        return _coded(case, part, part.code)
    if part.statement is not None:
        return _stated(case, part, part.statement)
    missing = () if part.judge else (part.id,)
    return Scored(part, Fraction(0), part.most, missing=missing, reason="awaiting_experts")


def least(part: ScorePart) -> Fraction:
    """The fewest points a part can give."""
    if part.parts:
        few = [least(child) for child in part.parts]
        return _capped(max(few) if part.best else sum(few, Fraction(0)), part.cap)
    if part.code is not None:
        few = [low for low, _ in part.options.values()]
    elif part.statement is not None:
        few = [part.most, part.otherwise]
    elif part.bands:
        few = [*(band.points for band in part.bands), part.otherwise]
    else:
        few = [Fraction(0)]
    return min(few if part.undefined is None else [*few, part.undefined])


def _banded(part: ScorePart, found: Measured, unit: str | None) -> Scored:
    base = Scored(
        part,
        Fraction(0),
        part.most,
        found.evidence,
        found.missing,
        found.flags,
        found.reason,
        found.value,
        unit,
    )
    if found.value is None:
        if found.undefined and part.undefined is not None:
            # a growth that only a negative base makes is left to people; the points of the document are the low end
            high = part.most if "needs_review" in found.flags else part.undefined
            return replace(base, low=part.undefined, high=high)
        return replace(base, low=least(part), undefined=found.undefined)
    for band in part.bands:
        if holds(found.value, band.operator, band.limit):
            flags = found.flags
            if band.shared_edge and found.value == band.limit:
                flags |= {"edge_ambiguous"}
            high = band.points if band.most is None else band.most
            return replace(base, low=band.points, high=high, flags=flags, reason="banded")
    return replace(base, low=part.otherwise, high=part.otherwise, reason="banded")


def _coded(case: Case, part: ScorePart, name: str) -> Scored:
    code = case.facts.codes.get(name)
    if code is None:
        return Scored(part, least(part), part.most, missing=(name,), reason="not_given")
    low, high = part.options.get(code, (part.otherwise, part.otherwise))
    return Scored(part, low, high, (Evidence(name, code),), reason="banded", value=code)


def _stated(case: Case, part: ScorePart, name: str) -> Scored:
    statement = case.facts.statements.get(name)
    if statement is None or statement.holds is None:
        return Scored(part, least(part), max(part.most, part.otherwise), missing=(name,), reason="not_given")
    points = part.most if statement.holds else part.otherwise
    evidence = (Evidence(name, statement.holds),)
    return Scored(part, points, points, evidence, reason="banded", value=statement.holds)


def _together(case: Case, part: ScorePart) -> Scored:
    children = tuple(points_of(case, child) for child in part.parts)
    low = _capped(sum((child.low for child in children), Fraction(0)), part.cap)
    high = _capped(sum((child.high for child in children), Fraction(0)), part.cap)
    return _joined(part, low, high, children, None)


def _best(case: Case, part: ScorePart) -> Scored:
    """The greatest; what is undefined is left out while anything else is defined."""
    children = tuple(points_of(case, child) for child in part.parts)
    there = tuple(child for child in children if not child.undefined) or children
    low = _capped(max(child.low for child in there), part.cap)
    high = _capped(max(child.high for child in there), part.cap)
    best = max(there, key=lambda child: (child.low, child.high))
    used = best.part.id if all(child.high <= best.low for child in there if child is not best) else None
    joined = _joined(part, low, high, children, used)
    return (
        joined
        if len(there) < len(children)
        else replace(joined, undefined=all(c.undefined for c in children))
    )


def _joined(
    part: ScorePart, low: Fraction, high: Fraction, children: tuple[Scored, ...], used: str | None
) -> Scored:
    known = low == high
    return Scored(
        part,
        low,
        high,
        tuple(dict.fromkeys(piece for child in children for piece in child.evidence)),
        () if known else tuple(dict.fromkeys(name for child in children for name in child.missing)),
        frozenset[str]().union(*(child.flags for child in children)),
        "added" if used is None else "best",
        children=children,
        used=used,
    )


def _capped(points: Fraction, cap: Fraction | None) -> Fraction:
    return points if cap is None else min(points, cap)


def shown_points(found: Scored) -> Points:
    """As the result shows them."""
    value = found.value
    return Points(
        id=found.part.id,
        title=found.part.title,
        low=decimal_of(found.low),
        high=decimal_of(found.high),
        most=decimal_of(found.part.most),
        value=value if value is None or isinstance(value, str | bool) else decimal_of(shown(value)),
        unit=found.unit,
        reason=found.reason,
        missing=found.missing,
        flags=tuple(sorted(found.flags)),
        used=found.used,
        children=tuple(shown_points(child) for child in found.children),
    )
