"""Opening the forms of a period: one filing for each unit that is asked, prefilled with what is known already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.engines.cells import plain
from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import SYSTEM, Actor
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.organisations.models import Organisation, OrganisationKind
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import batch
from jinchuanggu.foundation.workflow.definition import load
from jinchuanggu.foundation.workflow.writing import set_many
from jinchuanggu.indicators.checks.judging import FilingContext, exact
from jinchuanggu.indicators.filings import context as filing_context
from jinchuanggu.indicators.filings.access import PROCESS
from jinchuanggu.indicators.forms.library import form_for, form_of
from jinchuanggu.indicators.forms.model import Form
from jinchuanggu.indicators.models import Filing, Unit
from jinchuanggu.indicators.places import Place, directory
from jinchuanggu.indicators.store import units
from jinchuanggu.residents.models import Resident

OPENERS = (SYSTEM, Role.PROVINCIAL_OFFICE, Role.CITY_OFFICE, Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class Asked:
    """One unit of which a form is asked."""

    unit: Unit
    valley_id: int | None
    region_id: int
    origin: str


def open_filings(
    actor: Actor, form: str | Form, period: Period, *, valley_ids: Iterable[int] | None = None
) -> int:
    """Open a form for every unit in the actor's scope that is asked for it and has none yet; returns how many.

    Safe to repeat: what is open stays as it is. The due day is fixed here and kept. A resident is asked when it was in
    residence on the last day of the period; a valley when it is being built or has its plaque and an operator; a city
    when one of its valleys is asked. Raises Http404 outside the scope, ValidationError for a period not begun.
    """
    known = form_for(form if isinstance(form, str) else form.id, period)
    if actor.role not in OPENERS:
        raise Http404
    if period.kind is not known.period:
        raise ValidationError(_("报告期与报表的期别不一致"))
    if period.first_day > timezone.localdate():
        raise ValidationError(_("报告期尚未开始"))
    places = _places(actor, valley_ids)
    try:
        with transaction.atomic():
            return _open(actor, known, period, _asked(known, period, places))
    except IntegrityError:
        # two clocks at the same moment: the other one opened them
        return 0


def _places(actor: Actor, valley_ids: Iterable[int] | None) -> list[Place]:
    wanted = None if valley_ids is None else set(valley_ids)
    if actor.role != SYSTEM:
        mine = set(directory().mine(actor).values_list("pk", flat=True))
        if wanted is not None and wanted - mine:
            raise Http404
        wanted = mine if wanted is None else wanted
    return [place for place in directory().places(wanted).values() if place.running]


def _asked(form: Form, period: Period, places: Sequence[Place]) -> list[Asked]:
    """The units that have no filing of this form and period yet."""
    known = Filing.objects.filter(form=form.id, period=period.number)
    if form.level == "firm":
        by_id = {place.id: place for place in places}
        last = period.last_day
        residents = Resident.objects.filter(valley_id__in=list(by_id), entered_on__lte=last).filter(
            Q(left_on__isnull=True) | Q(left_on__gt=last)
        )
        having = set(known.filter(valley_id__in=list(by_id)).values_list("unit__ref_id", flat=True))
        valley_of = {
            pk: valley for pk, valley in residents.values_list("pk", "valley_id") if pk not in having
        }
        return [
            Asked(unit, valley_of[pk], by_id[valley_of[pk]].region_id, unit.origin)
            for pk, unit in sorted(units.firm_units(valley_of).items())
        ]
    having = set(known.values_list("unit__ref_id", flat=True))
    kept = [place for place in places if place.operator_id]
    if form.level == "valley":
        new = {place.id: place for place in kept if place.id not in having}
        return [
            Asked(unit, pk, new[pk].region_id, unit.origin)
            for pk, unit in sorted(units.valley_units(new).items())
        ]
    regions = {place.region_id for place in kept} - having
    offices = Organisation.objects.filter(kind=OrganisationKind.CITY_OFFICE, region_id__in=regions)
    cities = units.city_units(set(offices.values_list("region_id", flat=True)))
    return [Asked(unit, None, pk, unit.origin) for pk, unit in sorted(cities.items())]


def _open(actor: Actor, form: Form, period: Period, asked: Sequence[Asked]) -> int:
    if not asked:
        return 0
    state = load(PROCESS).states[load(PROCESS).initial]
    due = form.due_on(period, timezone.localdate())
    filings = [
        Filing(
            form=form.id, form_version=form.version, unit=one.unit, valley_id=one.valley_id, region_id=one.region_id,
            period=period.number, due_on=due, state=state.key, stage=state.stage, origin=one.origin,
        )
        for one in asked
    ]  # fmt: skip
    for filing, context in zip(filings, filing_context.contexts_of(form, filings), strict=True):
        filing.prefilled, filing.cells = prefill(form, context)
    made = Filing.objects.bulk_create(filings)
    batch.start_many(actor, PROCESS, made, variant=form.level)
    record(
        actor, "filing.open",
        detail={
            "form": form.id, "version": form.version, "period": str(period), "due_on": due, "count": len(made),
            "ids": [filing.pk for filing in made],
        },
    )  # fmt: skip
    return len(made)


def prefill(form: Form, context: FilingContext) -> tuple[dict[str, Any], dict[str, str]]:
    """What is offered, `{cell: {value, source}}`, and what is put into the cells to be confirmed."""
    offered: dict[str, Any] = {}
    filled: dict[str, str] = {}
    for cell in form.cells.values():
        if not cell.prefill:
            continue
        reference = form.references[cell.prefill]
        if reference.take == "before":
            number = exact(context.history.get(reference.back, {}).get(reference.cell))
        else:
            number = exact(context.references.get(cell.prefill))
        if number is None:
            continue
        offered[cell.key] = {"value": plain(number), "source": reference.title.as_dict()}
        if cell.fill or cell.readonly:
            filled[cell.key] = plain(number)
    return offered, filled


def refresh_shown(filings: Sequence[Filing]) -> int:
    """Bring what is only shown from the records up to date; returns how many filings changed. No revision: nobody types it."""
    groups: dict[tuple[str, int, int], list[Filing]] = {}
    for filing in filings:
        groups.setdefault((filing.form, filing.form_version, filing.period), []).append(filing)
    changed: dict[int, dict[str, Any]] = {}
    for (key, version, _period), group in groups.items():
        form = form_of(key, version)
        shown = [cell.key for cell in form.cells.values() if cell.readonly]
        if not shown:
            continue
        for filing, context in zip(group, filing_context.contexts_of(form, group), strict=True):
            offered, filled = prefill(form, context)
            cells = {name: value for name, value in filing.cells.items() if name not in shown}
            cells |= {name: filled[name] for name in shown if name in filled}
            told = {name: value for name, value in filing.prefilled.items() if name not in shown}
            told |= {name: offered[name] for name in shown if name in offered}
            if (cells, told) != (filing.cells, filing.prefilled):
                filing.cells, filing.prefilled = cells, told
                changed[filing.pk] = {"cells": cells, "prefilled": told}
    set_many(Filing, changed)
    return len(changed)
