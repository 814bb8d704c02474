"""Reads of the evidence store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from jinchuanggu.indicators.definitions.library import Indicator, indicators
from jinchuanggu.indicators.models import Figure, SourceKind

# of reports of one day, what is closer to the records speaks before what is told about them
CLOSENESS: dict[str, int] = {SourceKind.COMPUTED: 2, SourceKind.FILED: 1, SourceKind.PUBLISHED: 0}
_GRADES = {"A": 3, "B": 2, "C": 1}


def grade_of(figure: Figure) -> str | None:
    """How good the source is; records and filings count like a government page."""
    return (figure.source_grade or None) if figure.source_kind == SourceKind.PUBLISHED else "A"


@dataclass(slots=True)
class Reports:
    """All reports of one indicator of one valley (and year, for yearly ones), the latest first."""

    indicator: Indicator
    year: int | None
    figures: list[Figure] = field(default_factory=list)

    @property
    def used(self) -> Figure | None:
        """The one that counts, as the rules engine sees it: the chosen one, else the latest, of one day the
        better.
        """
        chosen = next((figure for figure in self.figures if figure.chosen), None)
        if chosen is not None or not self.figures:
            return chosen
        return max(
            self.figures,
            key=lambda f: (f.dated, _GRADES.get(grade_of(f) or "", 0), CLOSENESS[f.source_kind], f.pk),
        )

    @property
    def disagree(self) -> bool:
        return len({figure.value for figure in self.figures}) > 1


def reports_of(valley_id: int) -> list[Reports]:
    """Every judged indicator in the order of the conditions, with its reports or none; then others
    reported. One query.
    """
    found: dict[tuple[str, int | None], Reports] = {}
    known = indicators()
    for figure in Figure.objects.filter(valley_id=valley_id).order_by("-dated", "-pk"):
        indicator = known.get(figure.indicator)
        if indicator is None:
            continue
        key = (figure.indicator, figure.year if indicator.yearly else None)
        found.setdefault(key, Reports(indicator, key[1])).figures.append(figure)
    listed: list[Reports] = []
    for key, indicator in known.items():
        mine = [reports for (name, _), reports in found.items() if name == key]
        empty = [Reports(indicator, None)] if indicator.judged else []
        listed += sorted(mine, key=lambda reports: -(reports.year or 0)) or empty
    return listed


def figures_of(valley_ids: Iterable[int]) -> dict[int, list[Figure]]:
    """All figures of several valleys in one query."""
    found: dict[int, list[Figure]] = {pk: [] for pk in valley_ids}
    for figure in Figure.objects.filter(valley_id__in=found).order_by("-dated", "-pk"):
        found[figure.valley_id].append(figure)
    return found
