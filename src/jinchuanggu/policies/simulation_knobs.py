"""The numbers of a rule set as sliders: grouped by what they belong to, with a range that makes sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.engines.cells import plain
from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.foundation.ui import formats
from jinchuanggu.policies.simulation_address import PAY, WAN, Asked

SECTIONS = ("criterion", "score", "value", "benefit")


@dataclass(frozen=True, slots=True)
class Slider:
    """One number. `before` and `value` as the fields write them; `title` says it in full, `label` within its group.

    `key`: the name of its field, which also says the unit it is typed in: yuan from a 万 on are shown in 万元.
    """

    key: str
    id: str
    title: str
    label: str
    unit: str
    before: str
    before_shown: str
    value: str
    least: str
    most: str
    step: str
    changed: bool
    problem: str = ""


@dataclass(slots=True)
class Group:
    title: str
    knobs: list[Slider]
    alone: bool = False


@dataclass(slots=True)
class Section:
    title: str
    groups: list[Group]
    open: bool = False
    note: str = ""

    @property
    def count(self) -> int:
        return sum(len(group.knobs) for group in self.groups)


def sections(
    knobs: Sequence[Any], asked: Asked, problems: Mapping[str, str], pay: Mapping[int, Decimal] | None
) -> list[Section]:
    """Conditions, scores, amounts, schedule; a section with a turned number is open, else the first is.

    `pay`: the share paid in each year under the rules in force; None where no money is paid.
    """
    titles = {
        "criterion": _("条件"),
        "score": _("评分"),
        "value": _("计算用的数"),
        "benefit": _("金额与退坡"),
    }
    found: dict[str, Section] = {}
    groups: dict[str, Group] = {}
    for knob in knobs:
        kind, _colon, rest = knob.key.partition(":")
        section = found.setdefault(kind, Section(titles.get(kind, kind), []))
        head = f"{kind}:{rest.split('.')[0]}"
        group = groups.get(head)
        title, label = parts_of(knob)
        if group is None:
            group = groups[head] = Group(title, [])
            section.groups.append(group)
        slider = _slider(knob.key, len(groups) * 1000 + len(group.knobs), f"{title} {label}".strip(), label or title,
                         knob.unit, knob.value, asked, problems)  # fmt: skip
        group.knobs.append(slider)
    for group in groups.values():
        group.alone = len(group.knobs) == 1 and group.knobs[0].label == group.title
    if pay:
        found["pay"] = _schedule(pay, asked, problems)
    ordered = [found[key] for key in (*SECTIONS, *(k for k in found if k not in SECTIONS)) if key in found]
    for section in ordered:
        section.open = any(knob.changed or knob.problem for group in section.groups for knob in group.knobs)
    if ordered and not any(section.open for section in ordered):
        ordered[0].open = True
    return ordered


PLAIN_PARTS = ("limit", "constant")


def parts_of(knob: Any) -> tuple[str, str]:
    """What the number belongs to, and which number of it this is; nothing where it has only the one."""
    words = knob.title.en if formats.english() else knob.title.zh
    title, _mark, label = words.rpartition(" · ")
    last = knob.key.rsplit(".", 1)[-1]
    return (title or label, "" if last in PLAIN_PARTS and "[" not in knob.key else label)


def _slider(
    key: str, number: int, title: str, label: str, unit: str | None, before: Decimal, asked: Asked,
    problems: Mapping[str, str],
) -> Slider:  # fmt: skip
    value = asked.turns.get(key, before)
    typed, problem, shown = asked.unread.get(key), problems.get(key, ""), str(formats.quantity(before, unit))
    changed = value != before or typed is not None
    if unit == "cny" and before >= 10_000:
        key, unit, before, value = f"{WAN}{key}", "wan_cny", before / 10_000, value / 10_000
    scale = spread(before, unit)
    return Slider(
        key=key,
        id=f"knob-{number}",
        title=title,
        label=label,
        unit=unit_words(unit),
        before=plain(before),
        before_shown=shown,
        value=typed if typed is not None else plain(value),
        least="0",
        most=plain(max(scale[0], value)),
        step=plain(scale[1]),
        changed=changed,
        problem=problem,
    )


def _schedule(pay: Mapping[int, Decimal], asked: Asked, problems: Mapping[str, str]) -> Section:
    """The share that is paid year by year, where the rules have no schedule of their own."""
    knobs = []
    for number, (year, before) in enumerate(sorted(pay.items())):
        key = f"{PAY}{year}"
        value = asked.pay.get(year, before)
        title = _("%(year)s 年支付比例") % {"year": year}
        knobs.append(
            Slider(key, f"pay-{number}", title, title, "%", plain(before), f"{plain(before)}%", plain(value), "0",
                   "100", "5", value != before, problems.get(key, ""))
        )  # fmt: skip
    return Section(
        _("退坡安排"),
        [Group(_("各年按算得金额的多少支付"), knobs)],
        note=_("规则本身没有退坡安排；这里试算逐年降低支付比例的效果。"),
    )


def spread(before: Decimal, unit: str | None) -> tuple[Decimal, Decimal]:
    """`(most, step)` of a slider: a share runs to 100, anything else to about three times its value. The value in
    force stands on a step, else the slider would show another number than the field."""
    if unit in ("percent", "points") and before <= 100:
        most, step = Decimal(100), Decimal("0.5") if unit == "percent" and before <= 20 else Decimal(1)
    else:
        most = max(before * 3, Decimal(10))
        power = Decimal(10) ** (most.adjusted() - 1)
        most = (most / power).to_integral_value(ROUND_CEILING) * power
        step = power / 2 if power >= 2 else Decimal(1)
    if before % step:
        exponent = before.normalize().as_tuple().exponent
        step = Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(1)
    return most, step


def unit_words(unit: str | None) -> str:
    """The unit as the reader calls it; none for a bare number."""
    known = UNITS.get(unit or "")
    if known is None:
        return ""
    return known.label.en if formats.english() else known.label.zh
