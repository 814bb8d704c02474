"""What the checks of filings look at, read for many filings of one form and period in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from jinchuanggu.engines.cells import plain
from jinchuanggu.engines.periods import Period
from jinchuanggu.indicators.checks import past as checks_past
from jinchuanggu.indicators.checks.judging import FilingContext
from jinchuanggu.indicators.forms.library import form_of
from jinchuanggu.indicators.forms.model import Form, Reference
from jinchuanggu.indicators.models import Filing, UnitLevel
from jinchuanggu.residents.models import Resident

SENT = ("checking", "reviewing", "locked")
"""States of filings whose figures others may be compared with."""
Cells = Mapping[str, Any]


def contexts_of(
    form: Form, filings: Sequence[Filing], *, cells: Mapping[int, Cells] | None = None
) -> list[FilingContext]:
    """One context for each filing, in order; `cells` by filing id in place of those kept."""
    if not filings:
        return []
    period = Period.numbered(filings[0].period)
    units = [filing.unit_id for filing in filings]
    past = history(form, period, units)
    referred = references(form, period, filings)
    given = cells or {}
    return [
        FilingContext(
            given.get(filing.pk, filing.cells), referred.get(filing.unit_id, {}), past.get(filing.unit_id, {}),
            filing.explanations,
        )
        for filing in filings
    ]  # fmt: skip


def depth(form: Form) -> int:
    """So many periods back are read for the checks and references of a form."""
    checks = [checks_past.depth(one) if one.kind == "outlier" else one.back for one in form.checks]
    return max([*checks, *(one.back for one in form.references.values())], default=0)


def history(form: Form, period: Period, units: Sequence[int]) -> dict[int, dict[int, Cells]]:
    """{unit: {periods back: cells}} of earlier filings of the form that were sent. One query."""
    steps = depth(form)
    if not steps:
        return {}
    back = {period.shift(-step).number: step for step in range(1, steps + 1)}
    rows = Filing.objects.filter(
        form=form.id, unit_id__in=units, period__in=list(back), state__in=SENT
    ).values_list("unit_id", "period", "cells")  # fmt: skip
    found: dict[int, dict[int, Cells]] = {}
    for unit, number, cells in rows:
        found.setdefault(unit, {})[back[number]] = cells
    return found


def references(form: Form, period: Period, filings: Sequence[Filing]) -> dict[int, dict[str, str]]:
    """{unit: {reference: exact number}} of all but earlier periods of the form itself. A query for each kind."""
    found: dict[int, dict[str, str]] = {filing.unit_id: {} for filing in filings}
    by_form: dict[str, list[Reference]] = {}
    for one in form.references.values():
        if one.take in ("sum", "last"):
            by_form.setdefault(one.form, []).append(one)
    for shorter, wanted in by_form.items():
        _of_parts(shorter, wanted, period, found)
    kinds = {one.take for one in form.references.values()}
    if "record" in kinds:
        _of_records(form, filings, found)
    if "value" in kinds:
        _of_store(form, period, filings, found)
    return found


def _of_parts(
    shorter: str, wanted: list[Reference], period: Period, found: dict[int, dict[str, str]]
) -> None:
    """Sums over the shorter forms of a period, where all of them were sent; the last one, where it was."""
    parts = [part.number for part in period.parts(form_of(shorter).period)]
    rows = Filing.objects.filter(
        form=shorter, unit_id__in=list(found), period__in=parts, state__in=SENT
    ).values_list("unit_id", "period", "cells")  # fmt: skip
    sent: dict[int, dict[int, Cells]] = {}
    for unit, number, cells in rows:
        sent.setdefault(unit, {})[number] = cells
    for unit, by_period in sent.items():
        for one in wanted:
            values = [by_period.get(number, {}).get(one.cell) for number in parts]
            if one.take == "last":
                values = values[-1:]
            if all(value is not None for value in values):
                found[unit][one.id] = plain(sum((Decimal(str(value)) for value in values), Decimal(0)))


def _of_records(form: Form, filings: Sequence[Filing], found: dict[int, dict[str, str]]) -> None:
    firms = {filing.unit.ref_id: filing.unit_id for filing in filings if filing.unit.level == UnitLevel.FIRM}
    staff = Resident.objects.filter(pk__in=list(firms)).values_list("pk", "full_time_staff")
    names = [one.id for one in form.references.values() if one.take == "record"]
    for pk, count in staff:
        if count is not None:
            found[firms[pk]] |= dict.fromkeys(names, str(count))


def _of_store(
    form: Form, period: Period, filings: Sequence[Filing], found: dict[int, dict[str, str]]
) -> None:
    from jinchuanggu.indicators.store.pivot import pivot

    wanted = {one.cell: one.id for one in form.references.values() if one.take == "value"}
    level = filings[0].unit.level
    for cell in pivot(wanted, level=level, units=list(found), periods=(period, period), kind=period.kind):
        if cell.value is not None and cell.group is None:
            found[cell.unit_id][wanted[cell.key]] = plain(cell.value)
