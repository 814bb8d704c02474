"""Reads of the programme for lists and maps; scoped to the reader, no counting, no query per row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Region, RegionLevel
from jinchuanggu.foundation.ui.origin import of_origin
from jinchuanggu.foundation.workflow.models import Deadline
from jinchuanggu.programme.access import published, visible_valleys
from jinchuanggu.programme.labels import PROCESS, display_name, stages, state_label, verdict_label
from jinchuanggu.programme.models import Valley

PAGE = 50
FILTERS = ("q", "kind", "stage", "region", "verdict", "data")
SORTS = {"name": "name", "-name": "-name", "new": "-pk", "changed": "-updated_at"}


@dataclass(frozen=True)
class ValleyFilter:
    """What a list or map is narrowed to; empty means everything."""

    q: str = ""
    kind: str = ""
    stage: str = ""
    region: str = ""
    verdict: str = ""
    # what the address asks for; without it the reader's own switch between real and simulated counts
    data: str = ""
    origin: str = "both"
    sort: str = "name"

    def keys(self) -> dict[str, str]:
        return {name: value for name in FILTERS if (value := getattr(self, name))}

    @classmethod
    def read(cls, given: Mapping[str, Any], origin: str) -> ValleyFilter:
        """From the address bar; what is unknown is ignored."""
        sort = str(given.get("sort", "name"))
        data = str(given.get("data", ""))
        data = data if data in ("real", "simulated") else ""
        return cls(
            q=str(given.get("q", "")).strip()[:60],
            kind=str(given.get("kind", "")),
            stage=str(given.get("stage", "")),
            region=str(given.get("region", "")),
            verdict=str(given.get("verdict", "")),
            data=data,
            origin=data or origin,
            sort=sort if sort in SORTS else "name",
        )


def narrowed(rows: QuerySet[Valley], chosen: ValleyFilter) -> QuerySet[Valley]:
    """The rows that match."""
    rows = of_origin(rows, chosen.origin)
    if chosen.q:
        rows = rows.filter(
            Q(name__icontains=chosen.q)
            | Q(name_en__icontains=chosen.q)
            | Q(region__name__startswith=chosen.q)
        )
    if chosen.kind:
        rows = rows.filter(kind="" if chosen.kind == "unknown" else chosen.kind)
    if chosen.stage:
        rows = rows.filter(stage=chosen.stage)
    if chosen.region:
        rows = rows.filter(region__code=chosen.region)
    if chosen.verdict:
        rows = rows.filter(verdict=chosen.verdict)
    return rows


@dataclass(slots=True)
class ValleyPage:
    """One page of the list. `more`: a further page exists."""

    rows: list[Valley]
    number: int
    more: bool
    due: dict[int, date]


def valley_page(actor: Actor, chosen: ValleyFilter, number: int = 1) -> ValleyPage:
    """A page of 50 with region, operator and open deadline; two queries, none of them counts."""
    start = (number - 1) * PAGE
    rows = narrowed(visible_valleys(actor), chosen).select_related("region", "operator")
    rows = rows.defer("summary", "story").order_by(SORTS[chosen.sort], "pk")
    found = list(rows[start : start + PAGE + 1])
    return ValleyPage(
        found[:PAGE], number, len(found) > PAGE, due_dates([valley.pk for valley in found[:PAGE]])
    )


def due_dates(valley_ids: list[int]) -> dict[int, date]:
    """The open deadline of each valley's case, in one query."""
    kind = ContentType.objects.get_for_model(Valley)
    rows = Deadline.objects.filter(
        closed_at__isnull=True,
        case__process=PROCESS,
        case__subject_type=kind,
        case__subject_id__in=valley_ids,
    ).values_list("case__subject_id", "due_on")
    found: dict[int, date] = {}
    for valley_id, due_on in rows:
        found[valley_id] = min(due_on, found.get(valley_id, due_on))
    return found


def builders() -> QuerySet[Region]:
    """Who may build a valley: the cities and the demonstration zone."""
    return Region.objects.filter(level__in=(RegionLevel.CITY, RegionLevel.ZONE)).order_by("code")


MAP_LIMIT = 400


def map_marks(
    actor: Actor, origin_view: str, chosen: ValleyFilter | None = None, *, public_pages: bool = False
) -> dict[str, Any]:
    """The data of components/map.html: marks of the valleys the reader may see, in one query.

    With `public_pages` the marks are those anybody may see and open the public pages.
    """
    rows = published(Valley.objects.all()) if public_pages else visible_valleys(actor)
    rows = narrowed(rows, chosen) if chosen else of_origin(rows, origin_view)
    rows = rows.select_related("region").only(
        "name", "name_en", "kind", "state", "origin", "verdict", "longitude", "latitude", "unveiled_on",
        "region__name", "region__longitude", "region__latitude",
    )  # fmt: skip
    address = "public_valley" if public_pages else "valley"
    marks = [_mark(valley, address) for valley in rows.order_by("region__code", "name")[:MAP_LIMIT]]
    marks = [mark for mark in marks if mark["lon"] is not None]
    used = {mark["letter"] for mark in marks}
    return {
        "description": _("山西省地图，标有 %(n)s 个晋创谷；右侧列表与图一致") % {"n": len(marks)},
        "valleys": marks,
        "legend": [
            {"letter": letter, "label": label, "tone": tone}
            for _key, label, letter, tone in stages()
            if letter in used
        ],
    }


def _mark(valley: Valley, address: str) -> dict[str, Any]:
    shown = state_label(valley.state)
    lon = valley.longitude if valley.longitude is not None else valley.region.longitude
    lat = valley.latitude if valley.latitude is not None else valley.region.latitude
    notes = [str(valley.get_kind_display()) if valley.kind else _("类别未公布")]
    if valley.verdict:
        notes.append(verdict_label(valley.verdict))
    return {
        "name": display_name(valley),
        "label": display_name(valley).removeprefix("晋创谷·").removesuffix("（模拟）"),
        "url": reverse(address, args=[valley.pk]),
        "lon": float(lon) if lon is not None else None,
        "lat": float(lat) if lat is not None else None,
        "city": valley.region.name,
        "kind": valley.kind or "regional",
        "kind_label": str(valley.get_kind_display()) if valley.kind else "",
        "state_label": shown.label,
        "letter": shown.letter,
        "tone": shown.tone,
        "simulated": valley.origin == "simulated",
        "note": " · ".join(notes),
    }
