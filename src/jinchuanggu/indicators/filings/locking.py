"""What locking does: the version is kept, the figures go into the store and upwards, and into the records that ask the
same thing, so that nobody types it twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from django.utils import timezone

from jinchuanggu.engines.cells import plain
from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation import events
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.foundation.workflow.models import Step
from jinchuanggu.foundation.workflow.registry import Attempt
from jinchuanggu.foundation.workflow.writing import insert_many, set_many
from jinchuanggu.indicators.filings.access import PROCESS
from jinchuanggu.indicators.forms.library import form_of
from jinchuanggu.indicators.forms.model import Cell, Form
from jinchuanggu.indicators.models import Figure, Filing, FilingVersion, SourceKind, ValueSource
from jinchuanggu.indicators.places import directory
from jinchuanggu.indicators.store.posting import Posting, post
from jinchuanggu.indicators.store.rollup import roll_up
from jinchuanggu.residents.actions.profile import import_profiles
from jinchuanggu.residents.models import Resident, YearlyRevenue

FIRM_YEAR = "firm_year:"


def lock_filings(attempts: Sequence[Attempt]) -> None:
    """Keep, post, roll up, write back; inside the transaction of the move."""
    groups: dict[tuple[str, int, int], list[Filing]] = {}
    for attempt in attempts:
        filing = attempt.subject
        groups.setdefault((filing.form, filing.form_version, filing.period), []).append(filing)
    for (key, version, number), filings in groups.items():
        form, period = form_of(key, version), Period.numbered(number)
        _keep(filings, attempts[0].actor.label)
        roll_up(post(postings(form, period, filings)))
        _write_back(form, period, filings)


def postings(form: Form, period: Period, filings: Sequence[Filing]) -> list[Posting]:
    """The cells as values of the store. What a restatement leaves empty is taken back."""
    rows = []
    for filing in filings:
        for cell in form.typed:
            text = filing.cells.get(cell.key)
            if text is None and not filing.version:
                continue
            value = None if text is None else Decimal(text)
            rows.append(Posting(cell.key, filing.unit_id, period, value, None, ValueSource.FILED, filing.pk))
    return rows


def _keep(filings: Sequence[Filing], who: str) -> None:
    now, again = timezone.now(), [filing.pk for filing in filings if filing.version]
    reasons: dict[int, str] = {}
    if again:
        kind = ContentType.objects.get_for_model(Filing)
        steps = Step.objects.filter(
            case__process=PROCESS, case__subject_type=kind, case__subject_id__in=again, event="reopen"
        ).order_by("pk")
        reasons = dict(steps.values_list("case__subject_id", "reason"))
    insert_many(
        [
            FilingVersion(
                filing=filing, number=filing.version + 1, cells=filing.cells, explanations=filing.explanations,
                locked_at=now, locked_by=who[:240], reason=reasons.get(filing.pk, ""),
            )
            for filing in filings
        ]
    )  # fmt: skip
    rows = Filing.objects.filter(pk__in=[filing.pk for filing in filings])
    rows.update(version=F("version") + 1, locked_at=now)


def _write_back(form: Form, period: Period, filings: Sequence[Filing]) -> None:
    """Into the records that would otherwise ask again; what is empty writes nothing."""
    targets = {cell.writes: cell for cell in form.typed if cell.writes and cell.writes != "figure"}
    if "full_time_staff" in targets:
        _staff(targets["full_time_staff"], filings)
    if "yearly_revenue" in targets:
        _revenues(targets["yearly_revenue"], period, filings)
    facts = {
        name.removeprefix(FIRM_YEAR): cell for name, cell in targets.items() if name.startswith(FIRM_YEAR)
    }
    if "yearly_revenue" in targets:
        facts["revenue_cny"] = targets["yearly_revenue"]
    if facts:
        _firm_years(form, facts, period, filings)
    figures = [cell for cell in form.typed if cell.writes == "figure"]
    if figures:
        _figures(form, figures, period, filings)


def _staff(cell: Cell, filings: Sequence[Filing]) -> None:
    """The staff on record are those of the newest month that was locked."""
    first = filings[0]
    later = set(
        Filing.objects.filter(
            form=first.form, unit_id__in=[filing.unit_id for filing in filings], period__gt=first.period,
            version__gt=0,
        ).values_list("unit_id", flat=True)
    )  # fmt: skip
    new = {
        filing.unit.ref_id: int(Decimal(filing.cells[cell.key]))
        for filing in filings
        if filing.unit_id not in later and filing.cells.get(cell.key) is not None
    }
    known = dict(Resident.objects.filter(pk__in=list(new)).values_list("pk", "full_time_staff"))
    changed = {pk: {"full_time_staff": n} for pk, n in new.items() if known.get(pk, n) != n}
    set_many(Resident, changed)
    _tell({filing.valley_id for filing in filings if filing.unit.ref_id in changed})


def _revenues(cell: Cell, period: Period, filings: Sequence[Filing]) -> None:
    today = timezone.localdate()
    new = {
        filing.unit.ref_id: Decimal(filing.cells[cell.key])
        for filing in filings
        if filing.cells.get(cell.key) is not None
    }
    known = {
        resident: (pk, value)
        for resident, pk, value in YearlyRevenue.objects.filter(
            resident_id__in=list(new), year=period.year
        ).values_list("resident_id", "pk", "revenue_cny")
    }
    YearlyRevenue.objects.bulk_create(
        YearlyRevenue(resident_id=resident, year=period.year, revenue_cny=value, filed_on=today)
        for resident, value in new.items()
        if resident not in known
    )
    changed = {
        known[resident][0]: {"revenue_cny": value, "filed_on": today}
        for resident, value in new.items()
        if resident in known and known[resident][1] != value
    }
    set_many(YearlyRevenue, changed)
    _tell({filing.valley_id for filing in filings if filing.unit.ref_id in new})


def _tell(valley_ids: Iterable[int | None]) -> None:
    """Records of these valleys changed: their verdicts may have, too."""
    for pk in valley_ids:
        events.publish("residents.changed", valley_id=pk)


def _firm_years(form: Form, facts: dict[str, Cell], period: Period, filings: Sequence[Filing]) -> None:
    """The facts of the year in the firms' own profiles, with the form as their source."""
    firms = dict(
        Resident.objects.filter(pk__in=[filing.unit.ref_id for filing in filings]).values_list(
            "pk", "organisation_id"
        )
    )
    rows: dict[int, dict[str, Any]] = {}
    for filing in filings:
        values = {
            f"{name}@{period.year}": plain(Decimal(filing.cells[cell.key]))
            for name, cell in facts.items()
            if filing.cells.get(cell.key) is not None
        }
        if values and filing.unit.ref_id in firms:
            rows.setdefault(firms[filing.unit.ref_id], {}).update(values)
    if rows:
        import_profiles(
            SYSTEM_ACTOR, rows=sorted(rows.items()), said_by=f"{form.title.zh} {period}",
            source={"form": form.id, "period": str(period), "filings": [filing.pk for filing in filings]},
        )  # fmt: skip


def _figures(form: Form, cells: Sequence[Cell], period: Period, filings: Sequence[Filing]) -> None:
    """Judged figures stand beside the other reports of the valleys they are about."""
    today, title = timezone.localdate(), f"{form.title.zh} {period}"
    places = [place for place in directory().places().values() if place.running]
    for filing in filings:
        about = [
            place
            for place in places
            if place.origin == filing.origin
            and (place.id == filing.valley_id if filing.valley_id else place.region_id == filing.region_id)
        ]
        if not about:
            continue
        last = {
            (valley, key): value
            for valley, key, value in Figure.objects.filter(
                valley_id__in=[place.id for place in about], indicator__in=[cell.key for cell in cells],
                year=period.year, source_kind=SourceKind.FILED, source_title=title,
            ).order_by("pk").values_list("valley_id", "indicator", "value")
        }  # fmt: skip
        Figure.objects.bulk_create(
            Figure(
                valley_id=place.id, indicator=cell.key, value=Decimal(filing.cells[cell.key]), unit=cell.unit,
                year=period.year, dated=today, source_kind=SourceKind.FILED, source_title=title, origin=place.origin,
            )
            for place in about
            for cell in cells
            if filing.cells.get(cell.key) is not None
            and last.get((place.id, cell.key)) != Decimal(filing.cells[cell.key])
        )  # fmt: skip
        _tell(place.id for place in about)
