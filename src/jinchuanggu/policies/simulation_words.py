"""The answer of a simulation in a sentence, and its figures as charts and tables."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jinchuanggu.engines.rules.benefit import BenefitKind, Frequency
from jinchuanggu.engines.rules.simulate import Cost, Money
from jinchuanggu.foundation.ui import formats
from jinchuanggu.policies.simulation import Turn
from jinchuanggu.policies.simulation_knobs import parts_of
from jinchuanggu.policies.simulation_outcome import Outcome, once

TOLD = 3
"""So many changes are said one by one; of more only how many."""


def changes(turn: Turn) -> str:
    """`把研发费用占比从 5% 降到 4%`; empty when nothing is turned."""
    known = {knob.key: knob for knob in turn.knobs}
    said = []
    for key, value in turn.turns.items():
        knob = known[key]
        title = " ".join(part for part in parts_of(knob) if part)
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
        _("把“%(title)s”从 %(before)s 降到 %(after)s")
        if down
        else _("把“%(title)s”从 %(before)s 提到 %(after)s")
    )
    return words % {"title": title, "before": str(before), "after": str(after)}


def outcome_words(turn: Turn, outcome: Outcome) -> str:
    """`新增 23 家、失去 0 家，证据不足 41 家；每年多支出 460 万元。`"""
    if not (turn.turns or turn.pay):
        counts = outcome.before.counts()
        return _(
            "按现行规则，满足 %(met)s 家，不满足 %(not_met)s 家，证据不足 %(open)s 家。拖动数字看变化。"
        ) % {
            "met": formats.number(counts["met"]),
            "not_met": formats.number(counts["not_met"]),
            "open": formats.number(counts["not_evidenced"]),
        }
    said = _("新增 %(winners)s 家、失去 %(losers)s 家，证据不足 %(open)s 家") % {
        "winners": formats.number(outcome.count("winners")),
        "losers": formats.number(outcome.count("losers")),
        "open": formats.number(outcome.count("uncertain")),
    }
    more, less = outcome.count("more"), outcome.count("less")
    if more or less:
        said += _("；另有 %(more)s 家多得、%(less)s 家少得") % {
            "more": formats.number(more),
            "less": formats.number(less),
        }
    return said + _money(turn, outcome.years) + _("。")


def _money(turn: Turn, years: Sequence[Cost]) -> str:
    if not years:
        return ""
    if once(turn.before):
        most = max(years, key=lambda year: max(map(abs, difference(year))))
        year = years[0] if any(difference(years[0])) else most
        low, high = difference(year)
    else:
        spans = [difference(year) for year in years]
        low, high = (sum((span[end] for span in spans), Decimal(0)) / len(spans) for end in (0, 1))
    if not low and not high:
        return _("；支出不变")
    up = low + high > 0
    amount = between(abs(low), abs(high))
    if once(turn.before):
        words = (
            _("；在 %(year)s 年兑付则一次性多支出 %(amount)s")
            if up
            else _("；在 %(year)s 年兑付则一次性少支出 %(amount)s")
        )
        return words % {"year": year.year, "amount": amount}
    if len(set(spans)) > 1:
        words = _("；平均每年多支出 %(amount)s") if up else _("；平均每年少支出 %(amount)s")
    else:
        words = _("；每年多支出 %(amount)s") if up else _("；每年少支出 %(amount)s")
    return words % {"amount": amount}


NO_MONEY = Money(Decimal(0), Decimal(0), Decimal(0), 0)


def ends(cost: Cost) -> tuple[Money, Money]:
    """What a year costs before and after; nothing paid is no money, not an unknown amount."""
    return cost.before or NO_MONEY, cost.after or NO_MONEY


def difference(cost: Cost) -> tuple[Decimal, Decimal]:
    """How much more a year costs, from and to, in yuan."""
    before, after = ends(cost)
    return after.low - before.low, after.high - before.high


def between(low: Decimal, high: Decimal) -> str:
    """One amount, or from–to."""
    low, high = sorted((low, high))
    if low == high:
        return str(formats.money(low))
    return f"{formats.money(low) if low else 0}–{formats.money(high)}"


def signed(low: Decimal, high: Decimal) -> str:
    """A difference: less is written with its minus."""
    low, high = sorted((low, high))

    def one(value: Decimal) -> str:
        return f"−{formats.money(-value)}" if value < 0 else str(formats.money(value)) if value else "0"

    return one(low) if low == high else f"{one(low)} – {one(high)}"


def before_after_chart(outcome: Outcome) -> dict[str, Any]:
    sides = (outcome.before.counts(), outcome.after.counts())

    def series(name: str, verdict: str, tone: str) -> dict[str, Any]:
        return {"name": name, "values": [side[verdict] for side in sides], "tone": tone}

    return {
        "title": _("全部企业按结论分"),
        "kind": "stack",
        "horizontal": True,
        "unit": _("家"),
        "categories": [_("改前"), _("改后")],
        "series": [
            series(_("满足"), "met", "met"),
            series(_("不满足"), "not_met", "attention"),
            series(_("证据不足"), "not_evidenced", "quiet"),
        ],
        "description": _("改前满足 %(before)s 家，改后满足 %(after)s 家")
        % {"before": sides[0]["met"], "after": sides[1]["met"]},
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


def money(turn: Turn, years: Sequence[Cost]) -> dict[str, Any] | None:
    """Payments year by year, before and after, with the total and what is open apart."""
    if not years:
        return None
    benefit = turn.before.benefit
    assert benefit is not None
    single = once(turn.before)
    rows = [
        _row(str(year.year), *ends(year), f"{formats.number(year.before_percent)}% → {formats.number(year.after_percent)}%")
        for year in years
    ]  # fmt: skip
    largest = max(side.high for year in years for side in ends(year))
    size, unit = (Decimal(10) ** 8, _("亿元")) if largest >= 10**9 else (Decimal(10) ** 4, _("万元"))

    def values(side: int) -> list[float]:
        return [float(round(ends(year)[side].high / size, 2)) for year in years]

    notes = {
        Frequency.ONCE: _("每家企业只给一次：各年所示是全部在当年兑付时的金额，不能相加"),
        Frequency.YEARLY: _("每年给付；按今天的企业计，不含今后新增"),
        Frequency.EACH: _("按次给付；按现有业务量计"),
    }
    unknown = max(side.unknown for side in ends(years[0]))
    chart = {
        "title": _("每年支出（上限）"),
        "kind": "bar",
        "unit": unit,
        "categories": [str(year.year) for year in years],
        "series": [
            {"name": _("改前"), "values": values(0), "tone": "quiet"},
            {"name": _("改后"), "values": values(1), "tone": "active"},
        ],
        "description": _("每年支出，改前与改后"),
    }
    return {
        "rows": rows,
        "total": None if single else _row("", _total(years, 0), _total(years, 1), ""),
        "first": rows[0],
        "note": notes[benefit.frequency],
        "unknown": unknown,
        "chart": chart if largest else None,
    }


def _total(years: Sequence[Cost], side: int) -> Money:
    found = [ends(year)[side] for year in years]
    zero = Decimal(0)
    return Money(
        sum((one.low for one in found), zero),
        sum((one.high for one in found), zero),
        sum((one.open for one in found), zero),
        found[0].unknown,
    )


def _row(year: str, before: Money, after: Money, percent: str) -> dict[str, str]:
    low, high = after.low - before.low, after.high - before.high
    return {
        "year": year,
        "percent": percent,
        "before": between(before.low, before.high),
        "after": between(after.low, after.high),
        "more": signed(low, high),
        "uncertain": str(formats.money(after.open)),
    }


def no_money(turn: Turn) -> str:
    """Why no payments are shown."""
    benefit = turn.before.benefit
    if benefit is None or benefit.kind in (BenefitKind.TITLE, BenefitKind.SERVICE):
        return _("这套规则本身不给付资金。")
    return _("给付金额待核，没有计算。")
