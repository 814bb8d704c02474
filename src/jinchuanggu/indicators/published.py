"""From the reports of figures to the store: the one report that counts becomes the valley's value of its month or year.

A report of a stock stands for the month of its date, one of a yearly figure for its year; a yearly figure whose year no
page states is not guessed and stays among the reports only.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.engines.rules.units import UNITS, UnitMismatch, convert, decimal_of
from jinchuanggu.indicators.computed.sources import sources
from jinchuanggu.indicators.definitions.library import Indicator, indicators
from jinchuanggu.indicators.models import Figure, SourceKind, UnitLevel, Value, ValueSource
from jinchuanggu.indicators.queries import Reports
from jinchuanggu.indicators.store.fixed import to_scaled
from jinchuanggu.indicators.store.posting import Posting, post
from jinchuanggu.indicators.store.rollup import roll_up
from jinchuanggu.indicators.store.units import valley_units

SOURCES: dict[str, ValueSource] = {
    SourceKind.PUBLISHED: ValueSource.PUBLISHED,
    SourceKind.FILED: ValueSource.FILED,
    SourceKind.COMPUTED: ValueSource.COMPUTED,
}


def sync_figures(valley_ids: Iterable[int] | None = None) -> int:
    """Post the reports that count, of the named valleys or of all; returns how many values changed. Idempotent.

    A published value that no longer counts is taken back. What the records give is posted by the computation itself.
    Runs in the caller's transaction.
    """
    rows = (
        Figure.objects.all() if valley_ids is None else Figure.objects.filter(valley_id__in=list(valley_ids))
    )
    reports = _by_figure(rows.order_by("-dated", "-pk"))
    if not reports:
        return 0
    with transaction.atomic():
        units = valley_units({valley for valley, _, _ in reports})
        wanted: dict[tuple[str, int, int, int], Posting] = {}
        for (valley, key, _year), listed in reports.items():
            used = listed.used
            period = used and period_of(listed.indicator, used)
            if used is None or period is None or valley not in units:
                continue
            if used.source_kind == SourceKind.COMPUTED and key in sources():
                continue
            value, source = value_of(listed.indicator, used), SOURCES[used.source_kind]
            if value is not None:
                wanted[key, units[valley].pk, period.number, source] = Posting(
                    key, units[valley].pk, period, value, source=source
                )
        stale = (
            Value.objects.filter(
                unit__in=[unit.pk for unit in units.values()], level=UnitLevel.VALLEY, current=True,
                source=ValueSource.PUBLISHED, value__isnull=False,
            )
            .values_list("indicator__key", "unit_id", "period")
        )  # fmt: skip
        for key, unit, number in stale:
            at = (key, unit, number, int(ValueSource.PUBLISHED))
            if at not in wanted:
                period = Period.numbered(number)
                wanted[at] = Posting(key, unit, period, None, source=ValueSource.PUBLISHED)
        posted = post(wanted.values())
        roll_up(posted)
    return posted.written


def _by_figure(figures: Iterable[Figure]) -> dict[tuple[int, str, int | None], Reports]:
    known = indicators()
    found: dict[tuple[int, str, int | None], Reports] = {}
    for figure in figures:
        indicator = known.get(figure.indicator)
        if indicator is not None:
            at = (figure.valley_id, figure.indicator, figure.year if yearly(indicator) else None)
            found.setdefault(at, Reports(indicator, at[2])).figures.append(figure)
    return found


def yearly(indicator: Indicator) -> bool:
    """Whether its reports are kept apart by year."""
    return indicator.yearly or indicator.kind is PeriodKind.YEAR


def period_of(indicator: Indicator, figure: Figure) -> Period | None:
    """The period for which a report stands; None for a yearly figure of an unknown year."""
    if yearly(indicator):
        return Period(PeriodKind.YEAR, figure.year) if figure.year else None
    return Period.of(indicator.kind, figure.dated)


def value_of(indicator: Indicator, figure: Figure) -> Decimal | None:
    """The value in the unit of the indicator; None where the units measure different things or it has no exact end."""
    if figure.unit == indicator.unit or figure.unit not in UNITS:
        return figure.value
    try:
        found = decimal_of(convert(figure.value, figure.unit, indicator.unit))
        to_scaled(found)
    except (UnitMismatch, ValueError):
        return None
    return found
