"""Several reports of one figure stand side by side; this chooses the one that counts and forgets none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from jinchuanggu.engines.rules.facts import Figure
from jinchuanggu.engines.rules.result import Evidence
from jinchuanggu.engines.rules.units import convert, decimal_of

_GRADES = {"A": 3, "B": 2, "C": 1}


@dataclass(frozen=True, slots=True)
class Selection:
    """The reports of one figure known on a day, and the chosen one. Values are in the unit of the input."""

    input: str
    unit: str
    chosen: Figure | None
    known: tuple[Figure, ...]

    def value_of(self, figure: Figure) -> Fraction:
        return convert(figure.value, figure.unit or self.unit, self.unit)

    @property
    def value(self) -> Fraction | None:
        return None if self.chosen is None else self.value_of(self.chosen)

    @property
    def values(self) -> tuple[Fraction, ...]:
        return tuple(self.value_of(figure) for figure in self.known)

    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(
            Evidence(
                input=self.input,
                value=decimal_of(self.value_of(figure)),
                unit=self.unit,
                date=str(figure.date) if figure.date else None,
                year=figure.period,
                source=figure.source,
                chosen=figure is self.chosen,
                note=figure.note,
            )
            for figure in self.known
        )

    def flags(self) -> frozenset[str]:
        """What a reader should know of the evidence before trusting it."""
        found = set()
        if len(set(self.values)) > 1:
            found.add("reports_differ")
        if self.chosen is not None and self.chosen.source is None:
            found.add("unsourced")
        if self.chosen is not None and self.chosen.date is not None and not self.chosen.date.exact:
            found.add("partial_date")
        return frozenset(found)


def known_on(figures: Iterable[Figure], on: date) -> tuple[Figure, ...]:
    """Those not certainly reported after the day."""
    return tuple(figure for figure in figures if figure.date is None or not figure.date.after(on))


def choose(input_id: str, unit: str, figures: Iterable[Figure], on: date) -> Selection:
    """The marked report; else the latest on or before the day.

    Among those of one day the later year, then the better source, then the order given decide. A report
    without a date comes last.
    """
    known = known_on(figures, on)
    chosen = max(known, key=_rank, default=None)
    return Selection(input_id, unit, chosen, known)


def _rank(figure: Figure) -> tuple[bool, tuple[int, int, int], int, int]:
    grade = _GRADES.get(figure.source.grade or "", 0) if figure.source else -1
    return (figure.chosen, figure.date.key if figure.date else (0, 0, 0), figure.period or 0, grade)
