"""What a finding says: what is wrong, by how much, what would be right."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from jinchuanggu.engines.periods import PeriodKind
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.units import decimal_of, quantity
from jinchuanggu.indicators.checks.past import Usual
from jinchuanggu.indicators.forms.model import Cell, Check, Form, reader_language, words


def amount(value: Decimal | Fraction | str | None, unit: str) -> str:
    """A number with its unit, as people read it."""
    if value is None:
        return "—"
    exact = decimal_of(value, 2) if isinstance(value, Fraction) else Decimal(value)
    return quantity(exact, unit).get(reader_language())


def limit(cell: Cell, value: Decimal, bound: Decimal) -> dict[str, str]:
    return {"cell": cell.name, "value": amount(value, cell.unit), "limit": amount(bound, cell.unit)}


def compared(form: Form, check: Check, left: Fraction, right: Fraction) -> str:
    unit = form.unit_of(check.left)
    said = {
        "title": words(check.title),
        "left": words(form.title_of(check.left)),
        "left_value": amount(left, unit),
        "right": words(form.title_of(check.right)) if check.right else _("限值"),
        "right_value": amount(right, unit),
        "gap": amount(abs(left - right), unit),
    }
    if check.operator in (Operator.AT_MOST, Operator.LESS):
        return (
            _(
                "%(title)s：%(left)s为 %(left_value)s，%(right)s为 %(right_value)s，多 %(gap)s；前者不应大于后者"
            )
            % said
        )
    if check.operator in (Operator.AT_LEAST, Operator.MORE):
        return (
            _(
                "%(title)s：%(left)s为 %(left_value)s，%(right)s为 %(right_value)s，少 %(gap)s；前者不应小于后者"
            )
            % said
        )
    return (
        _("%(title)s：%(left)s为 %(left_value)s，%(right)s为 %(right_value)s，相差 %(gap)s；两者应相等")
        % said
    )


def near(form: Form, check: Check, left: Fraction, right: Fraction, room: Fraction) -> str:
    unit = form.unit_of(check.left)
    said = {
        "title": words(check.title),
        "left": words(form.title_of(check.left)),
        "left_value": amount(left, unit),
        "right": words(form.title_of(check.right)),
        "right_value": amount(right, unit),
        "gap": amount(abs(left - right), unit),
        "room": amount(room, unit),
    }
    if not room:
        return (
            _("%(title)s：%(left)s为 %(left_value)s，%(right)s为 %(right_value)s，相差 %(gap)s；两者应一致")
            % said
        )
    return (
        _(
            "%(title)s：%(left)s为 %(left_value)s，%(right)s为 %(right_value)s，相差 %(gap)s；相差不超过 %(room)s 时无须说明"
        )
        % said
    )


def percent(now: Decimal, before: Decimal) -> str:
    """A change in percent with its sign."""
    if not before:
        return "—"
    change = (now - before) / abs(before) * 100
    return f"{change:+.0f}%" if abs(change) < 100_000 else ("+" if change > 0 else "−") + "∞"


def _before(form: Form, back: int) -> str:
    if form.period is PeriodKind.YEAR and back == 1:
        return _("上年")
    if (form.period, back) in {(PeriodKind.MONTH, 12), (PeriodKind.QUARTER, 4)}:
        return _("上年同期")
    return _("上期") if back == 1 else _("%(back)d 期前") % {"back": back}


def changed(form: Form, check: Check, key: str, now: Decimal, before: Decimal) -> str:
    cell = form.cells[key]
    return _("%(title)s：%(cell)s为 %(now)s，%(when)s为 %(before)s（%(change)s）；变动不超过 %(most)s%% 时无须说明") % {
        "title": words(check.title), "cell": cell.name, "now": amount(now, cell.unit), "when": _before(form, check.back),
        "before": amount(before, cell.unit), "change": percent(now, before), "most": f"{check.percent.normalize():f}",
    }  # fmt: skip


def unusual(form: Form, check: Check, key: str, usual: Usual) -> str:
    cell = form.cells[key]
    step = Decimal(1) if cell.whole else Decimal("0.01")
    return _("%(title)s：%(cell)s为 %(now)s，上期为 %(before)s（%(change)s）；按本单位以往 %(count)d 次变动，一般在 %(low)s 至 %(high)s 之间") % {
        "title": words(check.title), "cell": cell.name, "now": amount(usual.now, cell.unit),
        "before": amount(usual.before, cell.unit), "change": percent(usual.now, usual.before), "count": usual.changes,
        "low": amount(usual.low.quantize(step), cell.unit), "high": amount(usual.high.quantize(step), cell.unit),
    }  # fmt: skip
