"""Which spaces are let, to whom, and where there is room."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.downloads import Download, response
from jinchuanggu.foundation.organisations.models import Organisation, Origin
from jinchuanggu.foundation.ui.formats import day
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.residents import occupancy as figures
from jinchuanggu.residents import scopes
from jinchuanggu.residents.letting import area
from jinchuanggu.residents.models import SpaceKind
from jinchuanggu.residents.occupancy import Room, Whole
from jinchuanggu.residents.resources import READERS

KINDS = dict(SpaceKind.choices)


@require_safe
@guard(*READERS)
def occupancy(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = _read(request)
    on, origin, valley = asked["on"], asked["origin"], asked["valley"]
    rooms = figures.rooms(actor, on, origin, valley)
    names = dict(
        scopes.VALLEY.options(actor).filter(origin=origin).order_by("name").values_list("pk", "name")
    )
    whole, kinds = figures.together(rooms), figures.by(rooms, "kind")
    valleys = figures.by(rooms, "valley_id")
    alone = valley is not None or len(valleys) <= 1
    shown = {
        "on": on,
        "words": _words(on, whole),
        "whole": whole,
        "kinds": [(KINDS[key], one) for key, one in kinds.items()],
        "chart": _chart([(str(KINDS[key]), one) for key, one in kinds.items()]),
        "valleys": [] if alone else [
            {"name": names.get(key, ""), "whole": one, "url": "?" + _query(asked, valley=key)}
            for key, one in valleys.items()
        ],
        "rooms": [_room(room) for room in rooms] if alone else [],
        "valley": names.get(valley or next(iter(valleys), 0), "") if alone else "",
        "all_url": "?" + _query(asked, valley=None) if valley is not None and len(names) > 1 else "",
        "filters": _filters(request, asked, names),
        "downloads": [(form.upper(), reverse("occupancy_table", args=[form]) + "?" + _query(asked)) for form in ("csv", "xlsx")],
        "simulated": origin == Origin.SIMULATED,
    }  # fmt: skip
    return render(request, "residents/occupancy.html", shown)


@require_safe
@guard(*READERS)
def occupancy_table(request: HttpRequest, form: str) -> HttpResponse:
    """Every space of the page as a file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = _read(request)
    rooms = figures.rooms(actor, asked["on"], asked["origin"], asked["valley"])
    names = dict(
        scopes.VALLEY.everything()
        .filter(pk__in={room.space.valley_id for room in rooms})
        .values_list("pk", "name")
    )
    rows: list[list[Any]] = [
        [
            room.space.name, names.get(room.space.valley_id, ""), str(KINDS[room.space.kind]), room.space.area_m2, room.let,
            room.free, _("；").join(one.tenant for one in room.tenancies),
        ]
        for room in rooms
    ]  # fmt: skip
    heads = [
        _("空间"), _("晋创谷"), _("类别"), _("面积（m²）"), _("已出租（m²）"), _("空置（m²）"), _("承租单位"),
    ]  # fmt: skip
    kind = _("模拟数据，仅供演示，不得引用") if asked["origin"] == Origin.SIMULATED else _("真实数据")
    about = f"{_('空间出租情况')} · {asked['on'].isoformat()} · {actor.organisation_name} · {kind}"
    return response(Download(f"{_('空间出租情况')}-{asked['on'].isoformat()}", about, heads, rows), form)


def _read(request: HttpRequest) -> dict[str, Any]:
    """The day, kind of data and valley that the address asks for. Raises Http404 for what there isn't."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        on = date.fromisoformat(request.GET["on"]) if request.GET.get("on") else timezone.localdate()
        valley = int(request.GET["valley"]) if request.GET.get("valley") else None
    except ValueError as wrong:
        raise Http404 from wrong
    if valley is not None and (
        abs(valley) >= 2**63 or not scopes.VALLEY.options(actor).filter(pk=valley).exists()
    ):
        raise Http404
    chosen, asked = origin_view(request), request.GET.get("origin", "")
    if chosen == "both":
        own = Organisation.objects.filter(pk=actor.organisation_id).values_list("origin", flat=True).first()
        chosen = asked if asked in Origin.values else own or Origin.REAL
    return {"on": on, "origin": chosen, "valley": valley}


def _query(asked: dict[str, Any], **changes: Any) -> str:
    return urlencode({name: value for name, value in {**asked, **changes}.items() if value is not None})


def _words(on: date, whole: Whole) -> str:
    if not whole.spaces:
        return _("还没有登记空间。")
    if not whole.area:
        return _("%(day)s 登记了 %(n)d 处空间，都还没有建成。") % {"day": day(on), "n": whole.spaces}
    said = _("%(day)s 建成空间 %(area)s，已出租 %(let)s（%(percent)s%%），空置 %(free)s。") % {
        "day": day(on),
        "area": area(whole.area),
        "let": area(whole.let),
        "percent": whole.percent,
        "free": area(whole.free),
    }
    return said + _("承租单位 %(n)d 家。") % {"n": whole.tenants}


def _chart(kinds: list[tuple[str, Whole]]) -> dict[str, Any]:
    def values(name: str) -> list[float]:
        return [float(getattr(one, name).quantize(Decimal(1))) for _label, one in kinds]

    return {
        "title": _("按类别：已出租与空置"),
        "kind": "stack",
        "unit": "m²",
        "horizontal": True,
        "categories": [label for label, _one in kinds],
        "series": [
            {"name": _("已出租"), "values": values("let")},
            {"name": _("空置"), "values": values("free"), "tone": "quiet"},
        ],
    }


def _room(room: Room) -> dict[str, Any]:
    return {
        "room": room,
        "kind": KINDS[room.space.kind],
        "url": reverse("spaces_detail", args=[room.space.pk]),
        "tenancies": [(one, reverse("leases_detail", args=[one.pk])) for one in room.tenancies],
    }


def _filters(request: HttpRequest, asked: dict[str, Any], names: dict[int, str]) -> list[dict[str, Any]]:
    def option(label: str, on: bool, **changes: Any) -> dict[str, Any]:
        return {"label": label, "on": on, "url": "?" + _query(asked, **changes)}

    found = []
    if len(names) > 1:
        options = [option(_("全部"), asked["valley"] is None, valley=None)]
        options += [option(name, pk == asked["valley"], valley=pk) for pk, name in names.items()]
        named = names.get(asked["valley"] or 0, "")
        found.append({"label": _("晋创谷"), "on": bool(named), "value": named, "options": options})
    if origin_view(request) == "both":
        options = [
            option(str(label), key == asked["origin"], origin=key, valley=None)
            for key, label in Origin.choices
        ]
        value = next((one["label"] for one in options if one["on"]), "")
        found.append({"label": _("数据"), "on": True, "value": value, "options": options})
    return found
