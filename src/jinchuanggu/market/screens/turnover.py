"""The turnover page: the answer in words, the trend, and the period by valley, field, kind and direction."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.downloads import Download, response
from jinchuanggu.foundation.organisations.models import Origin
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.ui.formats import money, number
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.market import turnover as figures
from jinchuanggu.market.models import ContractKind, Direction
from jinchuanggu.market.screens import address
from jinchuanggu.market.turnover import DIMENSIONS, Asked, Cube, Line
from jinchuanggu.residents.resources import READERS
from jinchuanggu.residents.scopes import firm_valleys

MAY_SEE = READERS | {Role.ENTERPRISE}
MONTH = "month"
FEW, BARS = 3, 12
"""Up to so many groups a chart is small; so many it draws, the table has them all."""


@require_safe
@guard(*MAY_SEE)
def turnover(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = address.read(request)
    cube = figures.cube(actor, asked)
    whole = figures.whole(cube)
    valleys = list(firm_valleys(actor).filter(origin=asked.origin).order_by("name").values_list("pk", "name"))
    shown = {
        "asked": asked,
        "words": words(asked, whole),
        "whole": _dressed(whole),
        "title": period_words(asked.period),
        "narrowed": narrowed_words(asked),
        "parts": [_part(actor, cube, name) for name in (MONTH, *DIMENSIONS) if name not in asked.only],
        "filters": _filters(request, asked, valleys),
        "simulated": asked.origin == Origin.SIMULATED,
        "here": address.query(asked),
    }
    return render(request, "market/turnover.html", shown)


@require_safe
@guard(*MAY_SEE)
def turnover_table(request: HttpRequest, part: str, form: str) -> HttpResponse:
    """One table of the page as a file, of the same address."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = address.read(request)
    if part != MONTH and part not in DIMENSIONS:
        raise Http404
    lines = _lines(actor, figures.cube(actor, asked), part)
    heads = [
        _("月份") if part == MONTH else str(DIMENSIONS[part][2]),
        _("合同数"),
        _("成交额（元）"),
        _("技术交易额（元）"),
        _("上年同期合同数"),
        _("上年同期成交额（元）"),
        _("上年同期技术交易额（元）"),
    ]
    rows = [
        (
            line.label,
            *(
                value
                for one in (line.now, line.before)
                for value in (one.contracts, one.turnover, one.technology)
            ),
        )
        for line in (*lines, figures.summed(lines))
    ]
    kind = _("模拟数据，仅供演示，不得引用") if asked.origin == Origin.SIMULATED else _("真实数据")
    about = " · ".join(
        filter(None, (
            _title(part), narrowed_words(asked), period_words(asked.period), asked.today.isoformat(),
            actor.organisation_name, str(kind),
        ))
    )  # fmt: skip
    return response(Download(f"{_('技术合同成交额')}-{asked.period}-{part}", about, heads, rows), form)


def words(asked: Asked, whole: Line) -> str:
    """The answer of the page in a sentence or two."""
    now, before = whole.now, whole.before
    when = period_words(asked.period)
    if asked.running:
        when = _("%(period)s（截至 %(day)s）") % {"period": when, "day": asked.days[1].isoformat()}
    if not now.contracts:
        return _("%(period)s没有登记的技术合同。") % {"period": when}
    found = _("%(period)s登记技术合同 %(n)s 份，成交额 %(turnover)s，其中技术交易额 %(technology)s。") % {
        "period": when,
        "n": number(now.contracts),
        "turnover": money(now.turnover),
        "technology": money(now.technology),
    }
    moved = figures.change(now.turnover, before.turnover), figures.change(now.technology, before.technology)
    if moved[0] is None or moved[1] is None:
        return found + _("上年同期没有可比的登记。")
    return found + _("与上年同期相比，成交额%(turnover)s，技术交易额%(technology)s。") % {
        "turnover": _moved(moved[0]),
        "technology": _moved(moved[1]),
    }


def _moved(percent: Decimal) -> str:
    if percent == 0:
        return _("持平")
    return (_("增长 %(p)s%%") if percent > 0 else _("下降 %(p)s%%")) % {"p": abs(percent)}


def period_words(period: Period) -> str:
    """A period as a reader says it."""
    named = {"year": period.year, "part": period.part}
    if period.kind is PeriodKind.YEAR:
        return _("%(year)s 年") % named
    if period.kind is PeriodKind.QUARTER:
        return _("%(year)s 年第 %(part)s 季度") % named
    return _("%(year)s 年 %(part)s 月") % named


def _title(part: str) -> str:
    return _("逐月走势") if part == MONTH else str(DIMENSIONS[part][1])


def _lines(actor: Actor, cube: Cube, part: str) -> list[Line]:
    return figures.by_month(actor, cube.asked) if part == MONTH else figures.by(cube, part)


def _part(actor: Actor, cube: Cube, name: str) -> dict[str, Any]:
    asked, lines = cube.asked, _lines(actor, cube, name)
    return {
        "name": name,
        "title": _title(name),
        "head": _("月份") if name == MONTH else DIMENSIONS[name][2],
        "rows": [
            {**_dressed(line), "trend": _narrowed(asked, name, line.key) if name != MONTH else ""}
            for line in lines
        ],
        "foot": _dressed(figures.summed(lines)),
        "chart": _trend(lines) if name == MONTH else _bars(_title(name), lines),
        "size": "small" if name != MONTH and len(lines) <= FEW else "",
        "downloads": [
            (form.upper(), reverse("turnover_table", args=[name, form]) + "?" + address.query(asked))
            for form in ("csv", "xlsx")
        ],
    }


def narrowed_words(asked: Asked) -> str:
    """What the page is narrowed to, as a reader says it."""
    return _("、").join(figures.names_of(name, [key]).get(key, "") for name, key in asked.only.items())


def _narrowed(asked: Asked, dimension: str, key: Any) -> str:
    """The same page for one group, with its own trend."""
    return "?" + address.query(asked, only={**asked.only, dimension: key})


def _dressed(line: Line) -> dict[str, Any]:
    listed = reverse("contracts_list")
    return {
        "line": line,
        "url": f"{listed}?{urlencode(line.query)}" if line.query and line.now.contracts else "",
        "url_before": f"{listed}?{urlencode(line.query_before)}"
        if line.query_before and line.before.contracts
        else "",
        "change": line.change,
        "technology_change": figures.change(line.now.technology, line.before.technology),
    }


def _wan(yuan: Decimal) -> float:
    """For drawing only; the table beside the chart has the exact amount."""
    return float((yuan / 10_000).quantize(Decimal("0.01")))


def _trend(lines: list[Line]) -> dict[str, Any]:
    return {
        "title": _("逐月登记的成交额与技术交易额"),
        "kind": "line",
        "unit": _("万元"),
        "categories": [line.label for line in lines],
        "series": [
            {"name": _("成交额"), "values": [_wan(line.now.turnover) for line in lines]},
            {"name": _("技术交易额"), "values": [_wan(line.now.technology) for line in lines]},
            {
                "name": _("上年同月成交额"),
                "values": [_wan(line.before.turnover) for line in lines],
                "dashed": True,
            },
        ],
    }


def _bars(title: str, lines: list[Line]) -> dict[str, Any]:
    drawn = [line for line in lines if line.now.contracts or line.before.contracts][:BARS]
    return {
        "title": title,
        "subtitle": _("最大的 %(n)d 项") % {"n": BARS} if len(lines) > BARS else "",
        "kind": "bar",
        "unit": _("万元"),
        "horizontal": True,
        "categories": [line.label for line in drawn],
        "series": [
            {"name": _("成交额"), "values": [_wan(line.now.turnover) for line in drawn]},
            {"name": _("技术交易额"), "values": [_wan(line.now.technology) for line in drawn]},
        ],
    }


def _without_valley(asked: Asked) -> dict[str, Any]:
    """A valley is of one kind of data; the rest may be asked of the other too."""
    return {name: key for name, key in asked.only.items() if name != "valley"}


def _filters(request: HttpRequest, asked: Asked, valleys: list[tuple[int, str]]) -> list[dict[str, Any]]:
    def option(label: str, on: bool, **changes: Any) -> dict[str, Any]:
        return {"label": label, "on": on, "url": "?" + address.query(asked, **changes)}

    choices = address.periods(asked)
    found = [
        {
            "label": _("时期"),
            "on": True,
            "value": period_words(asked.period),
            "options": [option(period_words(one), one == asked.period, period=one) for one in choices],
        }
    ]
    offered = {
        "valley": valleys if len(valleys) > 1 else [],
        "kind": ContractKind.choices,
        "direction": Direction.choices,
    }
    for name, (_path, _heading, label) in DIMENSIONS.items():
        on, key = name in asked.only, asked.only.get(name)
        rest = {other: value for other, value in asked.only.items() if other != name}
        pairs: dict[Any, str] = dict(offered.get(name, []))
        if on:
            pairs |= figures.names_of(name, [key])
        if pairs:
            options = [option(_("全部"), not on, only=rest)]
            options += [
                option(str(text), on and one == key, only={**rest, name: one}) for one, text in pairs.items()
            ]
            found.append(
                {"label": str(label), "on": on, "value": pairs[key] if on else "", "options": options}
            )
    if origin_view(request) == "both":
        options = [
            option(str(label), key == asked.origin, origin=key, only=_without_valley(asked))
            for key, label in Origin.choices
            if key in {"real", "simulated"}
        ]
        value = next((one["label"] for one in options if one["on"]), "")
        found.append({"label": _("数据"), "on": True, "value": value, "options": options})
    return found
