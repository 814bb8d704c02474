"""Alerts, the course of valleys and firms, budgets against payments, completeness of filings."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jinchuanggu.cockpit.alerts import Alert, counted
from jinchuanggu.cockpit.page import Page, Panel
from jinchuanggu.cockpit.settings import alert_settings, settings
from jinchuanggu.cockpit.tables import Cell, Column, Table
from jinchuanggu.foundation.ui.formats import english
from jinchuanggu.indicators.filings.queries import completeness, filings_for
from jinchuanggu.indicators.forms.library import title_of_form
from jinchuanggu.indicators.models import UnitLevel
from jinchuanggu.policies.access_grants import visible_budgets, visible_grants
from jinchuanggu.policies.models import Budget, Payment
from jinchuanggu.programme.labels import stages
from jinchuanggu.programme.models import Valley

WAN = 10_000
FIRMS = ("resident_science_teams", "resident_enterprises", "sci_tech_firms")


def alerts(page: Page, found: list[Alert]) -> Panel:
    columns = (Column("kind", _("类别")), Column("what", _("事项")))
    table = Table("alerts", _("预警"), columns, about=page.about)
    table.rows = [(Cell(one.kind), Cell(one.text, url=one.url)) for one in found]
    grave = sum(one.tone == "final" for one in found)
    words = (
        _("%(n)s 项预警，其中 %(grave)s 项已逾期或已下滑。") % {"n": counted(found), "grave": grave}
        if found
        else _("这里没有逐月数据，不作预警判断。")
        if page.published
        else _("没有预警。")
    )
    basis = alert_settings().basis["en" if english() else "zh"]
    return Panel("alerts", _("预警"), table, kind="alerts", words=words, note=basis,
                 extra={"alerts": found[: settings().rows], "more": max(len(found) - settings().rows, 0)})  # fmt: skip


def funnel(page: Page) -> Panel:
    """How far the valleys have come today: each stage with those that reached it or went beyond."""
    stands = Counter(
        Valley.objects.filter(pk__in=list(page.place.valleys)).order_by().values_list("stage", flat=True)
    )
    order = [(key, label) for key, label, _letter, _tone in stages() if key != "ended"]
    reached, rows = 0, []
    for key, label in reversed(order):
        reached += stands.get(key, 0)
        rows.append((key, label, stands.get(key, 0), reached))
    rows.reverse()
    columns = (
        Column("stage", _("阶段")),
        Column("now", _("处在此阶段"), True),
        Column("reached", _("到过此阶段"), True),
    )
    table = Table("funnel", _("建设进程"), columns, about=page.about)
    for key, label, now, total in rows:
        url = f"{reverse('valleys')}?stage={key}&data={page.place.origin}"
        table.rows.append((Cell(label), Cell(now, url=url), Cell(total)))
    chart = {
        "title": _("建设进程"), "kind": "funnel", "unit": _("个"), "categories": [label for _k, label, _n, _t in rows],
        "series": [{"name": _("到过此阶段"), "values": [total for *_rest, total in rows]}],
    }  # fmt: skip
    ended = stands.get("ended", 0)
    words = _("%(n)d 个谷已挂牌，%(b)d 个在建。") % {
        "n": stands.get("plaque", 0),
        "b": stands.get("build", 0),
    }
    note = _("另有 %(n)d 个已终止，不在图中。") % {"n": ended} if ended else ""
    return Panel("funnel", _("建设进程"), table, chart=chart, words=words, note=note)


def firms(page: Page) -> Panel:
    """Teams, enterprises and sci-tech firms in residence, as the records say at the month looked at."""
    known = page.known
    columns = (
        Column("kind", _("类别")),
        Column("value", _("数量"), True),
        Column("growth", _("同比（%）"), True),
    )
    table = Table("firms", _("企业与团队"), columns, about=page.about)
    names, values = [], []
    from jinchuanggu.cockpit.readings import readings

    found = readings(FIRMS, page.at, level=page.place.level, units=[page.place.unit], known=known)
    for key in FIRMS:
        if key not in known:
            continue
        reading = found.get((key, page.place.unit.pk))
        cell = page.cell(reading, known[key])
        table.rows.append((Cell(known[key].name), cell, Cell(reading.growth if reading else None)))
        names.append(known[key].name)
        values.append(None if cell.value is None else float(cell.value))  # type: ignore[arg-type]
    shown = any(value is not None for value in values)
    chart = {
        "title": _("企业与团队"), "kind": "bar", "horizontal": True, "unit": pgettext("入驻单位", "个"), "categories": names,
        "series": [{"name": _("数量"), "values": values}],
    }  # fmt: skip
    return Panel("firms", _("企业与团队"), table, chart=chart if shown else None,
                 words="" if shown else _("没有入驻记录。"))  # fmt: skip


def budget(page: Page) -> Panel | None:
    """By year: budgets, what was decided under the step-down, and what was paid. None for who sees no budgets."""
    rows = visible_budgets(page.actor).filter(policy__region__origin=page.place.origin)
    decided = visible_grants(page.actor).filter(budget__policy__region__origin=page.place.origin)
    if page.place.level == UnitLevel.CITY:
        rows = rows.filter(policy__region_id=page.place.unit.ref_id)
        decided = decided.filter(budget__policy__region_id=page.place.unit.ref_id)
    # the scope may join further tables: each budget is added once
    once = Budget.objects.filter(pk__in=rows.order_by().values("pk"))
    budgets = _by(once.order_by().values_list("year").annotate(s=Sum("amount_cny")))
    committed = _by(
        decided.annotate(y=ExtractYear("decided_on")).order_by().values_list("y").annotate(s=Sum("due"))
    )
    paid = _by(
        Payment.objects.filter(grant__in=decided.order_by().values("pk"))
        .annotate(y=ExtractYear("paid_on")).order_by().values_list("y").annotate(s=Sum("amount"))
    )  # fmt: skip
    years = sorted({*budgets, *committed, *paid})
    if not years:
        return None
    columns = (
        Column("year", _("年度")), Column("budget", _("预算"), True), Column("committed", _("已决定"), True),
        Column("paid", _("已拨付"), True),
    )  # fmt: skip
    table = Table("budget", _("奖补资金"), columns, about=page.about)
    url = reverse("grant_budgets")
    for year in years:
        table.rows.append((Cell(str(year)), Cell(budgets.get(year), "cny", url), Cell(committed.get(year), "cny", url),
                           Cell(paid.get(year), "cny", url)))  # fmt: skip
    unit, size = (_("万元"), WAN) if not english() else ("m CNY", 1_000_000)
    chart = {
        "title": _("奖补资金"), "kind": "bar", "unit": unit, "categories": [str(year) for year in years],
        "series": [
            {"name": name, "values": [float(part[year]) / size if year in part else None for year in years]}
            for name, part in ((_("预算"), budgets), (_("已决定"), committed), (_("已拨付"), paid))
        ],
    }  # fmt: skip
    now = page.today.year
    words = ""
    if budgets.get(now):
        words = _("%(year)d 年预算已拨付 %(n)d%%；退坡后的逐年测算见各政策。") % {
            "year": now, "n": int(paid.get(now, Decimal(0)) * 100 / budgets[now])
        }  # fmt: skip
    return Panel("budget", _("奖补资金"), table, chart=chart, words=words)


def _by(rows: Any) -> dict[int, Decimal]:
    return {int(year): amount for year, amount in rows if year is not None and amount}


def filled(page: Page) -> Panel | None:
    """Share of the month's firm reports that were sent, on time and late, over a year."""
    form = "firm_month"
    months = [page.at.shift(-back) for back in range(11, -1, -1)]
    level = max(page.place.level, int(UnitLevel.VALLEY))
    if page.place.level < UnitLevel.VALLEY:
        return None
    rows = [
        one
        for one in completeness(
            form, months, level=level, within=page.place.unit, rows=filings_for(page.actor)
        )
        if one.unit_id == page.place.unit.pk
    ]
    if not rows:
        return None
    by = {one.period: one for one in rows}
    columns = (
        Column("period", _("月份")), Column("due", _("应报"), True), Column("on_time", _("按时"), True),
        Column("late", _("逾期报送"), True), Column("missing", _("未报"), True), Column("percent", _("报送率（%）"), True),
    )  # fmt: skip
    title = _("%(form)s报送情况") % {"form": title_of_form(form)}
    table = Table("filled", title, columns, about=page.about)
    url = f"{reverse('completeness')}?form={form}"
    for month in months:
        one = by.get(month)
        if one is not None:
            table.rows.append((Cell(str(month)), Cell(one.due, url=url), Cell(one.on_time), Cell(one.late),
                               Cell(one.missing), Cell(one.percent)))  # fmt: skip
    values: dict[str, list[int | None]] = defaultdict(list)
    for month in months:
        one = by.get(month)
        values["on_time"].append(one.on_time if one else None)
        values["late"].append(one.late if one else None)
        values["missing"].append(one.missing if one else None)
    chart = {
        "title": title, "kind": "stack", "unit": pgettext("报表", "份"), "categories": [str(month)[2:] for month in months],
        "series": [
            {"name": _("按时"), "values": values["on_time"], "tone": "active"},
            {"name": _("逾期报送"), "values": values["late"], "tone": "attention"},
            {"name": _("未报"), "values": values["missing"], "tone": "final"},
        ],
    }  # fmt: skip
    last = rows[-1]
    words = _("%(month)s 应报 %(due)d 份，已报 %(n)d 份（%(percent)d%%）。") % {
        "month": last.period, "due": last.due, "n": last.submitted, "percent": last.percent
    }  # fmt: skip
    return Panel("filled", title, table, chart=chart, words=words)
