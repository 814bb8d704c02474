"""What each indicator is called, counted in and counts: `definitions.yaml` and `further.yaml` as typed
data.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

import yaml
from django.utils.translation import get_language

from jinchuanggu.engines.rules.texts import Lang
from jinchuanggu.engines.rules.units import UNITS, quantity


@dataclass(frozen=True, slots=True)
class Indicator:
    """`unit`: code of the unit table in which values are stored; `computed`: the residents' records give it.

    `judged`: the recognition conditions name it; the others are kept as published and decide nothing.
    """

    key: str
    unit: str
    title: dict[str, str]
    counts: dict[str, str]
    clause: str = ""
    yearly: bool = False
    computed: bool = False
    judged: bool = True

    @property
    def name(self) -> str:
        return self.title[_lang()]

    @property
    def meaning(self) -> str:
        return self.counts[_lang()]

    @property
    def unit_label(self) -> str:
        return UNITS[self.unit].label.get(_lang())


def _lang() -> Lang:
    return "en" if (get_language() or "").startswith("en") else "zh"


@cache
def indicators() -> dict[str, Indicator]:
    """All indicators by key, in the order of the conditions, then the others."""
    found = {}
    for name, judged in (("definitions.yaml", True), ("further.yaml", False)):
        for row in yaml.safe_load(files(__package__).joinpath(name).read_text("utf-8")):
            found[row["key"]] = Indicator(**row, judged=judged)
    return found


def judged() -> dict[str, Indicator]:
    """Those the recognition conditions name."""
    return {key: indicator for key, indicator in indicators().items() if indicator.judged}


def title_of(key: str) -> str:
    """The indicator's name in the reader's language; an unknown key as it is."""
    found = indicators().get(key)
    return found.name if found else key


def shown(key: str, value: Decimal) -> str:
    """A value with its unit for people: 30,000 平方米, 3.2 亿元.

    Money in yuan, whatever the key, by `_cny`.
    """
    found = indicators().get(key)
    unit = found.unit if found else ("cny" if key.endswith("_cny") else None)
    return quantity(value, unit).get(_lang())
