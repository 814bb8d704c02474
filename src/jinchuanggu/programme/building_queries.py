"""Reads of the building stage: milestones with their lights, targets beside figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jinchuanggu.indicators.models import Figure
from jinchuanggu.programme.building_state import Standing, TargetRow, standing
from jinchuanggu.programme.models import Milestone, Valley, YearTarget
from jinchuanggu.programme.schemes.loading import read


def lag_percent() -> int:
    return int(read("milestones.v1")["lag_percent"])


def standings(valley: Valley, today: date) -> list[Standing]:
    """Every milestone of a valley with its light on a day, by due date. One query."""
    lag = lag_percent()
    return [standing(item, today, lag_percent=lag) for item in Milestone.objects.filter(valley=valley)]


def targets_of(valley: Valley) -> list[TargetRow]:
    """The yearly targets of the accepted plan, each beside the latest figure of its year (the chosen one first).

    A figure belongs to its `year`, else to the year of its date. Two queries.
    """
    figures: dict[tuple[str, int], Figure] = {}
    for figure in Figure.objects.filter(valley_id=valley.pk).order_by("chosen", "dated", "pk"):
        figures[figure.indicator, figure.year or figure.dated.year] = figure
    rows = []
    for target in YearTarget.objects.filter(valley=valley):
        found = figures.get((target.indicator, target.year))
        rows.append(
            TargetRow(
                target.indicator, target.year, target.target,
                found.value if found else None, found.dated if found else None, found.source_title if found else "",
            )
        )  # fmt: skip
    return rows


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """One indicator with a cell for each year of the table; None where the plan wants nothing of that year."""

    title: str
    cells: list[TargetRow | None]


def by_indicator(rows: list[TargetRow]) -> tuple[list[int], list[TargetGroup]]:
    """The targets as a table: years, and per indicator its cells in the order of the years."""
    years = sorted({row.year for row in rows})
    found: dict[str, dict[int, TargetRow]] = {}
    for row in rows:
        found.setdefault(row.indicator, {})[row.year] = row
    return years, [
        TargetGroup(next(iter(cells.values())).title, [cells.get(year) for year in years])
        for cells in found.values()
    ]
