"""What tests of the store share: a small tree of units, definitions, posting by short names."""

from __future__ import annotations

from decimal import Decimal

from jinchuanggu.engines.periods import Period
from jinchuanggu.indicators.models import IndicatorDefinition, Unit, UnitLevel, Value
from jinchuanggu.indicators.store.posting import Posted, Posting, post
from jinchuanggu.indicators.store.rollup import roll_up

FIELDS = ("新材料", "数字经济", "")


def define(key: str, **fields: object) -> IndicatorDefinition:
    """A definition that adds up, filed by firms each month, unless said otherwise."""
    values = {
        "title": {"zh": key, "en": key}, "counts": {"zh": "", "en": ""}, "unit": "cny", "period": "month", "level": "firm",
        "aggregation": "sum", "over_time": "sum", "source": "filed", "breakdowns": ["field", "size"],
    } | fields  # fmt: skip
    return IndicatorDefinition.objects.create(key=key, **values)


def tree(cities: int = 2, valleys: int = 2, firms: int = 3, first: int = 0) -> list[Unit]:
    """Firms of a province of their own, under valleys under cities; nothing that they stand for exists."""
    number = iter(range(first + 1, first + 1_000_000))

    def unit(level: int, parent: Unit | None, **traits: str) -> Unit:
        return Unit.objects.create(level=level, ref_id=10_000_000 + next(number), parent=parent, **traits)

    province = unit(UnitLevel.PROVINCE, None)
    made: list[Unit] = []
    for _ in range(cities):
        city = unit(UnitLevel.CITY, province)
        for _ in range(valleys):
            valley = unit(UnitLevel.VALLEY, city)
            for n in range(firms):
                traits = {"field": FIELDS[n % 3], "kind": "enterprise", "size": "micro" if n % 2 else "small"}
                made.append(unit(UnitLevel.FIRM, valley, **traits))
    return made


def keep(*rows: tuple[object, ...], **more: object) -> Posted:
    """Post `(key, unit, period text, value)` and roll up."""
    posted = post(
        Posting(
            str(key), unit.pk, Period.parse(str(period)), None if value is None else Decimal(str(value)), **more
        )
        for key, unit, period, value in rows
    )  # fmt: skip
    roll_up(posted)
    return posted


def current(key: str, unit: Unit, period: str, breakdown: tuple[str, str] | None = None) -> Value | None:
    """The row that counts."""
    from jinchuanggu.indicators.store.posting import breakdown_ids

    group = breakdown_ids({breakdown})[breakdown] if breakdown else 0
    return Value.objects.filter(
        indicator__key=key, unit=unit, period=Period.parse(period).number, breakdown=group, current=True
    ).first()


def amount(key: str, unit: Unit, period: str, breakdown: tuple[str, str] | None = None) -> Decimal | None:
    row = current(key, unit, period, breakdown)
    return None if row is None else row.value
