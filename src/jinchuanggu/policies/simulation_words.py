"""The answer of a simulation in a sentence, and its figures as charts and tables."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jinchuanggu.engines.rules.benefit import Frequency
from jinchuanggu.foundation.ui import formats
from jinchuanggu.policies.simulation import Turn
from jinchuanggu.policies.simulation_outcome import MET, NOT_MET, OPEN, Outcome, Year

TOLD = 3
"""So many changes are said one by one; of more only how many."""


def changes(turn: Turn) -> str:
    """`把研发费用占比从 5% 降到 4%`; empty when nothing is turned."""
    known = {knob.key: knob for knob in turn.knobs}
    said = []
    for key, value in turn.turns.items():
        knob = known[key]
        title = knob.title.en if formats.english() else knob.title.zh
        said.append(
            _change(
                title,
                formats.quantity(knob.value, knob.unit),
                formats.quantity(value, knob.unit),
                value < knob.value,
            )
        )
    for year, value in sorted(turn.pay.items()):
        before = (turn.schedule or {}).get(year, Decimal(100))
        title = _("%(year)s 年支付比例") % {"year": year}
        said.append(
            _change(
                title, formats.quantity(before, "percent"), formats.quantity(value, "percent"), value < before
            )
        )
    if len(said) > TOLD:
        more = len(said) - TOLD
        rest = ngettext("等另外 %(n)d 处改动", "等另外 %(n)d 处改动", more) % {"n": more}
        said = [*said[:TOLD], rest]
    return _("，").join(said)


def _change(title: str, before: Any, after: Any, down: bool) -> str:
    words = (
        _("把%(title)s从 %(before)s 降到 %(after)s") if down else _("把%(title)s从 %(before)s 提到 %(after)s")
    )
    return words % {"title": title, "before": str(before), "after": str(after)}


def outcome_words(turn: Turn, outcome: Outcome, years: Sequence[Year], changed: bool) -> str:
    """`新增 23 家、失去 0 家，证据不足 41 家；每年多支出 460 万元。`"""
    open_ = int(outcome.uncertain.sum())
    if not changed:
        return _(
            "按现行规则，满足 %(met)s 家，不满足 %(not_met)s 家，证据不足 %(open)s 家。拖动数字看变化。"
        ) % {
            "met": formats.number(outcome.before.count(MET)),
            "not_met": formats.number(outcome.before.count(NOT_MET)),
            "open": formats.number(outcome.before.count(OPEN)),
        }
    said = _("新增 %(winners)s 家、失去 %(losers)s 家，证据不足 %(open)s 家") % {
        "winners": formats.number(int(outcome.winners.sum())),
        "losers": formats.number(int(outcome.losers.sum())),
        "open": formats.number(open_),
    }
    return said + _money(turn, years) + _("。")


def _money(turn: Turn, years: Sequence[Year]) -> str:
    if not years:
        return ""
    low = sum(year.after[0] - year.before[0] for year in years) / len(years)
    high = sum(year.after[1] - year.before[1] for year in years) / len(years)
    once = len(years) == 1
    if round(low) == 0 and round(high) == 0:
        return _("；支出不变")
    more = high >= 0 and low + high > 0
    amount = between(abs(low), abs(high))
    if once:
        words = _("；一次性多支出 %(amount)s") if more else _("；一次性少支出 %(amount)s")
    elif len({round(year.after[1] - year.before[1]) for year in years}) > 1:
        words = _("；平均每年多支出 %(amount)s") if more else _("；平均每年少支出 %(amount)s")
    else:
        words = _("；每年多支出 %(amount)s") if more else _("；每年少支出 %(amount)s")
    return words % {"amount": amount}


def between(low: float, high: float) -> str:
    """One amount, or from–to."""
    low, high = sorted((low, high))
    if round(low) == round(high):
        return str(formats.money(round(low)))
    return f"{formats.money(round(low))}–{formats.money(round(high))}"


def before_after_chart(outcome: Outcome) -> dict[str, Any]:
    sides = (outcome.before, outcome.after)

    def series(name: str, verdict: int, tone: str) -> dict[str, Any]:
        return {"name": name, "values": [side.count(verdict) for side in sides], "tone": tone}

    return {
        "title": _("全部企业按结论分"),
        "kind": "stack",
        "horizontal": True,
        "unit": _("家"),
        "categories": [_("改前"), _("改后")],
        "series": [
            series(_("满足"), MET, "met"),
            series(_("不满足"), NOT_MET, "attention"),
            series(_("证据不足"), OPEN, "quiet"),
        ],
        "description": _("改前满足 %(before)s 家，改后满足 %(after)s 家")
        % {"before": outcome.before.count(MET), "after": outcome.after.count(MET)},
    }


def moves_chart(title: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Winners and losers by label; None where nobody moves."""
    moved = [row for row in rows if row["winners"] or row["losers"]][:12]
    if not moved:
        return None
    return {
        "title": title,
        "kind": "bar",
        "horizontal": True,
        "unit": _("家"),
        "categories": [row["label"] for row in moved],
        "series": [
            {"name": _("新增"), "values": [row["winners"] for row in moved], "tone": "met"},
            {"name": _("失去"), "values": [row["losers"] for row in moved], "tone": "final"},
        ],
        "description": title,
    }


def money(turn: Turn, years: Sequence[Year]) -> dict[str, Any] | None:
    """Payments year by year, before and after, with the total and what is open apart."""
    if not years:
        return None
    benefit = turn.before.benefit
    assert benefit is not None
    rows = [
        _row(str(year.year), year.before, year.after, year.open, f"{formats.number(year.share)}%")
        for year in years
    ]
    total = _row(
        "", *(tuple(sum(getattr(year, side)[at] for year in years) for at in (0, 1)) for side in ("before", "after")),
        sum(year.open for year in years), "",
    )  # fmt: skip
    largest = max([year.after[1] for year in years] + [year.before[1] for year in years])
    size, unit = (1e8, _("亿元")) if largest >= 1e9 else (1e4, _("万元"))

    def values(side: str) -> list[float]:
        return [round(getattr(year, side)[1] / size, 2) for year in years]

    notes = {
        Frequency.ONCE: _("每家企业一次性给付，只计一年"),
        Frequency.YEARLY: _("每年给付；按今天的企业计，不含今后新增"),
        Frequency.EACH: _("按次给付；按现有业务量计"),
    }
    return {
        "rows": rows,
        "total": total,
        "note": notes[benefit.frequency],
        "chart": {
            "title": _("每年支出（上限）"),
            "kind": "bar",
            "unit": unit,
            "categories": [str(year.year) for year in years],
            "series": [
                {"name": _("改前"), "values": values("before"), "tone": "quiet"},
                {"name": _("改后"), "values": values("after"), "tone": "active"},
            ],
            "description": _("每年支出，改前与改后"),
        },
    }


def _row(
    year: str, before: tuple[float, ...], after: tuple[float, ...], open_: float, percent: str
) -> dict[str, str]:
    low, high = after[0] - before[0], after[1] - before[1]
    sign = "−" if low + high < 0 else ""
    return {
        "year": year,
        "percent": percent,
        "before": between(*before),
        "after": between(*after),
        "more": f"{sign}{between(abs(low), abs(high))}",
        "uncertain": str(formats.money(round(open_))),
    }


def no_money(turn: Turn) -> str:
    """Why no payments are shown."""
    if turn.before.benefit is None:
        return _("这套规则本身不给付资金。")
    return _("给付金额待核，没有计算。")
