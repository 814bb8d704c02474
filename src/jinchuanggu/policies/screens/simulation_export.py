"""The outcome of a simulation as a workbook: what was turned, what came out, and who it concerns."""

from __future__ import annotations

import tempfile
from typing import IO, Any
from urllib.parse import quote

import xlsxwriter
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.ui import formats
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.policies import simulation as simulating
from jinchuanggu.policies import simulation_outcome as outcomes
from jinchuanggu.policies import simulation_words as words
from jinchuanggu.policies.screens.simulation import READERS, firm_row, list_titles, scope_words
from jinchuanggu.policies.simulation_address import LISTS, read

OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
Cells = list[Any]


@require_safe
@guard(*READERS)
def simulation_export(request: HttpRequest, rule_set: str) -> HttpResponse | FileResponse:
    """The same address as the screen, the same scope, the same numbers."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = read(rule_set, request.GET, timezone.localdate())
    found = simulating.rule_set_of(asked)
    if found is None or found.subject != "firm":
        raise Http404
    turn = simulating.turn(found, asked, "en" if formats.english() else "zh")
    if turn.problems:
        raise Http404
    place = simulating.place_of(found)
    firms = simulating.firms_for(actor, asked.on, origin_view(request), place)
    outcome = outcomes.run(turn.before, turn.after, firms.population, asked.on)
    file = workbook(
        turn,
        outcome,
        firms,
        asked.on,
        actor,
        str(place) if place else scope_words(actor),
        simulating.simulated(actor, origin_view(request)),
    )
    name = quote(f"{_('政策模拟')}-{found.title.zh}-{asked.on}.xlsx")
    response = FileResponse(
        file, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def workbook(
    turn: simulating.Turn,
    outcome: outcomes.Outcome,
    firms: Any,
    on: Any,
    actor: Actor,
    scope: str,
    simulated: bool,
) -> IO[bytes]:
    """An open temporary file at its start."""
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who reads it
    book = xlsxwriter.Workbook(file, OPTIONS)
    head = book.add_format({"bold": True, "bg_color": "#dfeceb", "bottom": 1})
    before, after = outcome.before.counts(), outcome.after.counts()
    rules = turn.before
    titles = list_titles()
    known = {knob.key: knob for knob in turn.knobs}
    about: list[Cells] = [
        [_("规则"), f"{rules.title.zh}（{rules.id}，{rules.version}）"],
        [_("依据"), f"{rules.document.title.zh} {rules.document.number}"],
        [_("数据日期"), on.isoformat()],
        [_("范围"), _("%(where)s，%(n)d 家企业") % {"where": scope, "n": len(firms.ids)}],
        [_("生成"), f"{timezone.localtime():%Y-%m-%d %H:%M} · {actor.label}"],
        [_("结果"), words.changes(turn) + "：" * bool(turn.turns or turn.pay) + words.outcome_words(turn, outcome)],
        [_("说明"), _("按已填数据预判；证据不足者另计，不算新增也不算失去。")],
        [_("数据性质"), _("含模拟数据，仅供演示，不得引用") if simulated else _("真实数据")],
    ]  # fmt: skip
    _sheet(book, head, _("说明"), [_("项目"), _("内容")], about, (14, 100))
    _sheet(
        book, head, _("改动"), [_("键"), _("名称"), _("改前"), _("改后")],
        [
            *([key, known[key].title.zh, float(known[key].value), float(value)] for key, value in turn.turns.items()),
            *([f"pay:{year}", _("%(year)s 年支付比例") % {"year": year}, float((turn.schedule or {}).get(year, 100)), float(value)]
              for year, value in turn.pay.items()),
        ],
        (40, 40, 14, 14),
    )  # fmt: skip
    counts: list[Cells] = [
        [_("满足"), before["met"], after["met"]],
        [_("不满足"), before["not_met"], after["not_met"]],
        [_("证据不足"), before["not_evidenced"], after["not_evidenced"]],
        *([title, None, outcome.count(name)] for name, title in titles.items()),
    ]
    _sheet(book, head, _("结论"), [_("结论"), _("改前（家）"), _("改后（家）")], counts, (16, 14, 14))
    for key, title in (("city", _("按市")), ("field", _("按领域"))):
        rows = [
            [r["label"], r["before"], r["after"], r["winners"], r["losers"], r["uncertain"]]
            for r in outcome.by(firms.labels[key])
        ]
        heads = [title, _("改前满足"), _("改后满足"), _("新增"), _("失去"), _("证据不足")]
        _sheet(book, head, title, heads, rows, (24, 12, 12, 12, 12, 12))
    heads = [
        _("年度"),
        _("改前支付比例（%）"),
        _("改后支付比例（%）"),
        _("改前下限（元）"),
        _("改前上限（元）"),
        _("改后下限（元）"),
        _("改后上限（元）"),
        _("证据不足者最多另需（元）"),
    ]
    money = [
        [y.year, float(y.before_percent), float(y.after_percent), *(float(value) for value in _amounts(y))]
        for y in outcome.years
    ]
    _sheet(book, head, _("每年支出"), heads, money, (10, 14, 14, 18, 18, 18, 18, 26))
    lists = (
        [titles[name], firm["name"], firm["city"], firm["field"], firm["before_words"], firm["after_words"]]
        for name in LISTS
        for firm in (firm_row(outcome, firms, int(row)) for row in outcome.mask(name).nonzero()[0])
    )
    heads = [_("名单"), _("企业"), _("所在市"), _("领域"), _("改前"), _("改后")]
    _sheet(book, head, _("名单"), heads, lists, (12, 40, 14, 18, 12, 12))
    book.close()
    file.seek(0)
    return file


def _amounts(year: Any) -> tuple[Any, ...]:
    before, after = words.ends(year)
    return before.low, before.high, after.low, after.high, after.open


def _sheet(book: Any, head: Any, name: str, heads: list[str], rows: Any, widths: tuple[int, ...]) -> None:
    sheet = book.add_worksheet(name)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for column, text in enumerate(heads):
        sheet.write_string(0, column, text, head)
    sheet.freeze_panes(1, 0)
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(at, column, value)
            elif value is not None:
                sheet.write_string(at, column, str(value))
