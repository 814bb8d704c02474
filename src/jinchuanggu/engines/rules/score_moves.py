"""The cheapest ways to more points: per part what each band would cost, over the parts the best bargains."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from jinchuanggu.engines.rules.facts import Facts
from jinchuanggu.engines.rules.model import Score, ScorePart
from jinchuanggu.engines.rules.moves import Asked, Move, below, moves, numbers
from jinchuanggu.engines.rules.outcome import Case, holds
from jinchuanggu.engines.rules.scoring import points_of

MOST_KEPT = 40
"""Bargains kept per group of parts: far more than any official score has different sums worth having."""


@dataclass(frozen=True, slots=True)
class Bargain:
    """Points that are sure, and what they cost."""

    points: Fraction
    cost: Fraction
    moves: tuple[Move, ...] = ()


def bargains(case: Case, test: Score) -> list[Bargain]:
    """Ways to pass, the cheapest first. Parts are priced one by one; the whole is judged again by the caller."""
    found = _sums(case, test.parts, test.cap)
    enough = [one for one in found if one.moves and holds(one.points, test.operator, test.limit)]
    return sorted(enough, key=lambda one: one.cost)[:3]


def _sums(case: Case, parts: tuple[ScorePart, ...], cap: Fraction | None) -> list[Bargain]:
    found = [Bargain(Fraction(0), Fraction(0))]
    for part in parts:
        more = _part(case, part)
        found = _worth_keeping(
            [
                Bargain(one.points + other.points, one.cost + other.cost, (*one.moves, *other.moves))
                for one in found
                for other in more
            ]
        )
    if cap is None:
        return found
    return _worth_keeping([Bargain(min(one.points, cap), one.cost, one.moves) for one in found])


def _part(case: Case, part: ScorePart) -> list[Bargain]:
    """What the part gives now, and what more it would give for what."""
    now = Bargain(points_of(case, part).low, Fraction(0))
    if part.judge is not None and part.judge in case.facts.judgements:
        return [now]
    if part.parts and not part.best:
        return _worth_keeping([now, *_sums(case, part.parts, part.cap)])
    if part.parts:
        found = [now, *(one for child in part.parts for one in _part(case, child))]
        cap = part.cap
        return _worth_keeping(
            found if cap is None else [Bargain(min(one.points, cap), one.cost, one.moves) for one in found]
        )
    names = [name for name in (part.input, *(part.ratio or ()), part.code, part.statement) if name]
    leaves = dict.fromkeys(leaf for name in names for leaf in numbers(case.rule_set, name))
    kept = below(case.rule_set, names)
    if part.ratio is not None:
        kept |= frozenset(numbers(case.rule_set, part.ratio[1]))
    found = [now]
    for aim in sorted({points for points in _levels(part) if points > now.points}):

        def reached(facts: Facts, aim: Fraction = aim) -> bool:
            return points_of(Case(case.rule_set, facts, case.on, case.period), part).low >= aim

        for leaf in leaves:
            asked = Asked(shrink=leaf not in kept)
            found.extend(Bargain(aim, move.cost, (move,)) for move in moves(case, leaf, reached, asked))
    return _worth_keeping(found)


def _levels(part: ScorePart) -> list[Fraction]:
    if part.code is not None:
        return [low for low, _ in part.options.values()]
    if part.statement is not None:
        return [part.most, part.otherwise]
    return [*(band.points for band in part.bands), part.otherwise]


def _worth_keeping(found: list[Bargain]) -> list[Bargain]:
    """Those that no other beats in points and cost."""
    kept: list[Bargain] = []
    for one in sorted(found, key=lambda one: (one.cost, -one.points)):
        if not kept or one.points > kept[-1].points:
            kept.append(one)
    return kept[:MOST_KEPT]
