"""How definitions are told: who supplies a figure, how it adds up, what its formula says, how sure its wording is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.engines.rules.formulas import Greatest, Least, Quotient, Share, Sum
from jinchuanggu.engines.rules.units import decimal_of
from jinchuanggu.indicators.definitions.files import GROUPS
from jinchuanggu.indicators.definitions.formula import Per, operands_of, parsed
from jinchuanggu.indicators.definitions.library import Indicator
from jinchuanggu.indicators.forms.model import words
from jinchuanggu.indicators.links import indicator_url
from jinchuanggu.indicators.models import Aggregation, OverTime, PeriodType, Source

ICONS = {"computed": "database", "filed": "forms", "derived": "math-function", "published": "news"}
TONES = {"computed": "met", "derived": "met", "filed": "active", "published": "quiet"}


def source_chip(indicator: Indicator) -> dict[str, str]:
    """Who supplies the figure, as components/status.html shows it."""
    label = str(Source(indicator.source).label)
    return {"label": label, "tone": TONES[indicator.source], "icon": ICONS[indicator.source]}


def sure_chip(indicator: Indicator) -> dict[str, str]:
    """How sure the definition is; what was recalled or not found says that it is to be checked."""
    if indicator.confidence == "searched":
        return {"label": _("有出处，未复核"), "tone": "quiet", "icon": "file-check"}
    if indicator.confidence == "own":
        return {"label": _("本系统口径"), "tone": "quiet", "icon": "tool"}
    if not indicator.confidence and indicator.source == "published":
        return {"label": _("以公开报道为准"), "tone": "quiet", "icon": "news"}
    return {"label": _("待核"), "tone": "attention", "icon": "alert-circle"}


def period_word(indicator: Indicator) -> str:
    return str(PeriodType(indicator.period).label)


def level_word(level: str) -> str:
    return {
        "firm": _("企业（团队）"), "valley": _("晋创谷"), "city": _("市"), "province": _("省"),
    }.get(level, level)  # fmt: skip


def aggregation_word(indicator: Indicator) -> str:
    return str(Aggregation(indicator.aggregation).label)


def over_time_word(indicator: Indicator) -> str:
    return str(OverTime(indicator.over_time).label)


def dimension_word(name: str) -> str:
    return {"field": _("领域"), "kind": _("类别"), "size": _("规模")}.get(name, name)


def group_word(name: str) -> str:
    return words(GROUPS.get(name)) or name


def code_word(dimension: str, code: str) -> str:
    """A group in words: 规模 · 小型."""
    from jinchuanggu.residents.models import ResidentKind

    if not code:
        return _("未填")
    if dimension == "kind" and code in ResidentKind.values:
        return str(ResidentKind(code).label)
    if dimension == "size":
        sizes = {"micro": _("微型"), "small": _("小型"), "medium": _("中型"), "large": _("大型")}
        return sizes.get(code, code)
    return code


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a formula: a figure with its page, or a sign."""

    text: str
    url: str = ""


def formula_tokens(indicator: Indicator, known: Mapping[str, Indicator]) -> list[Token]:
    """A formula as people read it: 研发经费支出 ÷ 营业收入 × 100%."""
    if not indicator.formula:
        return []
    made = parsed(indicator.formula, indicator.unit)

    def one(key: str) -> Token:
        return Token(known[key].name if key in known else key, indicator_url(key) if key in known else "")

    def joined(keys: Iterable[str], sign: str) -> list[Token]:
        found: list[Token] = []
        for key in keys:
            found += [Token(sign), one(key)] if found else [one(key)]
        return found

    match made:
        case Sum(plus, minus):
            return [*joined(plus, "+"), *(token for key in minus for token in (Token("−"), one(key)))]
        case Quotient(over, under):
            return [one(over), Token("÷"), one(under), Token("× 100%")]
        case Per(over, under):
            return [one(over), Token("÷"), one(under)]
        case Share(of, percent):
            return [one(of), Token(f"× {decimal_of(percent).normalize():f}%")]
        case Greatest(several):
            return [Token(_("取最大：")), *joined(several, "、")]
        case Least(several):
            return [Token(_("取最小：")), *joined(several, "、")]
    return []


def readers_of(key: str, known: Mapping[str, Indicator]) -> list[Indicator]:
    """The derived indicators that read this one."""
    return [
        one for one in known.values()
        if one.formula and key in operands_of(parsed(one.formula, one.unit))
    ]  # fmt: skip


def asked_in(key: str) -> list[dict[str, Any]]:
    """The forms that ask for a figure (or show it): title, level, whether it is typed, and why it is asked."""
    from jinchuanggu.indicators.forms.library import forms

    return [
        {
            "form": form,
            "cell": form.cells[key],
            "level": level_word(form.level),
            "typed": not form.cells[key].readonly,
        }
        for form in forms().values()
        if key in form.cells
    ]


@dataclass(frozen=True, slots=True)
class Untyped:
    """How many indicators nobody types. `published` ones are not counted: nobody here supplies them at all."""

    total: int
    untyped: int
    filed: int
    derived_from_filed: int
    published: int

    @property
    def percent(self) -> Decimal:
        """The share of those that nobody types, to one decimal place."""
        if not self.total:
            return Decimal(0)
        return (Decimal(100 * self.untyped) / self.total).quantize(Decimal("0.1"))


def untyped(known: Mapping[str, Indicator]) -> Untyped:
    """Counted over the indicators in force; a derived one counts when all that it rests on comes from records."""

    def from_records(key: str) -> bool:
        one = known.get(key)
        if one is None:
            return False
        if one.source == "derived" and one.formula:
            return all(from_records(part) for part in operands_of(parsed(one.formula, one.unit)))
        return one.source == "computed"

    kept = {key: one for key, one in known.items() if one.source != "published"}
    records = sum(from_records(key) for key in kept)
    filed = sum(one.source == "filed" for one in kept.values())
    return Untyped(len(kept), records, filed, len(kept) - records - filed, len(known) - len(kept))
