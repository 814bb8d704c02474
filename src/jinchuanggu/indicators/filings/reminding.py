"""催报: tell those whose filings are missing, at most once a day each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone, translation

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act
from jinchuanggu.foundation.notices.actions import notify
from jinchuanggu.foundation.notices.models import Notice
from jinchuanggu.foundation.organisations.models import Membership
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.indicators.filings.access import filings_for
from jinchuanggu.indicators.filings.words import period_words
from jinchuanggu.indicators.forms.model import Form
from jinchuanggu.indicators.models import Filing, UnitLevel
from jinchuanggu.indicators.places import directory
from jinchuanggu.residents.models import Resident

REMINDERS = (Role.OPERATOR, Role.CITY_OFFICE, Role.PROVINCIAL_OFFICE)


@dataclass(frozen=True, slots=True)
class Reminded:
    """Units reminded now, units reminded before on this day, units of whom nobody has an account."""

    now: int
    before: int
    unreachable: int


def remind(actor: Actor, *, form: Form, period: Period, valley_id: int | None = None) -> Reminded:
    """Put a notice before the people of every unit whose filing is missing; one transaction, one audit event."""
    rows = filings_for(actor).filter(form=form.id, period=period.number, submitted_at__isnull=True)
    if valley_id is not None:
        rows = rows.filter(valley_id=valley_id)
    missing = list(rows.select_related("unit").order_by("pk"))
    people = _people(missing)
    today = timezone.localdate().isoformat()
    keys = {row.pk: f"filing.remind:{row.pk}:{today}" for row in missing}
    told = set(Notice.objects.filter(key__in=keys.values()).values_list("key", flat=True).distinct())
    before = sum(keys[row.pk] in told for row in missing)
    unreachable = sum(not people.get(row.pk) for row in missing)
    fresh = [row for row in missing if keys[row.pk] not in told and people.get(row.pk)]
    detail = {"form": form.id, "period": str(period), "filings": [row.pk for row in fresh]}
    with act(actor, "filing.remind", fresh[0] if fresh else None, detail=detail):
        for row in fresh:
            text = {language[:2]: _text(language, form, period, row) for language in ("zh-hans", "en")}
            notify(people[row.pk], text=text, url=reverse("filing", args=[row.pk]), key=keys[row.pk])
    return Reminded(len(fresh), before, unreachable)


def _text(language: str, form: Form, period: Period, row: Filing) -> str:
    from django.utils.translation import gettext as _

    with translation.override(language):
        given = {"form": form.name, "period": period_words(period), "day": row.due_on.isoformat()}
        if row.due_on < timezone.localdate():
            return _("催报：%(period)s%(form)s已于 %(day)s 截止，请尽快报送") % given
        return _("催报：%(period)s%(form)s %(day)s 截止，请按时报送") % given


def _people(rows: Iterable[Filing]) -> dict[int, list[int]]:
    """Who fills in each filing: person ids by filing."""
    listed = list(rows)
    firms = {row.unit.ref_id for row in listed if row.unit.level == UnitLevel.FIRM}
    bodies = dict(Resident.objects.filter(pk__in=firms).values_list("pk", "organisation_id"))
    places = directory().places({row.valley_id for row in listed if row.valley_id})
    hats = Membership.objects.in_force(timezone.localdate())
    by_body: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    wanted = {*bodies.values(), *(place.operator_id for place in places.values())} - {None}
    for role, body, person in hats.filter(organisation_id__in=wanted).values_list(
        "role", "organisation_id", "person_id"
    ):
        by_body[role, body].append(person)
    by_region: defaultdict[int, list[int]] = defaultdict(list)
    regions = {row.unit.ref_id for row in listed if row.unit.level == UnitLevel.CITY}
    offices = hats.filter(role=Role.CITY_OFFICE, organisation__region_id__in=regions)
    for region, person in offices.values_list("organisation__region_id", "person_id"):
        by_region[region].append(person)
    found: dict[int, list[int]] = {}
    for row in listed:
        if row.unit.level == UnitLevel.FIRM:
            found[row.pk] = by_body[Role.ENTERPRISE, bodies.get(row.unit.ref_id) or 0]
        elif row.unit.level == UnitLevel.VALLEY:
            place = places.get(row.unit.ref_id)
            found[row.pk] = by_body[Role.OPERATOR, place.operator_id or 0] if place else []
        else:
            found[row.pk] = by_region[row.unit.ref_id]
    return found
