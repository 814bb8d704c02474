"""What is wrong with a filing, or asks for a word of explanation. One source for screen, workbook and batch.

`check` looks at one filing. `check_many` looks at thousands: floats over NumPy columns find the rows where anything may
be wrong, with room for rounding, and `check`'s own code decides those exactly. So both always say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from jinchuanggu.engines.rules.exact import compare
from jinchuanggu.engines.rules.outcome import holds
from jinchuanggu.indicators.checks import past as checks_past
from jinchuanggu.indicators.checks import words as checks_words
from jinchuanggu.indicators.definitions.formula import operands_of, value_of
from jinchuanggu.indicators.forms.model import Cell, Check, Form, Severity, words

LEAST_WORDS = 2
"""Characters that an explanation has at least."""


@dataclass(frozen=True, slots=True)
class FilingContext:
    """What checks look at. Numbers are exact text as stored (or Decimal); what is absent or None is not known.

    `history`: {how many periods back: {cell: number}} of the same unit.
    """

    cells: Mapping[str, Decimal | str | None]
    references: Mapping[str, Decimal | str | None] = field(default_factory=dict)
    history: Mapping[int, Mapping[str, Decimal | str | None]] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """`id`: the check, with the cell where it looks at each (`growth:revenue_cny`); explanations are kept under it."""

    id: str
    severity: Severity
    cells: tuple[str, ...]
    message: str
    explained: bool = False
    explanation: str = ""
    advice: str = ""

    @property
    def hard(self) -> bool:
        return self.severity == Severity.HARD

    @property
    def blocks(self) -> bool:
        """Whether it keeps the filing from being submitted."""
        return self.hard or not self.explained


Found = tuple[str, tuple[str, ...], str]
"""(id, cells, message)"""


def exact(value: Decimal | str | None) -> Decimal | None:
    """A stored number; None where there is none."""
    return None if value is None or value == "" else Decimal(value)


def figure(form: Form, context: FilingContext, name: str) -> Fraction | None:
    """A cell, a reference or a value made of them, exactly; None while it is not known or not defined."""
    if name in form.cells:
        found = exact(context.cells.get(name))
        return None if found is None else Fraction(found)
    if name in form.references:
        reference = form.references[name]
        if reference.take == "before":
            found = exact(context.history.get(reference.back, {}).get(reference.cell))
        else:
            found = exact(context.references.get(name))
        return None if found is None else Fraction(found)
    made = form.values[name].formula
    assert made is not None
    units = {part: form.unit_of(part) for part in operands_of(made)}
    return value_of(made, {part: figure(form, context, part) for part in units}, units)


def check(form: Form, context: FilingContext) -> list[Finding]:
    """Everything to say about one filing: cells first, then the checks of the form in their order."""
    found: list[Finding] = []
    for cell in form.typed:
        found += (_finding(Severity.HARD, one, context) for one in check_cell(form, cell, context))
    for one in form.checks:
        found += run(form, one, context)
    return found


def run(form: Form, one: Check, context: FilingContext) -> list[Finding]:
    """What one check of a form finds in one filing."""
    told = _KINDS[one.kind](form, one, context)
    return [_finding(one.severity, each, context, words(one.advice)) for each in told]


def _finding(severity: Severity, told: Found, context: FilingContext, advice: str = "") -> Finding:
    said = context.explanations.get(told[0], "").strip()
    explained = severity == Severity.SOFT and len(said) >= LEAST_WORDS
    return Finding(told[0], severity, told[1], told[2], explained, said if explained else "", advice)


def check_cell(form: Form, cell: Cell, context: FilingContext) -> list[Found]:
    """Required, whole, decimal places, sign and limits."""
    value = exact(context.cells.get(cell.key))
    if value is None:
        if cell.required:
            message = _("“%(cell)s”为必填；没有发生额请填 0") % {"cell": cell.name}
            return [(f"required:{cell.key}", (cell.key,), message)]
        return []
    told: list[Found] = []
    if cell.whole and value != value.to_integral_value():
        message = _("“%(cell)s”应为整数，现为 %(value)s") % {"cell": cell.name, "value": value}
        told.append((f"whole:{cell.key}", (cell.key,), message))
    elif value != round(value, cell.places):
        message = _("“%(cell)s”至多 %(places)d 位小数，现为 %(value)s")
        told.append(
            (
                f"places:{cell.key}",
                (cell.key,),
                message % {"cell": cell.name, "places": cell.places, "value": value},
            )
        )
    low = cell.low if cell.low is not None or cell.negative else Decimal(0)
    if low is not None and value < low:
        message = _("“%(cell)s”为 %(value)s，不能小于 %(limit)s")
        told.append((f"range:{cell.key}", (cell.key,), message % checks_words.limit(cell, value, low)))
    if cell.high is not None and value > cell.high:
        message = _("“%(cell)s”为 %(value)s，不能大于 %(limit)s")
        told.append((f"range:{cell.key}", (cell.key,), message % checks_words.limit(cell, value, cell.high)))
    return told


def _compare(form: Form, one: Check, context: FilingContext) -> list[Found]:
    left = figure(form, context, one.left)
    right = figure(form, context, one.right) if one.right else Fraction(one.right_number or 0)
    if left is None or right is None or holds(left, one.operator, right):
        return []
    return [(one.id, one.cells, checks_words.compared(form, one, left, right))]


def _near(form: Form, one: Check, context: FilingContext) -> list[Found]:
    left, right = figure(form, context, one.left), figure(form, context, one.right)
    if left is None or right is None:
        return []
    room = max(max(abs(left), abs(right)) * Fraction(one.percent) / 100, Fraction(one.within))
    if compare(abs(left - right), room) <= 0:
        return []
    return [(one.id, one.cells, checks_words.near(form, one, left, right, room))]


def _change(form: Form, one: Check, context: FilingContext) -> list[Found]:
    told: list[Found] = []
    for key in one.cells:
        now, before = exact(context.cells.get(key)), exact(context.history.get(one.back, {}).get(key))
        if now is None or before is None:
            continue
        room = max(abs(Fraction(before)) * Fraction(one.percent) / 100, Fraction(one.within))
        if abs(Fraction(now) - Fraction(before)) > room:
            told.append((f"{one.id}:{key}", (key,), checks_words.changed(form, one, key, now, before)))
    return told


def _outlier(form: Form, one: Check, context: FilingContext) -> list[Found]:
    told: list[Found] = []
    for key in one.cells:
        now = exact(context.cells.get(key))
        past = {back: exact(cells.get(key)) for back, cells in context.history.items()}
        usual = checks_past.unusual(now, past, one)
        if usual is not None:
            told.append((f"{one.id}:{key}", (key,), checks_words.unusual(form, one, key, usual)))
    return told


_KINDS: dict[str, Callable[[Form, Check, FilingContext], list[Found]]] = {
    "compare": _compare,
    "near": _near,
    "change": _change,
    "outlier": _outlier,
}


def check_many(form: Form, contexts: Sequence[FilingContext]) -> list[list[Finding]]:
    """`check` of each, for thousands of filings at once."""
    from jinchuanggu.indicators.checks.columns import suspects

    found: list[list[Finding]] = [[] for _each in contexts]
    cell_rows, check_rows = suspects(form, contexts)
    for cell in form.typed:
        for row in cell_rows.get(cell.key, ()):
            told = check_cell(form, cell, contexts[row])
            found[row] += (_finding(Severity.HARD, one, contexts[row]) for one in told)
    for one in form.checks:
        for row in check_rows.get(one.id, ()):
            found[row] += run(form, one, contexts[row])
    return found
