"""The number line cut at limits: bands of any operators as the fewest comparisons that tell them apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.outcome import holds

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cut:
    """Where one piece ends and the next begins; ``closed``: the limit itself belongs to the upper piece."""

    limit: Fraction
    closed: bool


@dataclass(frozen=True, slots=True)
class Pieces(Generic[T]):
    """``outcomes[i]`` holds above ``cuts[i - 1]`` and below ``cuts[i]``; one outcome more than cuts, neighbours differ."""

    cuts: tuple[Cut, ...]
    outcomes: tuple[T, ...]


def pieces(limits: Sequence[Fraction], outcome: Callable[[Fraction], T]) -> Pieces[T]:
    """The pieces of a function that changes only at the limits given."""
    edges = sorted(set(limits))
    if not edges:
        return Pieces((), (outcome(Fraction(0)),))
    cuts: list[Cut] = []
    outcomes = [outcome(edges[0] - 1)]
    for position, edge in enumerate(edges):
        above = edges[position + 1] if position + 1 < len(edges) else edge + 2
        for point, closed in ((edge, True), ((edge + above) / 2, False)):
            found = outcome(point)
            if found != outcomes[-1]:
                cuts.append(Cut(edge, closed))
                outcomes.append(found)
    return Pieces(tuple(cuts), tuple(outcomes))


def by_bands(bands: Sequence[tuple[Operator, Fraction, T]], otherwise: T) -> Pieces[T]:
    """The first band that holds gives the outcome, else ``otherwise``."""

    def outcome(point: Fraction) -> T:
        return next((found for operator, limit, found in bands if holds(point, operator, limit)), otherwise)

    return pieces([limit for _, limit, _ in bands], outcome)
