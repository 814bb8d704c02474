"""Which facts a firm's profile holds: those that the rule files for firms read, as far as a firm can state them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from jinchuanggu.engines import rules
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.texts import Text

STATED = {InputType.NUMBER, InputType.SERIES, InputType.BOOLEAN, InputType.CODE, InputType.DATE}
"""Lists and judgements of experts are no part of a profile."""

CITY_OF_FIRM = "city"
COMPUTED = frozenset({"valley_resident", "valley_entered_on", CITY_OF_FIRM})
"""Facts that the records of residency and the register of organisations give; nobody types them."""

MAY_BE_NEGATIVE = frozenset(
    {"net_profit_cny", "net_assets_cny", "operating_cash_flow_cny", "pretax_profit_cny"}
)
"""Balances; every other amount, count or share starts at zero."""

SHOWN_YEARS = 4
"""So many years stand side by side in the form, in the template and in exports."""

KEPT_YEARS = 8
"""So many years back are read for a judgement."""

OTHERS = "others"


@cache
def read_inputs() -> Mapping[str, Input]:
    """Every input that a rule file for firms reads, by id: the shared vocabulary first, then what single
    files add."""
    return {
        name: declared
        for name, declared in rules.firm_inputs().items()
        if declared.type in STATED and not declared.computed
    }


def typed_inputs() -> dict[str, Input]:
    """What people type: all but what records give."""
    return {name: declared for name, declared in read_inputs().items() if name not in COMPUTED}


@cache
def groups() -> dict[str, Text]:
    """The groups of the form in their order; what belongs to none comes last."""
    found = dict(rules.vocabulary("firm").groups)
    return {**found, OTHERS: Text("单项政策另需", "For single policies")}


def group_of(declared: Input) -> str:
    return declared.group if declared.group in groups() else OTHERS


def data_year(today_year: int) -> int:
    """The last year that is over."""
    return today_year - 1


def shown_years(today_year: int) -> list[int]:
    """The years of the form, latest first."""
    last = data_year(today_year)
    return [last - back for back in range(SHOWN_YEARS)]


def key_of(name: str, year: int | None = None) -> str:
    """The name of one fact, as rule results name it: `staff_total`, `revenue_cny@2025`."""
    return name if year is None else f"{name}@{year}"


def split_key(key: str) -> tuple[str, int | None]:
    """`key_of` backwards; the year is None for what is not yearly or no year."""
    name, _, year = key.partition("@")
    return name, int(year) if year.isdecimal() else None


def title_of(key: str) -> Text:
    """The words for one fact, with its year; the key itself for a fact nobody declares."""
    name, year = split_key(key)
    declared = read_inputs().get(name)
    title = declared.title if declared else Text(name, name)
    return title if year is None else Text(f"{title.zh}（{year} 年）", f"{title.en} ({year})")


def anchor(key: str) -> str:
    """The id of the fact's field on the form: `@` would not do in an address."""
    return "f-" + key.replace("@", "-")
