"""Valleys and their published figures."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import F
from django.http import HttpRequest
from ninja import Query, Router

from jinchuanggu.api.schemas import FigureOut, Page, Problem, RegionOut, ValleyDetail
from jinchuanggu.foundation.organisations.models import Region, RegionLevel
from jinchuanggu.foundation.ui.origin import of_origin
from jinchuanggu.indicators.models import Figure
from jinchuanggu.programme.access import get_valley, may_see_file, visible_valleys

router = Router(tags=["valleys"])

PAGE_CEILING = 200
COLUMNS = ("name", "kind", "state", "stage", "verdict", "unveiled_on", "origin")


@router.get("/regions", response=list[RegionOut], summary="建设主体 · builders of valleys")
def regions(request: HttpRequest) -> Any:
    """The 11 cities and the demonstration zone."""
    levels = (RegionLevel.CITY, RegionLevel.ZONE)
    rows = Region.objects.filter(level__in=levels, origin="real").order_by("code")
    return list(rows.values("code", "name", "name_en", "level"))


@router.get("/valleys", response=Page, summary="晋创谷名录 · valleys")
def valleys(
    request: HttpRequest,
    after: int = Query(0, ge=0, description="cursor: the `next` of the page before"),
    limit: int = Query(50, ge=1, le=PAGE_CEILING),
    kind: Literal["", "regional", "specialised"] = "",
    region: str = "",
    origin: Literal["both", "real", "simulated"] = "both",
) -> Any:
    """The valleys this caller may see, by id; the cost of a page doesn't grow with the table."""
    rows = of_origin(visible_valleys(request.actor), origin).filter(pk__gt=after)  # type: ignore[attr-defined]
    if kind:
        rows = rows.filter(kind=kind)
    if region:
        rows = rows.filter(region__code=region)
    found = list(
        rows.order_by("pk").values(
            "id", *COLUMNS, region_code=F("region__code"), region_name=F("region__name")
        )[: limit + 1]
    )
    items = found[:limit]
    return {"items": items, "next": items[-1]["id"] if len(found) > limit else None}


@router.get("/valleys/{pk}", response={200: ValleyDetail, 404: Problem}, summary="一个谷 · one valley")
def valley(request: HttpRequest, pk: int) -> Any:
    """The valley with its figures. Who may not open the dossier gets the published figures only."""
    actor = request.actor  # type: ignore[attr-defined]
    one = get_valley(actor, pk)
    return {
        "id": one.pk,
        **{name: getattr(one, name) for name in COLUMNS},
        "region_code": one.region.code,
        "region_name": one.region.name,
        "key_fields": one.key_fields,
        "operator": one.operator.name if one.operator else None,
        "universities": list(one.universities.order_by("name").values_list("name", flat=True)),
        "zones": list(one.zones.order_by("name").values_list("name", flat=True)),
        "figures": _figures(one.pk, inner=may_see_file(actor, one)),
    }


def _figures(valley_id: int, *, inner: bool) -> list[dict[str, Any]]:
    rows = Figure.objects.filter(valley_id=valley_id)
    if not inner:
        rows = rows.filter(source_kind="published")
    return list(rows.order_by("indicator", "-dated", "pk").values(*FigureOut.model_fields))
