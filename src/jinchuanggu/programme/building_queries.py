"""Reads of the building stage: milestones with their lights, targets beside figures."""

from __future__ import annotations

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
