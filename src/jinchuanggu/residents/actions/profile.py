"""Writing the facts of firms: one profile from its form, or many from a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.events import publish
from jinchuanggu.foundation.exchange.cells import Unfit
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.residents.inputs import split_key, typed_inputs
from jinchuanggu.residents.models import FactSource, FirmStanding, FirmYear
from jinchuanggu.residents.parsing import Stored, parse
from jinchuanggu.residents.plausible import implausible
from jinchuanggu.residents.scopes import writable_firms

Values = dict[str, Stored | None]
CHUNK = 500


class ProfileConflict(Exception):
    """Somebody saved the profile after the writer's page was opened. `standing` is what is stored now."""

    def __init__(self, standing: FirmStanding) -> None:
        super().__init__("profile changed meanwhile")
        self.standing = standing


@dataclass(slots=True)
class Kept:
    """What is stored of one firm before a change."""

    standing: FirmStanding
    years: dict[int, FirmYear]
    changed: set[int] = field(default_factory=set)

    def values(self) -> dict[str, Stored]:
        found: dict[str, Stored] = dict(self.standing.values)
        for year, row in self.years.items():
            found |= {f"{name}@{year}": value for name, value in row.values.items()}
        return found


def own_firm(actor: Actor, organisation_id: int) -> Organisation:
    """A firm whose facts the actor may write. Raises Http404."""
    firm = writable_firms(actor).filter(pk=organisation_id).first()
    if firm is None:
        raise Http404
    return firm


def read_values(given: Mapping[str, Any]) -> tuple[Values, dict[str, str]]:
    """Parse `{key: raw}`; gives the values to keep and `{key: words}` for what cannot be one."""
    known, values, errors = typed_inputs(), {}, {}
    for key, raw in given.items():
        declared = known.get(split_key(key)[0])
        if declared is None:
            continue
        try:
            values[key] = parse(declared, raw)
        except Unfit as unfit:
            errors[key] = str(unfit)
    return values, errors


def save_profile(
    actor: Actor,
    *,
    organisation_id: int,
    revision: int,
    values: Mapping[str, Any],
    lenient: bool = False,
) -> FirmStanding:
    """Store what was typed: `{key: text}`, money in 万元; a key that is not there stays as it is, an empty text
    takes the value away.

    All that cannot be read is refused together, by key; `lenient` (autosave) leaves it as it was instead.
    A value that didn't change keeps its source and day. Nothing changed writes nothing.
    Raises Http404, ProfileConflict, ValidationError.
    """
    firm = own_firm(actor, organisation_id)
    new, errors = read_values(values)
    with transaction.atomic():
        kept = _kept(firm)
        before = kept.values()
        after = {**before, **new}
        for key, words in implausible({k: v for k, v in after.items() if v is not None}):
            if key in new or any(key.startswith(name) for name in new):
                errors.setdefault(key, words)
        if errors and not lenient:
            raise ValidationError({key: [words] for key, words in errors.items()})
        new = {key: value for key, value in new.items() if key not in errors}
        changes = {key: [before.get(key), value] for key, value in new.items() if before.get(key) != value}
        if not changes:
            return kept.standing
        if kept.standing.revision != revision:
            raise ProfileConflict(kept.standing)
        source = [FactSource.FILED.value, timezone.localdate().isoformat(), _who(actor)]
        _apply(kept, {key: pair[1] for key, pair in changes.items()}, source)
        kept.standing.revision += 1
        kept.standing.save()
        for year in kept.changed:
            kept.years[year].save()
        record(actor, "firm.save", kept.standing, changes=changes)
        publish("firm.changed", organisation_id=firm.pk)
    return kept.standing


def _who(actor: Actor) -> str:
    return actor.organisation_name or actor.name


def _kept(firm: Organisation) -> Kept:
    standing = FirmStanding.objects.select_for_update().filter(organisation=firm).first()
    if standing is None:
        standing, _made = FirmStanding.objects.get_or_create(organisation=firm)
    years = {row.year: row for row in FirmYear.objects.select_for_update().filter(organisation=firm)}
    return Kept(standing, years)


def _apply(kept: Kept, values: Mapping[str, Stored | None], source: list[str]) -> None:
    for key, value in values.items():
        name, year = split_key(key)
        row: FirmStanding | FirmYear = kept.standing
        if year is not None:
            row = kept.years.setdefault(year, FirmYear(organisation=kept.standing.organisation, year=year))
            kept.changed.add(year)
        if value is None:
            row.values.pop(name, None)
            row.sources.pop(name, None)
        else:
            row.values[name] = value
            row.sources[name] = source


def import_profiles(
    actor: Actor,
    *,
    rows: Iterable[tuple[int, Mapping[str, Stored | None]]],
    source: Mapping[str, Any] | None = None,
    said_by: str = "",
    on: date | None = None,
) -> dict[str, int]:
    """Store checked values of many firms, `(organisation id, {key: value})`, in one transaction with one event.

    `source` goes to the event (workbook and its digest); `said_by` names the source of the figures. Returns
    the counts of `changed` and `unchanged` firms. Raises Http404 when a firm is outside the actor's scope.
    """
    stamp = [FactSource.FILED.value, (on or timezone.localdate()).isoformat(), said_by or _who(actor)]
    counts = {"changed": 0, "unchanged": 0}
    with transaction.atomic():
        waiting: list[tuple[int, Mapping[str, Stored | None]]] = []
        for row in rows:
            waiting.append(row)
            if len(waiting) == CHUNK:
                _import_chunk(actor, waiting, stamp, counts)
                waiting = []
        if waiting:
            _import_chunk(actor, waiting, stamp, counts)
        record(actor, "firm.import", detail={**(source or {}), **counts})
        publish("firm.changed", organisation_id=None)
    return counts


def _import_chunk(
    actor: Actor,
    rows: list[tuple[int, Mapping[str, Stored | None]]],
    stamp: list[str],
    counts: dict[str, int],
) -> None:
    ids = [pk for pk, _values in rows]
    firms = writable_firms(actor).filter(pk__in=ids).in_bulk()
    if len(firms) != len(set(ids)):
        raise Http404
    standings = {one.organisation_id: one for one in FirmStanding.objects.filter(organisation_id__in=ids)}
    years: dict[int, dict[int, FirmYear]] = {}
    for row in FirmYear.objects.filter(organisation_id__in=ids):
        years.setdefault(row.organisation_id, {})[row.year] = row
    touched: list[Kept] = []
    for pk, values in rows:
        kept = Kept(standings.get(pk) or FirmStanding(organisation=firms[pk]), years.get(pk, {}))
        before = kept.values()
        changed = {key: value for key, value in values.items() if before.get(key) != value}
        counts["changed" if changed else "unchanged"] += 1
        if changed:
            _apply(kept, changed, stamp)
            kept.standing.revision += 1
            touched.append(kept)
    _write(touched)


def _write(touched: list[Kept]) -> None:
    now = timezone.now()
    standings = [kept.standing for kept in touched]
    for standing in standings:
        standing.updated_at = now
    years = [kept.years[year] for kept in touched for year in kept.changed]
    # told apart before anything is written: writing gives the new ones their numbers
    old_standings = [one for one in standings if one.pk is not None]
    old_years = [row for row in years if row.pk is not None]
    FirmStanding.objects.bulk_create([one for one in standings if one.pk is None], batch_size=CHUNK)
    FirmYear.objects.bulk_create([row for row in years if row.pk is None], batch_size=CHUNK)
    FirmStanding.objects.bulk_update(
        old_standings, ["values", "sources", "revision", "updated_at"], batch_size=100
    )
    FirmYear.objects.bulk_update(old_years, ["values", "sources"], batch_size=100)
