"""Random rule sets over every test and formula, and random subjects, with edges and gaps where they hurt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from jinchuanggu.engines.rules.benefit import Basis, Benefit, BenefitKind, Delivery, Frequency, StepDown
from jinchuanggu.engines.rules.facts import Item, Judgement
from jinchuanggu.engines.rules.formulas import (
    Age,
    Constant,
    Counted,
    Greatest,
    Least,
    Lookup,
    Mean,
    Product,
    Quotient,
    Rate,
    Remaining,
    Share,
    Stairs,
    Step,
    Stepped,
    Sum,
    Tier,
    Tiers,
    Total,
    Year,
)  # fmt: skip
from jinchuanggu.engines.rules.model import (
    Band,
    Confidence,
    Count,
    Criterion,
    DataPeriod,
    Document,
    Expert,
    Growth,
    Includes,
    Input,
    InputType,
    IsTrue,
    Joined,
    OneOf,
    Pending,
    Ratio,
    Ref,
    Review,
    ReviewStatus,
    RuleSet,
    Score,
    ScorePart,
    Threshold,
)  # fmt: skip
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.texts import same

ON = date(2026, 3, 1)
NUMBER, SERIES = InputType.NUMBER, InputType.SERIES

# figures that meet limits exactly, nearly, or as a power; some are no binary fractions
FIGURES = [Decimal(text) for text in ["0", "1", "2", "3", "4", "5", "7", "9", "10", "15", "20", "21", "25", "30", "33.33", "35", "40", "60", "80", "100", "105", "110.25", "115", "132.25", "120", "144", "172.8", "100.01", "99.99", "0.01", "0.1", "0.2", "0.3", "0.07", "500", "800", "999.99", "1000", "1150", "1322.5", "1322.49", "1322.51", "1728", "1200", "1440", "5000", "50000000", "50000000.01", "200000000", "-1", "-100", "-0.5", "-50", "-200", "333333.33", "123456789.12", "9007199254.74"]]  # fmt: skip
LIMITS = [
    Fraction(text)
    for text in [
        "0",
        "1",
        "5",
        "10",
        "14.99",
        "15",
        "20",
        "25",
        "30",
        "33.33",
        "35",
        "50",
        "60",
        "100",
        "0.1",
        "-5",
        "1000",
        "50000000",
    ]
]
PERCENTS = [Fraction(text) for text in ["0", "0.5", "1", "5", "10", "33", "50", "100", "120"]]
POINTS = [Fraction(text) for text in ["0", "1", "2", "3.5", "4", "5", "8", "10", "20", "0.25"]]


def names(*found: str) -> st.SearchStrategy[str]:
    return st.sampled_from(found)


@dataclass
class Pools:
    """Names by unit; ``rooted``: may be irrational, so that only comparisons may read them."""

    inputs: dict[str, Input] = field(default_factory=dict)
    by_unit: dict[str, list[str]] = field(default_factory=dict)
    rooted: set[str] = field(default_factory=set)

    def add(self, declared: Input) -> None:
        self.inputs[declared.id] = declared
        if declared.type is NUMBER:
            self.by_unit.setdefault(declared.unit or "", []).append(declared.id)

    def of(self, *units: str, roots: bool = False) -> list[str]:
        return [
            name for unit in units for name in self.by_unit.get(unit, ()) if roots or name not in self.rooted
        ]


def declared() -> Pools:
    pools = Pools()
    for name in ("n1", "n2", "n3"):
        pools.add(Input(name, NUMBER, same(name), "cny"))
    pools.add(Input("w1", NUMBER, same("w1"), "wan_cny"))
    pools.add(Input("p1", NUMBER, same("p1"), "percent"))
    pools.add(Input("parts", NUMBER, same("parts"), "cny", Sum(("n1", "w1"), ("n2",))))
    for name in ("s1", "s2"):
        pools.add(Input(name, SERIES, same(name), "cny"))
    for name, kind in (("b1", InputType.BOOLEAN), ("b2", InputType.BOOLEAN), ("c1", InputType.CODE), ("l1", InputType.LIST),
                       ("d1", InputType.DATE), ("d2", InputType.DATE), ("e1", InputType.EXPERT), ("e2", InputType.EXPERT)):  # fmt: skip
        pools.add(Input(name, kind, same(name)))
    return pools


operators = st.sampled_from(list(Operator))
limits = st.sampled_from(LIMITS)
points = st.sampled_from(POINTS)
WHERE = st.sampled_from([{}, {"level": ("a", "b")}, {"level": ("a",), "kind": ("x",)}])
since = st.sampled_from([None, "d1", "d2"])


@st.composite
def value(draw: st.DrawFn, pools: Pools, name: str) -> Input:
    """One named value over what is there already."""
    money = st.sampled_from(pools.of("cny"))
    any_money = st.sampled_from(pools.of("cny", "wan_cny"))
    numbers = st.sampled_from(pools.of("cny", "percent", "days"))
    series = names("s1", "s2")
    kind = draw(names("sum", "year", "total", "mean", "rate", "rate", "quotient", "quotient", "share", "product", "greatest",
                      "least", "age", "remaining", "stepped", "lookup", "tiers", "stairs", "constant", "counted"))  # fmt: skip
    unit, formula = "cny", None
    match kind:
        case "sum":
            formula = Sum(
                tuple(draw(st.lists(any_money, min_size=1, max_size=3))),
                tuple(draw(st.lists(any_money, max_size=2))),
            )
        case "year":
            formula = Year(draw(series), draw(st.integers(0, 2)))
        case "total":
            formula = Total(draw(series), draw(st.integers(1, 3)), draw(since))
        case "mean":
            formula = Mean(draw(series), draw(st.integers(1, 3)), draw(since))
        case "rate":
            formula = Rate(
                draw(series),
                draw(names("mean", "compound")),
                draw(st.integers(1, 3)),
                draw(st.booleans()),
                draw(since),
            )
            unit = "percent"
            if formula.method == "compound":
                pools.rooted.add(name)
        case "quotient":
            formula, unit = Quotient(draw(any_money), draw(any_money)), "percent"
        case "share":
            formula = Share(draw(money), draw(st.sampled_from(PERCENTS)))
        case "product":
            formula = Product(tuple(draw(st.lists(numbers, min_size=1, max_size=3))))
        case "greatest" | "least":
            unit = draw(names("cny", "percent"))
            several = draw(st.lists(st.sampled_from(pools.of(unit, roots=True)), min_size=1, max_size=3))
            formula = (Greatest if kind == "greatest" else Least)(tuple(several))
            if any(each in pools.rooted for each in several):
                pools.rooted.add(name)
        case "age":
            unit = draw(names("days", "months", "years"))
            formula = Age(draw(names("d1", "d2")), draw(st.booleans()))
        case "remaining":
            unit, formula = "days", Remaining(draw(names("d1", "d2")))
        case "stepped":
            unit = draw(names("percent", "cny"))
            bands = draw(st.lists(st.builds(Step, operators, limits, limits), min_size=1, max_size=4))
            formula = Stepped(
                draw(st.sampled_from(pools.of("cny", "percent", roots=True))), tuple(bands), draw(limits)
            )
        case "lookup":
            formula = Lookup(
                "c1",
                {"a": draw(limits), "b": draw(limits)},
                draw(st.sampled_from([None, Fraction(0), Fraction(7)])),
            )
        case "tiers":
            ends: list[Fraction | None] = [*sorted(set(draw(st.lists(st.sampled_from([5, 10, 100, 1000, 50000000]), max_size=3))))]  # fmt: skip
            ends = [
                None if end is None else Fraction(end)
                for end in [*ends, *([None] if draw(st.booleans()) or not ends else [])]
            ]
            formula = Tiers(draw(money), tuple(Tier(end, draw(st.sampled_from(PERCENTS))) for end in ends))
        case "stairs":
            step = draw(st.sampled_from([Fraction(5), Fraction("0.1"), Fraction(50)]))
            formula = Stairs(draw(money), draw(limits), draw(limits), step, draw(st.sampled_from(POINTS)))
        case "constant":
            formula = Constant(draw(limits))
        case "counted":
            unit, formula = "count", Counted("l1", draw(WHERE))
    assert formula is not None
    return Input(name, NUMBER, same(name), unit, formula, computed=True)


bands = st.lists(
    st.builds(lambda op, at, least, more: Band(op, at, least, None if more is None else least + more), operators, limits, points,
              st.sampled_from([None, None, Fraction(1), Fraction(2)])), min_size=1, max_size=5)  # fmt: skip


@st.composite
def part(draw: st.DrawFn, pools: Pools, name: str, depth: int = 0) -> ScorePart:
    kind = draw(
        names(
            "input",
            "input",
            "ratio",
            "code",
            "statement",
            "expert",
            *(["parts", "parts"] if depth < 2 else []),
        )
    )
    otherwise = draw(points)
    made: dict[str, object] = {}
    found: tuple[Band, ...] = ()
    most = otherwise
    match kind:
        case "input" | "ratio":
            found = tuple(draw(bands))
            most = max([otherwise, *(band.most or band.points for band in found)])
            made["undefined"] = draw(st.sampled_from([None, Fraction(0), Fraction(1)]))
        case "code":
            options = {code: (draw(points), draw(points)) for code in ("a", "b")}
            options = {code: (min(pair), max(pair)) for code, pair in options.items()}
            made |= {"code": "c1", "options": options}
            most = max([otherwise, *(high for _, high in options.values())])
        case "statement":
            made["statement"], most = draw(names("b1", "b2")), draw(points)
        case "expert":
            made["judge"], otherwise, most = draw(names("e1", "e2")), Fraction(0), draw(points)
        case "parts":
            parts = tuple(
                draw(part(pools, f"{name}_{number}", depth + 1)) for number in range(draw(st.integers(1, 3)))
            )
            made |= {
                "parts": parts,
                "best": draw(st.booleans()),
                "cap": draw(st.sampled_from([None, Fraction(6), Fraction(12)])),
            }
            most, otherwise = sum((child.most for child in parts), Fraction(0)), Fraction(0)
            if draw(st.integers(0, 4)) == 0:
                made["judge"] = "e2"
    read = (
        draw(st.sampled_from([each for each in pools.inputs if pools.inputs[each].type is NUMBER]))
        if kind == "input"
        else None
    )
    ratio = (
        tuple(draw(st.sampled_from(pools.of("cny", "wan_cny"))) for _ in "xx") if kind == "ratio" else None
    )
    return ScorePart(name, same(name), read, ratio, found, otherwise, most, **made)  # type: ignore[arg-type]


@st.composite
def test_of(draw: st.DrawFn, pools: Pools, schemes: tuple[ScorePart, ...], name: str):
    kind = draw(names("threshold", "threshold", "versus", "ratio", "growth", "count", "includes", "one_of", "is_true", "expert",
                      "score", "scheme", "pending"))  # fmt: skip
    operator, limit = draw(operators), draw(limits)
    numbers = [each for each in pools.inputs if pools.inputs[each].type is NUMBER]
    match kind:
        case "threshold":
            read = draw(st.sampled_from(numbers))
            return Threshold(read, operator, limit, pools.inputs[read].unit or "", "")
        case "versus":
            unit = draw(names("cny", "percent"))
            pool = st.sampled_from(pools.of(unit, roots=True))
            return Threshold(draw(pool), operator, draw(pool), unit, "")
        case "ratio":
            pool = st.sampled_from(pools.of("cny", "wan_cny"))
            return Ratio(draw(pool), draw(pool), operator, limit, "")
        case "growth":
            return Growth(draw(names("s1", "s2")), operator, draw(st.sampled_from(PERCENTS)), "",
                          draw(names("each", "mean", "compound")), draw(st.integers(1, 3)))  # fmt: skip
        case "count":
            return Count(
                "l1", operator, draw(st.sampled_from([Fraction(each) for each in range(4)])), "", draw(WHERE)
            )
        case "includes":
            return Includes("l1", draw(names("one", "two")))
        case "one_of":
            return OneOf("c1", tuple(draw(st.lists(names("a", "b", "c"), max_size=2))))
        case "is_true":
            return IsTrue(draw(names("b1", "b2")))
        case "expert":
            return Expert(draw(names("e1", "e2")))
        case "score":
            parts = tuple(draw(part(pools, f"{name}_{number}")) for number in range(draw(st.integers(1, 3))))
            return Score(parts, operator, limit, "", cap=draw(st.sampled_from([None, Fraction(9)])))
        case "scheme" if schemes:
            scheme = draw(st.sampled_from(schemes))
            return Score(scheme.parts, operator, limit, "", of=scheme.id, cap=scheme.cap)
    return Pending()


@st.composite
def criterion(
    draw: st.DrawFn, pools: Pools, schemes: tuple[ScorePart, ...], name: str, known: list[str], depth: int = 0
) -> Criterion:
    joins = depth < 2 and draw(st.integers(0, 3)) == 0
    if joins:
        children: list[Criterion | Ref] = []
        for number in range(draw(st.integers(1, 4))):
            if known and draw(st.integers(0, 4)) == 0:
                children.append(Ref(draw(st.sampled_from(known))))
            else:
                children.append(draw(criterion(pools, schemes, f"{name}_{number}", known, depth + 1)))
        test = Joined(tuple(children), draw(st.sampled_from([None, 1, 2])))
    else:
        test = draw(test_of(pools, schemes, name))
        known.append(name)
    confidence = draw(st.sampled_from([Confidence.SEARCHED] * 6 + [Confidence.UNKNOWN]))
    return Criterion(
        name, same(name), "1", "x", confidence, test, {}, expert=depth == 0 and draw(st.integers(0, 5)) == 0
    )


def scheme_of(drawn: ScorePart, number: int) -> ScorePart:
    """A scheme has parts; a lone part is put into one."""
    if drawn.parts and not drawn.best and drawn.judge is None:
        return drawn
    return ScorePart(f"scheme{number}", same("x"), None, None, (), Fraction(0), drawn.most, parts=(drawn,))


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    pools = declared()
    for number in range(draw(st.integers(0, 6))):
        pools.add(draw(value(pools, f"v{number}")))
    schemes = tuple(
        scheme_of(draw(part(pools, f"g{number}")), number) for number in range(draw(st.integers(0, 2)))
    )
    known: list[str] = []
    criteria = tuple(
        draw(criterion(pools, schemes, f"k{number}", known)) for number in range(draw(st.integers(1, 4)))
    )
    benefit = None
    if draw(st.booleans()):
        low = draw(st.sampled_from(pools.of("cny")))
        high = draw(st.sampled_from([low, *pools.of("cny")]))
        steps = tuple(draw(st.sampled_from([(), (StepDown(date(2026, 1, 1), Fraction(70)),)])))
        benefit = Benefit(
            BenefitKind.GRANT,
            same("x"),
            low,
            high,
            Delivery.APPLICATION,
            Basis.APPLICATION,
            Frequency.YEARLY,
            steps=steps,
        )
    period = draw(st.sampled_from([None, None, None, DataPeriod(("s1", "s2"), 1)]))
    return rule_set(pools.inputs, criteria, schemes, benefit, period)


def rule_set(
    inputs: dict[str, Input],
    criteria: tuple[Criterion, ...],
    schemes: tuple[ScorePart, ...] = (),
    benefit: Benefit | None = None,
    period: DataPeriod | None = None,
    name: str = "random",
) -> RuleSet:
    return RuleSet(
        id=name, version="1", title=same("x"), subject="firm", applies_to={}, authority=same("x"),
        document=Document(same("x"), "1", "1", same("x"), date(2024, 1, 1), None), effective_from=date(2024, 1, 1),
        effective_to=None, confidence=Confidence.SEARCHED, source="x", review=Review(ReviewStatus.DRAFT, None, None),
        inputs=inputs, data_period=period, criteria=criteria, vectors=(), file="x.yaml", scores=schemes, benefit=benefit,
    )  # fmt: skip


figures = st.sampled_from(FIGURES) | st.integers(-50, 10**6).map(lambda fen: Decimal(fen).scaleb(-2))
days = st.sampled_from([date(2026, 3, 1), date(2026, 2, 28), date(2025, 3, 1), date(2025, 3, 2), date(2024, 2, 29), date(2025, 12, 31),
                        date(2025, 1, 1), date(2024, 1, 1), date(2023, 6, 30), date(2010, 10, 31), date(2026, 12, 31), date(2027, 1, 1)])  # fmt: skip
items = st.builds(
    lambda name, level, kind: Item(name, {key: value for key, value in (("level", level), ("kind", kind)) if value}),
    names("one", "two", "three"), names("a", "b", "c", ""), names("x", "y", ""))  # fmt: skip
scores = st.sampled_from([None, *(Decimal(text) for text in ["0", "1", "3.5", "7.25", "9", "40", "-1"])])


@st.composite
def records(draw: st.DrawFn) -> dict[str, object]:
    """One subject; every fact may be missing, every year of a series too."""
    found: dict[str, object] = {}

    def give(name: str, strategy: st.SearchStrategy[object]) -> None:
        if draw(st.integers(0, 7)):
            found[name] = draw(strategy)

    for name in ("n1", "n2", "n3", "w1", "p1"):
        give(name, figures)
    if draw(st.booleans()):
        found["parts"] = draw(figures)
    for name in ("s1", "s2"):
        years = {year: draw(figures) for year in (2025, 2024, 2023, 2022) if draw(st.integers(0, 7))}
        if draw(st.integers(0, 9)) == 0:
            years[2026] = draw(figures)
        if years:
            found[name] = years
    give("b1", st.booleans())
    give("b2", st.booleans())
    give("c1", names("a", "b", "c"))
    give("l1", st.lists(items, max_size=3).map(tuple))
    give("d1", days)
    give("d2", days)
    for name in ("e1", "e2"):
        score, passed = draw(scores), draw(st.sampled_from([None, True, False]))
        if score is not None or passed is not None:
            found[name] = Judgement(score, passed)
    return found
