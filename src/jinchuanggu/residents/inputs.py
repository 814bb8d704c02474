"""Which facts a firm's profile holds: those that the rule files for firms read, as far as a firm can state them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from jinchuanggu.engines import rules
from jinchuanggu.engines.rules import Library, Refused
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.texts import Text

STATED = {InputType.NUMBER, InputType.SERIES, InputType.BOOLEAN, InputType.CODE, InputType.DATE}
"""Lists and judgements of experts are no part of a profile."""

CITY_OF_FIRM = "city"
COMPUTED = frozenset({"valley_resident", "valley_entered_on", CITY_OF_FIRM})
"""Facts that the records of residency and the register of organisations give; nobody types them."""

SHOWN_YEARS = 4
"""So many years stand side by side in the form, in the template and in exports."""

KEPT_YEARS = 8
"""So many years back are read for a judgement."""

OTHERS = "others"


@dataclass(frozen=True, slots=True)
class _Known:
    """What one library of rules asks of firms. `readers`: the titles of the rule sets that read a fact."""

    library: Library
    inputs: Mapping[str, Input]
    typed: Mapping[str, Input]
    readers: Mapping[str, tuple[Text, ...]]


_source: Callable[[], Library] = rules.official
_known: _Known | None = None


def use(source: Callable[[], Library]) -> None:
    """Called once by the room of policies, which knows rules that officers wrote besides those of the product."""
    global _source
    _source = source


def refresh() -> None:
    """Look whether the rules changed; called before a profile or a population is read."""
    global _known
    library = _source()
    if _known is None or _known.library is not library:
        _known = _read(library)


def _current() -> _Known:
    global _known
    if _known is None:
        _known = _read(rules.official())
    return _known


def _read(library: Library) -> _Known:
    try:
        asked = rules.firm_inputs(library)
    except Refused:  # a rule text that gives a fact another meaning: the facts everybody knows stay
        asked = rules.firm_inputs()
    inputs = {
        name: declared
        for name, declared in asked.items()
        if declared.type in STATED and not declared.computed
    }
    readers: dict[str, dict[str, Text]] = {}
    for rule_set in library.rule_sets:
        if rule_set.subject == "firm":
            for name in rule_set.reads:
                readers.setdefault(name, {})[rule_set.id] = rule_set.title
    return _Known(
        library,
        inputs,
        {name: declared for name, declared in inputs.items() if name not in COMPUTED},
        {name: tuple(titles.values()) for name, titles in readers.items()},
    )


def read_inputs() -> Mapping[str, Input]:
    """Every input that a rule file for firms reads, by id: the shared vocabulary first, then what single
    files add."""
    return _current().inputs


def typed_inputs() -> Mapping[str, Input]:
    """What people type: all but what records give."""
    return _current().typed


def readers_of(name: str) -> tuple[Text, ...]:
    """The titles of the rule sets that read a fact: why it is asked for."""
    return _current().readers.get(name, ())


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
