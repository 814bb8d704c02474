"""When each unmet condition will be met at the present pace."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jinchuanggu.cockpit.page import Page, Panel
from jinchuanggu.cockpit.places import valley_name
from jinchuanggu.cockpit.settings import settings
from jinchuanggu.cockpit.tables import Cell, Column, Table
from jinchuanggu.foundation.ui import formats
from jinchuanggu.foundation.ui.formats import english
from jinchuanggu.programme.models import Valley
from jinchuanggu.programme.outlooks import outlooks


def coming(page: Page) -> Panel:
    """Valleys nearest to meeting all first, as many as a list holds; forecasts are kept until a value changes."""
    columns = (
        Column("valley", _("晋创谷")), Column("condition", _("条件")), Column("now", _("现值"), True),
        Column("target", _("应达"), True), Column("words", _("预计")),
    )  # fmt: skip
    title = _("条件何时达到")
    table = Table("coming", title, columns, about=page.about)
    rows = Valley.objects.filter(
        pk__in=page.place.kept, published_only=False, verdict_counts__not_met__gt=0
    ).select_related("region", "operator")
    open_ones = sorted(rows, key=lambda one: int(one.verdict_counts.get("not_met", 0)))[: settings().rows]
    for valley in open_ones:
        name = valley_name(page.place.valleys[valley.pk])
        for one in sorted(outlooks(valley), key=lambda each: each.reach.verdict == "cannot_be_said"):
            current = None if one.reach.current is None else formats.quantity(one.reach.current, one.unit)
            target = None if one.reach.target is None else formats.quantity(one.reach.target, one.unit)
            table.rows.append(
                (
                    Cell(name, url=valley.get_absolute_url()), Cell(one.title["en" if english() else "zh"]),
                    Cell(str(current) if current else None), Cell(str(target) if target else None), Cell(one.words),
                )
            )  # fmt: skip
    words = _("%(n)d 个谷有条件未达到。") % {"n": len(open_ones)} if open_ones else _("没有未达到的条件。")
    return Panel("coming", title, table, kind="list", words=words, wide=True,
                 note=_("按逐月数据的走势推算，不是承诺；数据太短时不作判断。"))  # fmt: skip
