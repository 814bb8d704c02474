"""The unit table: what may be compared with what, and by which exact factor."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jinchuanggu.engines.rules.texts import Text


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: ``factor`` its size in the base unit of its dimension, ``step`` the least that counts."""

    code: str
    dimension: str
    factor: Fraction
    label: Text
    step: Fraction = Fraction(0)

    @property
    def whole(self) -> bool:
        """Whether only whole numbers of it exist (firms, people). Points are given whole, but a mean need not be."""
        return self.step == 1 and self.dimension != "points"


def _unit(code: str, dimension: str, factor: str, zh: str, en: str, step: str = "0") -> Unit:
    return Unit(code, dimension, Fraction(factor), Text(zh, en), Fraction(step))


UNITS: dict[str, Unit] = {
    unit.code: unit
    for unit in (
        _unit("m2", "area", "1", "平方米", "m²", "1/100"),
        _unit("mu", "area", "2000/3", "亩", "mu", "1/100"),
        _unit("hectare", "area", "10000", "公顷", "ha", "1/1000000"),
        _unit("km2", "area", "1000000", "平方公里", "km²", "1/100000000"),
        _unit("fen", "money", "1/100", "分", "fen", "1"),
        _unit("cny", "money", "1", "元", "yuan", "1/100"),
        _unit("wan_cny", "money", "10000", "万元", "×10⁴ yuan", "1/1000000"),
        _unit("yi_cny", "money", "100000000", "亿元", "×10⁸ yuan", "1/10000000000"),
        _unit("usd", "money_usd", "1", "美元", "US dollars", "1/100"),
        _unit("wan_usd", "money_usd", "10000", "万美元", "×10⁴ US dollars", "1/1000000"),
        _unit("yi_usd", "money_usd", "100000000", "亿美元", "×10⁸ US dollars", "1/10000000000"),
        _unit("cny_m2_month", "rent", "1", "元/平方米·月", "yuan per m² and month", "1/100"),
        _unit("persons", "people", "1", "人", "people", "1"),
        _unit("count", "count", "1", "个", "", "1"),
        _unit("percent", "ratio", "1/100", "%", "%"),
        _unit("ratio", "ratio", "1", "", ""),
        _unit("points", "points", "1", "分", "points", "1"),
        _unit("days", "days", "1", "天", "days", "1"),
        _unit("months", "months", "1", "个月", "months"),
        _unit("years", "months", "12", "年", "years"),
    )
}


class UnitMismatch(ValueError):
    """Two units that measure different things, such as yuan and square metres."""


def convert(value: Decimal | Fraction, source: str, target: str) -> Fraction:
    """The same amount in another unit, exactly. Raises UnitMismatch across dimensions."""
    if source == target:
        return Fraction(value)
    from_unit, to_unit = UNITS[source], UNITS[target]
    if from_unit.dimension != to_unit.dimension:
        raise UnitMismatch(f"{source} -> {target}")
    return Fraction(value) * from_unit.factor / to_unit.factor


def decimal_of(value: Fraction, places: int = 6) -> Decimal:
    """As a decimal: exact where the fraction ends, else rounded half even to ``places`` (to be shown)."""
    below = value.denominator
    if below == 1:
        return Decimal(value.numerator)
    twos, fives = 0, 0
    while below % 2 == 0:
        below, twos = below // 2, twos + 1
    while below % 5 == 0:
        below, fives = below // 5, fives + 1
    if below == 1:
        digits = max(twos, fives)
        return Decimal(value.numerator * 10**digits // value.denominator).scaleb(-digits)
    scaled = round(value * 10**places)
    return Decimal(scaled).scaleb(-places)


def grouped(value: Decimal) -> str:
    """With thousands separators and without idle zeros: 30000.0 -> 30,000."""
    if value == value.to_integral_value():
        return f"{int(value):,}"
    return f"{value:,f}".rstrip("0")


def quantity(value: Decimal, unit: str | None) -> Text:
    """For people to read: 30,000 平方米; money in 万元 or 亿元 by its size."""
    if unit is None:
        return Text(grouped(value), grouped(value))
    if unit in ("cny", "usd"):
        # scaling a decimal by a power of ten is exact
        for size, power in (("yi", 8), ("wan", 4)):
            if abs(value) >= 10**power:
                shown, label = grouped(value.scaleb(-power).normalize()), UNITS[f"{size}_{unit}"].label
                return Text(f"{shown} {label.zh}", f"{grouped(value)} {UNITS[unit].label.en}")
    label = UNITS[unit].label
    shown = grouped(value)
    if unit == "percent":
        return Text(f"{shown}%", f"{shown}%")
    return Text(f"{shown} {label.zh}".strip(), f"{shown} {label.en}".strip())
