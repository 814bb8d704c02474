"""A rule set as a page shows it: conditions with their limits in words, what it gives, how its examples come out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules import RuleSet, vectors
from jinchuanggu.engines.rules.benefit import Basis, Delivery, Frequency
from jinchuanggu.engines.rules.model import (
    Count,
    Criterion,
    Expert,
    Growth,
    Includes,
    IsTrue,
    Joined,
    OneOf,
    Pending,
    Ratio,
    Ref,
    Score,
    Test,
    Threshold,
)  # fmt: skip
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.sureness import Sure, reviewed, sure_of
from jinchuanggu.engines.rules.texts import Lang, Text
from jinchuanggu.engines.rules.units import decimal_of, quantity
from jinchuanggu.policies.drafting.check import in_words
from jinchuanggu.policies.entries import OPEN

SIGNS = {
    Operator.AT_LEAST: "≥",
    Operator.MORE: "＞",
    Operator.AT_MOST: "≤",
    Operator.LESS: "＜",
    Operator.EQUAL: "＝",
}


def lang() -> Lang:
    return "en" if (get_language() or "").startswith("en") else "zh"


@dataclass(frozen=True, slots=True)
class Condition:
    """One row of the table of conditions; `depth` of nesting, `open`: 待核."""

    id: str
    title: Text
    asks: str
    clause: str
    article: str
    sure: Sure
    depth: int
    open: bool
    expert: bool


def conditions(rules: RuleSet) -> list[Condition]:
    """Parents before children."""
    found: list[Condition] = []

    def walk(criterion: Criterion, depth: int) -> None:
        test = criterion.test
        found.append(
            Condition(
                criterion.id, criterion.title, asks(rules, test), criterion.clause, criterion.article,
                sure_of(criterion.confidence, reviewed=reviewed(rules)), depth, criterion.confidence in OPEN or isinstance(test, Pending), criterion.expert,
            )
        )  # fmt: skip
        if isinstance(test, Joined):
            for child in test.children:
                if isinstance(child, Criterion):
                    walk(child, depth + 1)

    for criterion in rules.criteria:
        walk(criterion, 0)
    return found


def asks(rules: RuleSet, test: Test) -> str:
    """What a condition asks, in a few words: 近三年研发费用占比 ≥ 5 %."""
    match test:
        case Threshold(input=name, operator=operator, limit=limit, unit=unit):
            said = (
                _title(rules, limit)
                if isinstance(limit, str)
                else quantity(decimal_of(limit), unit).get(lang())
            )
            return f"{_title(rules, name)} {SIGNS[operator]} {said}"
        case Ratio(numerator=top, denominator=below, operator=operator, limit=limit):
            return f"{_title(rules, top)} / {_title(rules, below)} {SIGNS[operator]} {decimal_of(limit):f}%"
        case Growth(input=name, operator=operator, rate=rate):
            return _("%(what)s 增长 %(sign)s %(rate)s%%") % {
                "what": _title(rules, name), "sign": SIGNS[operator], "rate": f"{decimal_of(rate):f}",
            }  # fmt: skip
        case Count(input=name, operator=operator, limit=limit):
            return f"{_title(rules, name)} {SIGNS[operator]} {decimal_of(limit):f}"
        case Includes(input=name, item=item):
            return _("%(list)s 含“%(item)s”") % {"list": _title(rules, name), "item": item}
        case OneOf(input=name, options=options):
            known = rules.inputs[name].options if name in rules.inputs else {}
            words = [known[code].get(lang()) if code in known else code for code in options]
            zh = lang() == "zh"
            return f"{_title(rules, name)}{'：' if zh else ': '}{('、' if zh else ', ').join(words)}"
        case IsTrue(input=name):
            return _title(rules, name)
        case Expert():
            return _("由专家判断")
        case Pending():
            return _("原文未见，待核，不作判断")
        case Score(of=of, operator=operator, limit=limit):
            part = next((one.title.get(lang()) for one in rules.scores if one.id == of), _("得分"))
            return f"{part} {SIGNS[operator]} {quantity(decimal_of(limit), 'points').get(lang())}"
        case Joined(children=children, least=least):
            if least is None:
                return _("以下各项均须满足")
            return _("以下 %(all)s 项至少满足 %(n)s 项") % {"all": len(children), "n": least}
        case Ref(id=name):
            return name
    return ""


def _title(rules: RuleSet, name: str) -> str:
    return rules.inputs[name].title.get(lang()) if name in rules.inputs else name


def gives(rules: RuleSet) -> str:
    """What it gives to whom, in one sentence; nothing for a set without a benefit."""
    benefit = rules.benefit
    if benefit is None:
        return ""
    kinds = {
        "grant": _("奖补"), "relief": _("减免"), "finance": _("融资支持"), "service": _("服务与权益"), "title": _("资质"),
    }  # fmt: skip
    ways = {Delivery.AUTOMATIC: _("免申即享"), Delivery.APPLICATION: _("需申请")}
    often = {Frequency.ONCE: _("一次性"), Frequency.YEARLY: _("每年一次"), Frequency.EACH: _("每笔")}
    known = _("金额按规则计算") if benefit.low is not None else _("金额待核，不计算")
    if benefit.low is None and benefit.kind in ("service", "title"):
        known = _("不涉及金额")
    said = _("给予%(who)s%(what)s，%(often)s，%(way)s；%(known)s。") % {
        "who": benefit.beneficiary.get(lang()), "what": kinds[benefit.kind], "often": often[benefit.frequency],
        "way": ways[benefit.delivery], "known": known,
    }  # fmt: skip
    if benefit.basis is Basis.EVENT:
        said += _("以事项发生之日是否在有效期内为准。")
    return said


@dataclass(frozen=True, slots=True)
class Example:
    id: str
    note: str
    on: str
    differences: tuple[str, ...]


def examples(rules: RuleSet) -> list[Example]:
    """Every example of a set with how it comes out now."""
    notes = {vector.id: vector for vector in rules.vectors}
    return [
        Example(name, notes[name].note, notes[name].on.isoformat(), tuple(in_words(one) for one in found))
        for name, found in _results(rules)
    ]


class _Same:
    """A rule set as the key of a cache: the very object, which the library keeps."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules

    def __hash__(self) -> int:
        return id(self.rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.rules is other.rules


@lru_cache(maxsize=256)
def _run(same: _Same) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((one.vector, one.differences) for one in vectors.run([same.rules]))


def _results(rules: RuleSet) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return _run(_Same(rules))
