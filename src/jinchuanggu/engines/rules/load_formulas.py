"""Each formula of a named value as a rule file writes it. Every unit is checked against that of the value."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from fractions import Fraction

from jinchuanggu.engines.rules.formulas import (
    Age,
    Constant,
    Counted,
    Formula,
    Greatest,
    Least,
    Lookup,
    Mean,
    Product,
    Quotient,
    Rate,
    Remaining,
    Share,
    Stairs,
    Step,
    Stepped,
    Sum,
    Tier,
    Tiers,
    Total,
    Year,
)
from jinchuanggu.engines.rules.input_use import InputUse, hidden, quotient, where
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.nodes import Mapping, Node
from jinchuanggu.engines.rules.reading import is_null, join
from jinchuanggu.engines.rules.texts import Text, same
from jinchuanggu.engines.rules.units import UNITS, decimal_of

MOST_YEARS = 20


@dataclass(frozen=True, slots=True)
class FormulaUse:
    """Reads the formula of one value: ``unit`` is the declared one, ``found`` all keys of the value."""

    use: InputUse
    unit: str
    found: AnyMapping[str, Node]

    def parts(
        self, node: Node, path: str, required: tuple[str, ...], more: tuple[str, ...] = ()
    ) -> dict[str, Node]:
        return self.use.reader.mapping(node, path, (*required, *more), required)

    def operand(
        self, parts: dict[str, Node], key: str, path: str, wanted: InputType, *, unit: str | None = None
    ) -> Input | None:
        """A declared name of the wanted type, in the unit asked for; ``None`` as unit takes any."""
        declared = self.use.input(parts, key, path, wanted)
        if declared is not None and unit is not None and declared.unit is not None:
            self.same_unit(declared, unit, parts[key], join(path, key))
        return declared

    def same_unit(self, declared: Input, unit: str, node: Node, path: str) -> None:
        if declared.unit != unit:
            got = f"{declared.id}: {declared.unit}"
            self.use.reader.problem("unit_mismatch", node, path, expected=same(unit), got=got)

    def several(self, node: Node, path: str, *, alike: bool = True, least: int = 1) -> tuple[str, ...]:
        """Names of numbers; ``alike``: in the unit of the value."""
        reader, found = self.use.reader, []
        items = reader.sequence(node, path)
        if items is not None and len(items) < least:
            expected = Text(f"至少 {least} 个名称", f"at least {least} names")
            reader.problem("blank", node, path, expected=expected)
        for index, item in enumerate(items or ()):
            at = f"{path}[{index}]"
            declared = self.use.named(item, at, InputType.NUMBER)
            if declared is None:
                continue
            if alike:
                self.same_unit(declared, self.unit, item, at)
            found.append(declared.id)
        return tuple(found)

    def whole(self, parts: dict[str, Node], key: str, path: str, low: int, high: int) -> int | None:
        if key not in parts:
            return None
        value = self.use.reader.integer(parts[key], join(path, key))
        if value is not None and not low <= value <= high:
            expected = same(f"{low} … {high}")
            self.use.reader.problem("number", parts[key], join(path, key), expected=expected, got=str(value))
        return value

    def must_be(self, unit: str | tuple[str, ...], path: str) -> None:
        """The unit a formula gives whatever it reads."""
        units = (unit,) if isinstance(unit, str) else unit
        if self.unit not in units:
            expected = same(" | ".join(units))
            self.use.reader.problem(
                "unit_mismatch", self.found["unit"], join(path.rpartition(".")[0], "unit"),
                expected=expected, got=self.unit,
            )  # fmt: skip

    def percent(self, parts: dict[str, Node], key: str, path: str) -> Fraction | None:
        """A share: 0 or more; a share above the whole is a slip."""
        value = self.use.number(parts, key, path)
        if value is not None and not 0 <= value <= 1000:
            got = f"{decimal_of(value):f}"
            self.use.reader.problem("number", parts[key], join(path, key), expected=same("0 … 1000"), got=got)
        return value


def _sum(it: FormulaUse, node: Node, path: str) -> Formula | None:
    plus = it.several(node, path)
    less = it.found.get("less")
    minus = it.several(less, join(path.rpartition(".")[0], "less")) if less is not None else ()
    return Sum(plus, minus) if plus else None


def _year(it: FormulaUse, node: Node, path: str) -> Formula | None:
    parts = it.parts(node, path, ("of",), ("back",))
    of = it.operand(parts, "of", path, InputType.SERIES, unit=it.unit)
    back = it.whole(parts, "back", path, 0, MOST_YEARS)
    return None if of is None else Year(of.id, back or 0)


def _years(it: FormulaUse, node: Node, path: str) -> tuple[str, int, str | None] | None:
    parts = it.parts(node, path, ("of", "years"), ("since",))
    of = it.operand(parts, "of", path, InputType.SERIES, unit=it.unit)
    years = it.whole(parts, "years", path, 1, MOST_YEARS)
    since = it.operand(parts, "since", path, InputType.DATE)
    return None if of is None or years is None else (of.id, years, since.id if since else None)


def _total(it: FormulaUse, node: Node, path: str) -> Formula | None:
    found = _years(it, node, path)
    return None if found is None else Total(*found)


def _mean(it: FormulaUse, node: Node, path: str) -> Formula | None:
    found = _years(it, node, path)
    return None if found is None else Mean(*found)


def _rate(it: FormulaUse, node: Node, path: str) -> Formula | None:
    it.must_be("percent", path)
    parts = it.parts(node, path, ("of", "method", "steps"), ("shorten_zero", "since"))
    of = it.operand(parts, "of", path, InputType.SERIES)
    reader = it.use.reader
    method = (
        reader.choice(parts["method"], join(path, "method"), ("mean", "compound"))
        if "method" in parts
        else None
    )
    steps = it.whole(parts, "steps", path, 1, MOST_YEARS)
    shorten = (
        reader.boolean(parts["shorten_zero"], join(path, "shorten_zero"))
        if "shorten_zero" in parts
        else False
    )
    since = it.operand(parts, "since", path, InputType.DATE)
    if of is None or method is None or steps is None:
        return None
    return Rate(of.id, method, steps, bool(shorten), since.id if since else None)


def _quotient(it: FormulaUse, node: Node, path: str) -> Formula | None:
    it.must_be("percent", path)
    parts = it.parts(node, path, ("numerator", "denominator"))
    found = quotient(it.use, node, parts, path)
    return None if found is None else Quotient(*found)


def _share(it: FormulaUse, node: Node, path: str) -> Formula | None:
    parts = it.parts(node, path, ("of", "value", "unit"))
    of = it.operand(parts, "of", path, InputType.NUMBER, unit=it.unit)
    it.use.limit(parts, path, "percent")
    percent = it.percent(parts, "value", path)
    return None if of is None or percent is None else Share(of.id, percent)


def _product(it: FormulaUse, node: Node, path: str) -> Formula | None:
    names = it.several(node, path, alike=False, least=2)
    return Product(names) if names else None


def _greatest(it: FormulaUse, node: Node, path: str) -> Formula | None:
    names = it.several(node, path, least=2)
    return Greatest(names) if names else None


def _least(it: FormulaUse, node: Node, path: str) -> Formula | None:
    names = it.several(node, path, least=2)
    return Least(names) if names else None


def _age(it: FormulaUse, node: Node, path: str) -> Formula | None:
    it.must_be(("days", "months", "years"), path)
    parts = it.parts(node, path, ("since",), ("begun",))
    since = it.operand(parts, "since", path, InputType.DATE)
    begun = "begun" in parts and it.use.reader.boolean(parts["begun"], join(path, "begun"))
    return None if since is None else Age(since.id, bool(begun))


def _remaining(it: FormulaUse, node: Node, path: str) -> Formula | None:
    it.must_be("days", path)
    parts = it.parts(node, path, ("until",))
    until = it.operand(parts, "until", path, InputType.DATE)
    return None if until is None else Remaining(until.id)


def _stepped(it: FormulaUse, node: Node, path: str) -> Formula | None:
    parts = it.parts(node, path, ("by", "bands", "otherwise"))
    by = it.operand(parts, "by", path, InputType.NUMBER)
    otherwise = it.use.number(parts, "otherwise", path)
    at = join(path, "bands")
    nodes = it.use.reader.sequence(parts["bands"], at) if "bands" in parts else None
    steps: list[Step] = []
    for index, item in enumerate(nodes or ()):
        here = f"{at}[{index}]"
        band = it.parts(item, here, ("operator", "value", "unit", "then"))
        compared = it.use.band(band, here, by.unit if by else None)
        then = it.use.number(band, "then", here)
        if compared is None or then is None:
            continue
        if steps and hidden((steps[-1].operator, steps[-1].limit), compared):
            it.use.reader.problem("band_order", item, here, got=f"{compared[0]} {decimal_of(compared[1]):f}")
        steps.append(Step(*compared, then))
    if nodes is not None and not nodes:
        it.use.reader.problem("blank", parts["bands"], at)
    if by is None or otherwise is None or not steps:
        return None
    return Stepped(by.id, tuple(steps), otherwise)


def _lookup(it: FormulaUse, node: Node, path: str) -> Formula | None:
    parts = it.parts(node, path, ("by", "options"), ("otherwise",))
    by = it.operand(parts, "by", path, InputType.CODE)
    options: dict[str, Fraction] = {}
    table, at = parts.get("options"), join(path, "options")
    if isinstance(table, Mapping):
        it.use.accepted(by, table, at)
        for key, value in table.entries:
            number = None if is_null(value) else it.use.reader.number(value, join(at, key.raw), negative=True)
            if number is not None:
                options[key.raw] = Fraction(number)
    elif table is not None:
        it.use.reader.mapping(table, at, ())
    return (
        None if by is None or not options else Lookup(by.id, options, it.use.number(parts, "otherwise", path))
    )


def _tiers(it: FormulaUse, node: Node, path: str) -> Formula | None:
    parts = it.parts(node, path, ("of", "tiers"))
    of = it.operand(parts, "of", path, InputType.NUMBER, unit=it.unit)
    at = join(path, "tiers")
    nodes = it.use.reader.sequence(parts["tiers"], at) if "tiers" in parts else None
    tiers: list[Tier] = []
    for index, item in enumerate(nodes or ()):
        here = f"{at}[{index}]"
        tier = it.parts(item, here, ("percent",), ("up_to",))
        up_to, percent = it.use.number(tier, "up_to", here), it.percent(tier, "percent", here)
        if percent is None:
            continue
        before = tiers[-1].up_to if tiers else Fraction(0)
        if before is None or (up_to is not None and up_to <= before):
            it.use.reader.problem(
                "band_order", item, here, got="∞" if up_to is None else f"{decimal_of(up_to):f}"
            )
        tiers.append(Tier(up_to, percent))
    if nodes is not None and not nodes:
        it.use.reader.problem("blank", parts["tiers"], at)
    return None if of is None or not tiers else Tiers(of.id, tuple(tiers))


def _stairs(it: FormulaUse, node: Node, path: str) -> Formula | None:
    keys = ("of", "first", "gives", "each", "adds")
    parts = it.parts(node, path, keys)
    of = it.operand(parts, "of", path, InputType.NUMBER)
    numbers = [it.use.number(parts, key, path) for key in keys[1:]]
    first, gives, each, adds = numbers
    if each is not None and each <= 0:
        it.use.reader.problem("number", parts["each"], join(path, "each"), expected=same("> 0"))
    if of is None or first is None or gives is None or each is None or adds is None:
        return None
    return Stairs(of.id, first, gives, each, adds)


def _constant(it: FormulaUse, node: Node, path: str) -> Formula | None:
    number = it.use.reader.number(node, path, negative=True)
    return None if number is None else Constant(Fraction(number))


def _counted(it: FormulaUse, node: Node, path: str) -> Formula | None:
    if not UNITS[it.unit].whole:
        it.must_be("count", path)
    parts = it.parts(node, path, ("of",), ("where",))
    of = it.operand(parts, "of", path, InputType.LIST)
    return None if of is None else Counted(of.id, where(it.use, parts, path))


FORMULAS: dict[str, Callable[[FormulaUse, Node, str], Formula | None]] = {
    "sum": _sum,
    "year": _year,
    "total": _total,
    "mean": _mean,
    "rate": _rate,
    "quotient": _quotient,
    "share": _share,
    "product": _product,
    "greatest": _greatest,
    "least": _least,
    "age": _age,
    "remaining": _remaining,
    "stepped": _stepped,
    "lookup": _lookup,
    "tiers": _tiers,
    "stairs": _stairs,
    "constant": _constant,
    "counted": _counted,
}
