"""Every number of a rule set, and the same rule set with some of them turned.

One walk serves both: it offers each number by its key and puts back what it is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from jinchuanggu.engines.rules.benefit import Benefit
from jinchuanggu.engines.rules.formulas import Constant, Formula, Lookup, Share, Stairs, Stepped, Tiers
from jinchuanggu.engines.rules.input_use import hidden
from jinchuanggu.engines.rules.load_scores import with_most
from jinchuanggu.engines.rules.model import (
    Band,
    Count,
    Criterion,
    Growth,
    Input,
    Joined,
    Ratio,
    RuleSet,
    Score,
    ScorePart,
    Threshold,
)
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.problems import Problem, Refused
from jinchuanggu.engines.rules.reading import nearest
from jinchuanggu.engines.rules.texts import Text, same
from jinchuanggu.engines.rules.units import decimal_of

LIMIT, PASS, POINTS, MOST = (
    Text("限值", "limit"),
    Text("合格线", "pass mark"),
    Text("得分", "points"),
    Text("最高分", "most points"),
)
OTHERWISE, CAP = Text("其余情形", "otherwise"), Text("上限", "cap")


@dataclass(frozen=True, slots=True)
class Knob:
    """One number of a rule set. ``title``: what it belongs to · which number of it. ``kind``: a word for grouping."""

    key: str
    title: Text
    unit: str | None
    value: Decimal
    kind: str


def knobs(rule_set: RuleSet) -> tuple[Knob, ...]:
    """Every number: limits, pass marks, bands, points, caps, rates, shares, constants, tiers, payment shares."""
    walk = _Walk({})
    walk.rule_set(rule_set)
    return tuple(walk.found.values())


def turned(rule_set: RuleSet, changes: Mapping[str, Decimal]) -> RuleSet:
    """A copy of the rule set with these numbers; it is no longer that of its file, so it has no digest.

    Raises Refused with every unknown key and every number that cannot be; ``path`` of a problem is the key.
    """
    walk = _Walk(changes)
    found = walk.rule_set(rule_set)
    for key in changes:
        if key not in walk.found:
            walk.refuse(key, "unknown_key", got=key, suggestion=nearest(key, walk.found))
    if walk.problems:
        raise Refused(walk.problems)
    return replace(found, digest="")


@dataclass(slots=True)
class _Walk:
    """Offers the numbers in the order of the file; ``changes`` are those to be put in their place."""

    changes: Mapping[str, Decimal]
    units: dict[str, str | None] = field(default_factory=dict)
    inputs: Mapping[str, Input] = field(default_factory=dict)
    found: dict[str, Knob] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(
        self,
        key: str,
        code: str,
        *,
        expected: str | None = None,
        got: str = "",
        suggestion: str | None = None,
    ) -> None:
        wanted = same(expected) if expected else None
        self.problems.append(Problem(code, "", 0, 0, key, wanted, got or None, suggestion))

    def number(
        self,
        key: str,
        title: Text,
        what: Text,
        unit: str | None,
        value: Fraction,
        kind: str,
        *,
        low: int | None = None,
        high: int | None = None,
        whole: bool = False,
    ) -> Fraction:
        """Note one number and give what it is to be."""
        whole_title = Text(f"{title.zh} · {what.zh}", f"{title.en} · {what.en}")
        self.found[key] = Knob(key, whole_title, unit, decimal_of(value), kind)
        if key not in self.changes:
            return value
        asked = self.changes[key]
        given = asked if isinstance(asked, Decimal) else Decimal(str(asked))
        bad = not given.is_finite() or abs(given) >= 10**15 or (whole and given != given.to_integral_value())
        if bad or (low is not None and given < low) or (high is not None and given > high):
            expected = f"{'…' if low is None else low} – {'…' if high is None else high}"
            self.refuse(key, "number", expected=expected, got=str(given))
            return value
        return Fraction(given)

    def rule_set(self, rules: RuleSet) -> RuleSet:
        self.inputs = rules.inputs
        self.units = {name: declared.unit for name, declared in rules.inputs.items()}
        scores = tuple(self.part(part) for part in rules.scores)
        parts = {part.id: part for top in scores for part in _all(top)}
        criteria = tuple(self.criterion(criterion, parts) for criterion in rules.criteria)
        inputs = dict(rules.inputs)
        for name in rules.reads:
            declared = inputs[name]
            if declared.computed and declared.formula is not None:
                inputs[name] = replace(declared, formula=self.formula(declared, declared.formula))
        benefit = None if rules.benefit is None else self.benefit(rules.benefit)
        return replace(rules, criteria=criteria, scores=scores, inputs=inputs, benefit=benefit)

    def criterion(self, criterion: Criterion, parts: Mapping[str, ScorePart]) -> Criterion:
        key, title, test = f"criterion:{criterion.id}", criterion.title, criterion.test
        match test:
            case Threshold(limit=Fraction() as limit):
                at = self.number(f"{key}.limit", title, LIMIT, test.unit, limit, "limit")
                return replace(criterion, test=replace(test, limit=at))
            case Ratio():
                at = self.number(f"{key}.limit", title, LIMIT, "percent", test.limit, "limit")
                return replace(criterion, test=replace(test, limit=at))
            case Growth():
                at = self.number(f"{key}.limit", title, LIMIT, "percent", test.rate, "limit", low=-99)
                return replace(criterion, test=replace(test, rate=at))
            case Count():
                at = self.number(
                    f"{key}.limit", title, LIMIT, "count", test.limit, "limit", low=0, whole=True
                )
                return replace(criterion, test=replace(test, limit=at))
            case Score():
                return replace(criterion, test=self.score(key, title, test, parts))
            case Joined():
                return replace(criterion, test=self.joined(key, title, test, parts))
        return criterion

    def joined(self, key: str, title: Text, test: Joined, parts: Mapping[str, ScorePart]) -> Joined:
        children = tuple(
            self.criterion(child, parts) if isinstance(child, Criterion) else child for child in test.children
        )
        if test.least is None or test.least == 1:
            return replace(test, children=children)
        least = self.number(
            f"{key}.least", title, Text("至少项数", "how many"), "count", Fraction(test.least), "limit",
            low=1, high=len(children), whole=True,
        )  # fmt: skip
        return replace(test, children=children, least=int(least))

    def score(self, key: str, title: Text, test: Score, parts: Mapping[str, ScorePart]) -> Score:
        limit = self.number(f"{key}.limit", title, PASS, "points", test.limit, "pass_mark")
        if test.of is None:
            inside = tuple(self.part(part) for part in test.parts)
            return replace(test, limit=limit, parts=inside)
        whole = parts[test.of]
        if whole.parts and not whole.best and whole.judge is None:
            return replace(test, limit=limit, parts=whole.parts, cap=whole.cap)
        return replace(test, limit=limit, parts=(whole,))

    def part(self, part: ScorePart) -> ScorePart:
        key, title = f"score:{part.id}", part.title
        if part.parts:
            cap = part.cap
            if cap is not None:
                cap = self.number(f"{key}.cap", title, CAP, "points", cap, "cap", low=0)
            return with_most(replace(part, parts=tuple(self.part(child) for child in part.parts), cap=cap))
        if part.statement is not None:
            most = self.number(f"{key}.points", title, POINTS, "points", part.most, "points")
            return replace(part, most=most, otherwise=self.otherwise(key, part))
        if part.code is not None:
            return with_most(
                replace(part, options=self.options(key, part), otherwise=self.otherwise(key, part))
            )
        if part.bands:
            bands = self.bands(key, part)
            undefined = part.undefined
            if undefined is not None:
                words = Text("无意义时", "where undefined")
                undefined = self.number(f"{key}.undefined", title, words, "points", undefined, "points")
            return with_most(
                replace(part, bands=bands, otherwise=self.otherwise(key, part), undefined=undefined)
            )
        return replace(
            part, most=self.number(f"{key}.most", title, MOST, "points", part.most, "points", low=0)
        )

    def otherwise(self, key: str, part: ScorePart) -> Fraction:
        return self.number(f"{key}.otherwise", part.title, OTHERWISE, "points", part.otherwise, "points")

    def options(self, key: str, part: ScorePart) -> dict[str, tuple[Fraction, Fraction]]:
        found = {}
        for code, (low, high) in part.options.items():
            label = self.label(part.code or "", code)
            at, most = self.span(
                f"{key}.options[{code}]", part.title, label, low, None if low == high else high
            )
            found[code] = (at, most)
        return found

    def label(self, name: str, code: str) -> Text:
        """A code as people call it."""
        return self.inputs[name].options.get(code) or same(code)

    def span(
        self, key: str, title: Text, what: Text, low: Fraction, high: Fraction | None
    ) -> tuple[Fraction, Fraction]:
        """Points, or the least and the most of them."""
        points = Text(f"{what.zh} {POINTS.zh}", f"{what.en} {POINTS.en}")
        at = self.number(f"{key}.points", title, points, "points", low, "points")
        if high is None:
            return at, at
        most = Text(f"{what.zh} {MOST.zh}", f"{what.en} {MOST.en}")
        top = self.number(f"{key}.most", title, most, "points", high, "points")
        if top < at:
            self.refuse(f"{key}.most", "number", expected=f"≥ {decimal_of(at):f}", got=f"{decimal_of(top):f}")
        return at, top

    def bands(self, key: str, part: ScorePart) -> tuple[Band, ...]:
        found: list[Band] = []
        unit = "percent" if part.ratio is not None else self.units.get(part.input or "")
        for index, band in enumerate(part.bands):
            at, what = f"{key}.bands[{index}]", self.nth(index)
            words = Text(f"{what.zh}{LIMIT.zh}", f"{what.en} {LIMIT.en}")
            limit = self.number(f"{at}.limit", part.title, words, unit, band.limit, "band")
            low, high = self.span(at, part.title, what, band.points, band.most)
            found.append(replace(band, limit=limit, points=low, most=None if band.most is None else high))
            self.ordered(f"{at}.limit", [(one.operator, one.limit) for one in found])
        return tuple(found)

    def ordered(self, key: str, bands: list[tuple[Operator, Fraction]]) -> None:
        if len(bands) > 1 and hidden(bands[-2], bands[-1]):
            self.refuse(key, "band_order", got=f"{bands[-1][0]} {decimal_of(bands[-1][1]):f}")

    @staticmethod
    def nth(index: int) -> Text:
        return Text(f"第 {index + 1} 档", f"band {index + 1}")

    def formula(self, declared: Input, formula: Formula) -> Formula:
        key, title, unit = f"value:{declared.id}", declared.title, declared.unit
        match formula:
            case Constant(value):
                return Constant(
                    self.number(f"{key}.constant", title, Text("数值", "value"), unit, value, "constant")
                )
            case Share():
                words = Text("比例", "share")
                percent = self.number(
                    f"{key}.percent", title, words, "percent", formula.percent, "share", low=0, high=1000
                )
                return replace(formula, percent=percent)
            case Lookup():
                options = {
                    code: self.number(
                        f"{key}.options[{code}]", title, self.label(formula.by, code), unit, value, "lookup"
                    )
                    for code, value in formula.options.items()
                }
                rest = formula.otherwise
                if rest is not None:
                    rest = self.number(f"{key}.otherwise", title, OTHERWISE, unit, rest, "lookup")
                return replace(formula, options=options, otherwise=rest)
            case Stepped():
                return self.stepped(key, title, unit, formula)
            case Tiers():
                return self.tiers(key, title, unit, formula)
            case Stairs():
                return self.stairs(key, title, unit, formula)
        return formula

    def stepped(self, key: str, title: Text, unit: str | None, formula: Stepped) -> Stepped:
        found = []
        for index, band in enumerate(formula.bands):
            at, what = f"{key}.bands[{index}]", self.nth(index)
            limit = self.number(
                f"{at}.limit", title, Text(f"{what.zh}{LIMIT.zh}", f"{what.en} {LIMIT.en}"),
                self.units.get(formula.by), band.limit, "band",
            )  # fmt: skip
            words = Text(f"{what.zh}取值", f"{what.en} value")
            found.append(
                replace(
                    band,
                    limit=limit,
                    value=self.number(f"{at}.value", title, words, unit, band.value, "band"),
                )
            )
            self.ordered(f"{at}.limit", [(one.operator, one.limit) for one in found])
        rest = self.number(f"{key}.otherwise", title, OTHERWISE, unit, formula.otherwise, "band")
        return replace(formula, bands=tuple(found), otherwise=rest)

    def tiers(self, key: str, title: Text, unit: str | None, formula: Tiers) -> Tiers:
        found, below = [], Fraction(0)
        for index, tier in enumerate(formula.tiers):
            at, what, up_to = f"{key}.tiers[{index}]", self.nth(index), tier.up_to
            if up_to is not None:
                words = Text(f"{what.zh}上限", f"{what.en} up to")
                up_to = self.number(f"{at}.up_to", title, words, unit, up_to, "tier")
                if up_to <= below:
                    self.refuse(f"{at}.up_to", "band_order", got=f"{decimal_of(up_to):f}")
                below = up_to
            words = Text(f"{what.zh}比例", f"{what.en} rate")
            percent = self.number(
                f"{at}.percent", title, words, "percent", tier.percent, "tier", low=0, high=1000
            )
            found.append(replace(tier, up_to=up_to, percent=percent))
        return replace(formula, tiers=tuple(found))

    def stairs(self, key: str, title: Text, unit: str | None, formula: Stairs) -> Stairs:
        by = self.units.get(formula.of)
        each = self.number(f"{key}.each", title, Text("每增加", "each further"), by, formula.each, "stairs")
        if each <= 0:
            self.refuse(f"{key}.each", "number", expected="> 0", got=f"{decimal_of(each):f}")
        return replace(
            formula,
            first=self.number(f"{key}.first", title, Text("起点", "first"), by, formula.first, "stairs"),
            gives=self.number(f"{key}.gives", title, Text("起点给", "gives"), unit, formula.gives, "stairs"),
            each=each,
            adds=self.number(f"{key}.adds", title, Text("每级加", "adds"), unit, formula.adds, "stairs"),
        )

    def benefit(self, benefit: Benefit) -> Benefit:
        title = Text("支付", "payment")
        steps = tuple(
            replace(
                step,
                percent=self.number(
                    f"benefit:step_down[{index}].percent", title,
                    Text(f"{step.start} 起支付比例", f"share from {step.start}"),
                    "percent", step.percent, "step_down", low=0, high=100,
                ),
            )
            for index, step in enumerate(benefit.steps)
        )  # fmt: skip
        cap = benefit.pool_cap
        if cap is not None:
            cap = self.number(
                "benefit:pool.cap", title, Text("合计上限", "cap of the pool"), "cny", cap, "cap", low=0
            )
        return replace(benefit, steps=steps, pool_cap=cap)


def _all(part: ScorePart) -> list[ScorePart]:
    return [part, *(inside for child in part.parts for inside in _all(child))]
