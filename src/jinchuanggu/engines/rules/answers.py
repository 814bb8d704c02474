"""Numbers as an answer shows them: points from - to, named values, amounts; and their form for machines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jinchuanggu.engines.rules.texts import Text
from jinchuanggu.engines.rules.units import grouped, quantity

Value = Decimal | str | bool | None


@dataclass(frozen=True, slots=True)
class Points:
    """The points of one part of a score, from ``low`` to ``high``; equal once nothing is open.

    ``value`` in ``unit`` is what was measured for them. ``used``: of alternatives the one that gives the points.
    """

    id: str
    title: Text
    low: Decimal
    high: Decimal
    most: Decimal
    value: Value
    unit: str | None
    reason: str
    missing: tuple[str, ...]
    flags: tuple[str, ...]
    used: str | None
    children: tuple[Points, ...] = ()

    @property
    def open(self) -> bool:
        return self.low != self.high

    @property
    def text(self) -> Text:
        """``78–86 分``, or ``86 分`` where nothing is open."""
        return interval(self.low, self.high, "points")

    def walk(self) -> Iterator[Points]:
        """This part and all parts inside it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def as_dict(self) -> dict[str, object]:
        return {
            "id": self.id,
            "title": self.title.as_dict(),
            "low": plain(self.low),
            "high": plain(self.high),
            "most": plain(self.most),
            "text": self.text.as_dict(),
            "value": plain(self.value),
            "unit": self.unit,
            "reason": self.reason,
            "missing": list(self.missing),
            "flags": list(self.flags),
            "used": self.used,
            "children": [child.as_dict() for child in self.children],
        }


@dataclass(frozen=True, slots=True)
class Worth:
    """A named value: its number in ``unit``, or why there is none (``undefined``: there never will be one).

    ``value`` is rounded to be shown where it does not end; ``exact`` is not (None for an irrational rate).
    """

    title: Text
    value: Decimal | None
    unit: str
    reason: str
    undefined: bool
    missing: tuple[str, ...]
    flags: tuple[str, ...]
    of: tuple[str, ...]
    exact: Fraction | None = None

    def as_dict(self) -> dict[str, object]:
        return {
            "title": self.title.as_dict(),
            "value": plain(self.value),
            "unit": self.unit,
            "reason": self.reason,
            "undefined": self.undefined,
            "missing": list(self.missing),
            "flags": list(self.flags),
            "of": list(self.of),
        }


@dataclass(frozen=True, slots=True)
class Amount:
    """What a benefit comes to in yuan by its formula and the day, as if the conditions were met.

    ``due``: whether they are; None while that is open.
    ``known`` is false where the document's figure or a fact is not known: then there is no number at all.
    ``percent``: the share that is paid on the day (退坡), 100 before the first step.
    """

    low: Decimal | None
    high: Decimal | None
    known: bool
    text: Text
    percent: Decimal = Decimal(100)
    reason: str = ""
    missing: tuple[str, ...] = ()
    due: bool | None = None

    def as_dict(self) -> dict[str, object]:
        return {
            "low": plain(self.low),
            "high": plain(self.high),
            "known": self.known,
            "due": self.due,
            "text": self.text.as_dict(),
            "percent": plain(self.percent),
            "reason": self.reason,
            "missing": list(self.missing),
        }


def interval(low: Decimal, high: Decimal, unit: str) -> Text:
    """From - to, with the unit once: ``78–86 分``."""
    last = quantity(high, unit)
    if low == high:
        return last
    if unit == "cny":
        first = quantity(low, unit)
        return Text(f"{first.zh}–{last.zh}", f"{first.en} – {last.en}")
    return Text(f"{grouped(low)}–{last.zh}", f"{grouped(low)}–{last.en}")


def plain(value: Value) -> int | float | str | bool | None:
    """A value as JSON can carry it, exactly: a whole number as int, a decimal as the float that prints alike.

    A decimal no float prints exactly (more than 17 digits) stays a string of digits.
    """
    if not isinstance(value, Decimal):
        return value
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else format(value, "f")
