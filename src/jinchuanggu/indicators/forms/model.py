"""What a form is: its cells in sections, what they are compared with, its checks, when it is due. Frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import get_language

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.engines.rules.model import Input
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.texts import Lang, Text
from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.foundation.codes.working_days import add_working_days


def reader_language() -> Lang:
    return "en" if (get_language() or "").startswith("en") else "zh"


def words(text: Text | None) -> str:
    """The text in the language of the reader."""
    return "" if text is None else text.get(reader_language())


class Severity(StrEnum):
    """Hard: cannot be submitted. Soft: asks for an explanation, which is kept."""

    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure asked for; `key` is the indicator it becomes.

    `prefill`: a reference of the form; `fill`: put into the cell to be confirmed, else only offered beside it.
    `readonly`: shown from the records, never typed or posted. `writes`: where the locked value goes besides the store.
    `decimals`: places where the unit alone says otherwise, such as people in full-time equivalents.
    """

    key: str
    title: Text
    unit: str
    required: bool = False
    negative: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    note: Text | None = None
    why: Text | None = None
    prefill: str = ""
    fill: bool = False
    readonly: bool = False
    writes: str = ""
    decimals: int | None = None

    @property
    def name(self) -> str:
        return words(self.title)

    @property
    def help(self) -> str:
        """How it is counted."""
        return words(self.note)

    @property
    def reason(self) -> str:
        """Why it is asked and who uses it."""
        return words(self.why)

    @property
    def unit_label(self) -> str:
        return words(UNITS[self.unit].label)

    @property
    def whole(self) -> bool:
        return UNITS[self.unit].whole and not self.decimals

    @property
    def places(self) -> int:
        """Decimal places that may be typed."""
        if self.decimals is not None:
            return self.decimals
        return 0 if self.whole else 2 if UNITS[self.unit].dimension == "money" else 4


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Text
    cells: tuple[Cell, ...]

    @property
    def name(self) -> str:
        return words(self.title)


@dataclass(frozen=True, slots=True)
class Reference:
    """A figure from elsewhere. `take`: before (this form, `back` periods earlier), sum or last (of another form's
    shorter periods), record (of the unit itself), value (of the store, for the unit and the period).
    """

    id: str
    take: str
    title: Text
    unit: str
    source: Text
    form: str = ""
    cell: str = ""
    back: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """`compare`: left operator right (or `right_number`). `near`: left and right differ by at most `percent` of the
    larger and `within`. `outlier`: each cell's last change against the firm's own changes. `change`: each cell against
    the period `back` before.
    """

    id: str
    kind: str
    severity: Severity
    title: Text
    advice: Text | None = None
    cells: tuple[str, ...] = ()
    left: str = ""
    operator: Operator = Operator.AT_MOST
    right: str = ""
    right_number: Decimal | None = None
    percent: Decimal = Decimal(0)
    within: Decimal = Decimal(0)
    factor: Decimal = Decimal(0)
    least: int = 0
    least_change: Decimal = Decimal(0)
    seen: int = 0
    back: int = 0
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """So many days after the last day of a period; a form opened late leaves at least `grace` days."""

    days: int
    working: bool = False
    grace: int = 0
    basis: str = ""

    def on(self, period: Period, opened: date) -> date:
        last = period.last_day
        due = add_working_days(last, self.days).day if self.working else last + timedelta(days=self.days)
        return max(due, opened + timedelta(days=self.grace))


@dataclass(frozen=True, slots=True)
class Form:
    """One version of one form. `by`: roles that may fill it in. `names`: every figure that checks may read."""

    id: str
    version: int
    title: Text
    level: str
    period: PeriodKind
    by: tuple[str, ...]
    due: Due
    check_days: int
    review_days: int
    remind_before: int
    remind_after: tuple[int, ...]
    first: Period
    sections: tuple[Section, ...]
    note: Text | None = None
    references: Mapping[str, Reference] = field(default_factory=dict)
    values: Mapping[str, Input] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    names: Mapping[str, Input] = field(default_factory=dict)
    cells: Mapping[str, Cell] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return words(self.title)

    @property
    def typed(self) -> tuple[Cell, ...]:
        """The cells that people fill in."""
        return tuple(cell for cell in self.cells.values() if not cell.readonly)

    def due_on(self, period: Period, opened: date) -> date:
        return self.due.on(period, opened)

    def title_of(self, name: str) -> Text:
        """The words for a cell, a reference or a value."""
        if name in self.cells:
            return self.cells[name].title
        if name in self.references:
            return self.references[name].title
        declared = self.values.get(name) or self.names.get(name)
        return declared.title if declared else Text(name, name)

    def unit_of(self, name: str) -> str:
        declared = self.names.get(name)
        return (declared.unit or "count") if declared else "count"
