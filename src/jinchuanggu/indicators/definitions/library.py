"""What each indicator is called, counted in and counts, how it adds up and who supplies it, as typed data.

The shipped ones are YAML (`definitions.yaml`, `further.yaml`, `shipped/*.yaml`), read by `files`; those
that offices add are rows of IndicatorDefinition, merged in by `catalogue`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import get_language

from jinchuanggu.engines.periods import PeriodKind
from jinchuanggu.engines.rules.texts import Lang
from jinchuanggu.engines.rules.units import UNITS, quantity

LEVELS = ("firm", "valley", "city", "province")
DIMENSIONS = ("field", "kind", "size")
KINDS: Mapping[str, PeriodKind] = {
    "moment": PeriodKind.MONTH,
    "month": PeriodKind.MONTH,
    "quarter": PeriodKind.QUARTER,
    "year": PeriodKind.YEAR,
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """`unit`: code of the unit table in which values are stored; `computed`: the residents' records give it.

    `judged`: the recognition conditions name it; the others are kept as published and decide nothing.
    `period`: moment, month, quarter or year; a moment is kept by month, as it stood at its end.
    `level`: the lowest unit with a value of its own. `aggregation`: how units make the unit above (sum, average, ratio,
    distinct, none); `over_time`: how periods make a longer one (sum, last, average).
    `source`: computed, filed, derived or published. `formula`: of a derived one, as written. `basis`: where the
    definition comes from; `confidence`: how sure that is (searched, recalled, own, unknown).
    """

    key: str
    unit: str
    title: dict[str, str]
    counts: dict[str, str]
    clause: str = ""
    yearly: bool = False
    computed: bool = False
    judged: bool = True
    period: str = "moment"
    level: str = "valley"
    aggregation: str = "sum"
    over_time: str = "last"
    breakdowns: tuple[str, ...] = ()
    source: str = "published"
    formula: Mapping[str, Any] = field(default_factory=dict)
    owner: str = ""
    group: str = ""
    basis: str = ""
    confidence: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    shipped: bool = True

    @property
    def name(self) -> str:
        return self.title[_lang()]

    @property
    def meaning(self) -> str:
        return self.counts[_lang()]

    @property
    def unit_label(self) -> str:
        return UNITS[self.unit].label.get(_lang())

    @property
    def kind(self) -> PeriodKind:
        """The length of the periods under which values are stored."""
        return KINDS[self.period]

    @property
    def additive(self) -> bool:
        """Whether a unit's value is exactly the sum of those of the units below."""
        return self.aggregation == "sum"

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


def _lang() -> Lang:
    return "en" if (get_language() or "").startswith("en") else "zh"


def _nothing() -> Mapping[str, Indicator]:
    return {}


# what offices have added; the catalogue puts its reader here when the app is ready
authored: Callable[[], Mapping[str, Indicator]] = _nothing


@cache
def indicators() -> dict[str, Indicator]:
    """All shipped indicators by key, in the order of the conditions, then the others."""
    from jinchuanggu.indicators.definitions.files import shipped

    return shipped()


def judged() -> dict[str, Indicator]:
    """Those the recognition conditions name."""
    return {key: indicator for key, indicator in indicators().items() if indicator.judged}


def found(key: str) -> Indicator | None:
    """One indicator, shipped or authored."""
    return indicators().get(key) or authored().get(key)


def title_of(key: str) -> str:
    """The indicator's name in the reader's language; an unknown key as it is."""
    known = found(key)
    return known.name if known else key


def shown(key: str, value: Decimal) -> str:
    """A value with its unit for people: 30,000 平方米, 3.2 亿元.

    Money in yuan, whatever the key, by `_cny`.
    """
    known = found(key)
    unit = known.unit if known else ("cny" if key.endswith("_cny") else None)
    return quantity(value, unit).get(_lang())
