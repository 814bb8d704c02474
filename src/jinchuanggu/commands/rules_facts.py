"""The facts a rule set reads, as a record to be filled in: names, units, years, what a code may be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from jinchuanggu.engines.rules.formulas import Mean, Rate, Total, Year
from jinchuanggu.engines.rules.model import Input, InputType, RuleSet
from jinchuanggu.engines.rules.texts import Lang
from jinchuanggu.engines.rules.units import UNITS


def facts_of_set(rule_set: RuleSet) -> list[Input]:
    """The facts that are given, not computed, in the order of the file."""
    names = rule_set.reads or tuple(rule_set.inputs)
    return [one for name, one in rule_set.inputs.items() if name in names and not one.computed]


def years_of(rule_set: RuleSet, name: str, on: date) -> list[int]:
    """The years of a series the rule set looks at, the latest first."""
    # a set with a data period compares a year with the one before
    reach = 1 if rule_set.data_period is None else 2
    for one in rule_set.inputs.values():
        match one.formula:
            case Year(of=of, back=back) if of == name:
                reach = max(reach, back + 1)
            case Total(of=of, years=years) | Mean(of=of, years=years) if of == name:
                reach = max(reach, years)
            case Rate(of=of, steps=steps) if of == name:
                reach = max(reach, steps + 1)
            case _:
                pass
    return [on.year - 1 - back for back in range(reach)]


def template(rule_set: RuleSet, on: date, lang: Lang) -> Iterator[str]:
    """Lines of a YAML record in which nothing is known yet."""
    if lang == "zh":
        yield f"# {rule_set.title.zh}（{rule_set.id}，{on} 适用 {rule_set.version} 版）所需的事实"
        yield "# 不知道的留空或删去整行，不要填 0；确实为零的才填 0；数字不带单位和千分位；金额以元计"
        yield f"# 填好后：jcg rules explain {rule_set.id} 本文件 --on {on}"
    else:
        yield f"# Facts asked for by {rule_set.id} ({rule_set.title.en}), version {rule_set.version}, on {on}"
        yield "# Leave empty or delete what is not known; 0 means none; plain numbers without units; money in yuan"
        yield f"# Then: jcg rules explain {rule_set.id} THIS_FILE --on {on}"
    yield "name:"
    for one in facts_of_set(rule_set):
        note = f"{one.title.get(lang)}{_sep(lang)}{_form(one, lang)}"
        if one.help is not None:
            note += f"{_sep(lang)}{one.help.get(lang)}"
        yield f"{one.id}:  # {note}"
        if one.type is InputType.SERIES:
            yield from (f"  {year}:" for year in years_of(rule_set, one.id, on))


def as_rows(rule_set: RuleSet, on: date) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "id": one.id,
            "type": one.type.value,
            "unit": one.unit,
            "title": one.title.as_dict(),
            "help": one.help.as_dict() if one.help is not None else None,
            "options": {code: label.as_dict() for code, label in one.options.items()} or None,
            "years": years_of(rule_set, one.id, on) if one.type is InputType.SERIES else None,
        }
        for one in facts_of_set(rule_set)
    ]


def _sep(lang: Lang) -> str:
    return "；" if lang == "zh" else "; "


def _form(one: Input, lang: Lang) -> str:
    zh = lang == "zh"
    unit = UNITS[one.unit].label.get(lang) if one.unit else ""
    number = (f"数，单位{unit}" if zh else f"number of {unit}") if unit else ("数" if zh else "number")
    match one.type:
        case InputType.NUMBER:
            return number
        case InputType.SERIES:
            return f"{number}，按年度" if zh else f"{number}, by year"
        case InputType.BOOLEAN:
            return "true 或 false" if zh else "true or false"
        case InputType.DATE:
            return "YYYY-MM-DD"
        case InputType.CODE:
            if not one.options:
                return "文字" if zh else "text"
            return " | ".join(f"{code} {label.get(lang)}" for code, label in one.options.items())
        case InputType.EXPERT:
            return "专家评分（数），未评留空" if zh else "points given by experts, empty before"
        case InputType.LIST:
            return "列表，如 [甲, 乙]；没有的填 []" if zh else "a list such as [a, b]; [] if there is none"
