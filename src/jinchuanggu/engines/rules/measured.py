"""The value of a number on the day, or why there is none: not known is one thing, undefined another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from jinchuanggu.engines.rules.exact import Number
from jinchuanggu.engines.rules.result import Evidence

UNDEFINED = frozenset(
    {"zero_denominator", "zero_base", "negative_base", "no_prior_year", "single_year", "no_entry"}
)
"""Reasons for which a number does not exist, whatever else becomes known."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The value of a number input or computed value, or why there is none.

    ``others``: what other reports of the figure say. ``missing``: facts that would make it known.
    """

    value: Number | None
    evidence: tuple[Evidence, ...] = ()
    flags: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    reason: str = "no_report"
    others: tuple[Fraction, ...] = ()

    @property
    def undefined(self) -> bool:
        return self.value is None and self.reason in UNDEFINED

    @property
    def rational(self) -> Fraction:
        """The value, where the loader made sure that it is a plain number."""
        assert isinstance(self.value, Fraction)
        return self.value


def failing(parts: Iterable[Measured]) -> Measured | None:
    """What several operands leave open together: unknown before undefined, since more facts may still settle it.

    None when all are known.
    """
    listed = list(parts)
    gone = [part for part in listed if part.value is None]
    if not gone:
        return None
    first = next((part for part in gone if not part.undefined), gone[0])
    missing = tuple(dict.fromkeys(name for part in gone for name in part.missing))
    return Measured(None, evidence_of(listed), flags_of(listed), missing, first.reason)


def evidence_of(parts: Iterable[Measured]) -> tuple[Evidence, ...]:
    """All evidence, each piece once, in order."""
    found: list[Evidence] = []
    for part in parts:
        found.extend(piece for piece in part.evidence if piece not in found)
    return tuple(found)


def flags_of(parts: Iterable[Measured]) -> frozenset[str]:
    return frozenset[str]().union(*(part.flags for part in parts))
