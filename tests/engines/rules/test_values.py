"""Every formula at its edges: exact, with unknown kept apart from undefined."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from jinchuanggu.engines.rules import Worth
from tests.engines.rules.firm_sample import criterion, firm_rules, judged, worth


def is_(found: Worth, value: str | None, reason: str = "", missing: tuple[str, ...] = ()) -> None:
    assert (found.value, found.reason, found.missing) == (
        None if value is None else Decimal(value),
        reason,
        missing,
    )


def test_a_sum_less_what_is_taken_off_may_fall_below_zero() -> None:
    net = "unit: cny, sum: [assets], less: [debts]"
    is_(worth(net, assets=100, debts=40), "60")
    is_(worth(net, assets=100, debts=140), "-40")
    is_(worth(net, assets=100), None, "no_report", ("debts",))


def test_years_are_counted_back_from_the_data_year() -> None:
    revenue = {2023: 1, 2024: 2, 2025: 4, 2026: 99}
    is_(worth("unit: cny, year: {of: revenue}", revenue=revenue), "4")
    is_(worth("unit: cny, year: {of: revenue, back: 2}", revenue=revenue), "1")
    is_(
        worth("unit: cny, year: {of: revenue, back: 3}", revenue=revenue),
        None,
        "no_report",
        ("revenue@2022",),
    )
    is_(worth("unit: cny, year: {of: revenue}", date(2027, 1, 1), revenue=revenue), "99")


TOTAL = "unit: cny, total: {of: revenue, years: 3, since: born}"


def test_a_young_firm_is_judged_by_the_years_it_has() -> None:
    two = {2024: 2, 2025: 4}
    is_(worth(TOTAL, revenue={2023: 1, **two}, born="2010-01-01"), "7")
    is_(worth(TOTAL, revenue=two, born="2024-12-31"), "6")
    is_(worth(TOTAL, revenue={2023: 100, **two}, born="2024-01-01"), "6")
    is_(worth(TOTAL, revenue=two, born="2010-01-01"), None, "missing_period", ("revenue@2023",))
    is_(worth(TOTAL, revenue=two), None, "missing_period", ("revenue@2023", "born"))
    is_(worth(TOTAL, revenue={2023: 1, **two}), "7")


def test_a_firm_of_this_year_has_no_prior_year_which_is_not_zero() -> None:
    found = worth(TOTAL, born="2026-02-01")
    is_(found, None, "no_prior_year")
    assert found.undefined
    assert not worth(TOTAL, born="2025-02-01").undefined


def test_a_mean_divides_by_the_years_there_are() -> None:
    mean = "unit: cny, mean: {of: revenue, years: 2, since: born}"
    assert worth(mean, revenue={2024: 1, 2025: 2}, born="2010-01-01").exact == Fraction(3, 2)
    is_(worth(mean, revenue={2025: 2}, born="2025-03-01"), "2")


MEAN_2 = "unit: percent, rate: {of: revenue, method: mean, steps: 2, shorten_zero: true, since: born}"


@pytest.mark.parametrize(
    ("revenue", "value", "reason"),
    [
        ({2023: 1000, 2024: 1350, 2025: 1890}, "37.5", ""),
        ({2023: 4000, 2024: 5000, 2025: 6250}, "25", ""),
        ({2023: 1000, 2024: 1150, 2025: Decimal("1322.5")}, "15", ""),
        ({2023: 100, 2024: 105, 2025: Decimal("110.25")}, "5", ""),
        ({2023: 0, 2024: 800, 2025: 1000}, "25", ""),
        ({2023: 1000, 2024: 1500, 2025: 1000}, "8.333333", ""),
        ({2023: 500, 2024: 0, 2025: 1000}, None, "zero_base"),
        ({2023: 0, 2024: 0, 2025: 1000}, None, "zero_base"),
        ({2023: -100, 2024: 0, 2025: 1000}, None, "zero_base"),
        ({2023: -100, 2024: 50, 2025: 100}, None, "negative_base"),
        ({2023: -100, 2024: -200, 2025: -300}, None, "negative_base"),
        ({2024: 800, 2025: 1000}, None, "missing_period"),
    ],
)
def test_the_mean_rate_of_growth(revenue: dict[int, object], value: str | None, reason: str) -> None:
    found = worth(MEAN_2, revenue=revenue, born="2001-01-01")
    assert (found.value, found.reason) == (None if value is None else Decimal(value), reason)
    assert found.undefined is (reason in ("zero_base", "negative_base"))


def test_a_growth_that_only_a_negative_base_makes_is_for_a_person_to_see() -> None:
    worse = worth(MEAN_2, revenue={2023: -100, 2024: -200, 2025: -300}, born="2001-01-01")
    better = worth(MEAN_2, revenue={2023: -100, 2024: 50, 2025: 100}, born="2001-01-01")
    assert ("needs_review" in worse.flags, "needs_review" in better.flags) == (True, False)


def test_two_years_are_one_step_and_one_year_is_none() -> None:
    is_(worth(MEAN_2, revenue={2024: 800, 2025: 1000}, born="2024-05-01"), "25")
    is_(worth(MEAN_2, revenue={2025: 1000}, born="2025-05-01"), None, "single_year")
    is_(worth(MEAN_2, born="2026-05-01"), None, "no_prior_year")


COMPOUND = "{of: revenue, method: compound, steps: %d}"


def compound(first: object, last: object, steps: int, operator: str, limit: str) -> str:
    rules = firm_rules(
        values=f"growth: {{unit: percent, title: {{zh: 增长, en: Growth}}, rate: {COMPOUND % steps}}}\n",
        criteria=criterion(
            f'threshold: {{input: growth, operator: "{operator}", value: {limit}, unit: percent, wording: '
            + ("不低于" if operator == ">=" else "高于")
            + "}"
        ),
    )
    finding = judged(rules, revenue={2025 - steps: first, 2025: last}).finding("it")
    return finding.status.value


def test_compound_growth_is_compared_as_a_power() -> None:
    # the doubles say 0.19999999999999996
    assert compound(1000, 1728, 3, ">=", "20") == "met"
    assert compound(1000, 1728, 3, ">", "20") == "not_met"
    assert compound(1000, Decimal("1727.99"), 3, ">=", "20") == "not_met"
    # 400 times the last against 441 times the first: 2 000 000 against 2 000 376
    assert compound(4536, 5000, 2, ">=", "5") == "not_met"
    assert compound(4535, 5000, 2, ">=", "5") == "met"
    # ten digits past what is shown
    assert compound(10**12, 1_102_500_000_000, 2, ">=", "5") == "met"
    assert compound(10**12, 1_102_499_999_999, 2, ">=", "5") == "not_met"


def test_compound_growth_reads_only_its_ends() -> None:
    rate = f"unit: percent, rate: {COMPOUND % 2}"
    is_(worth(rate, revenue={2023: 100, 2025: 121}), "10")
    assert worth(rate, revenue={2023: 100, 2024: -5, 2025: 110}).value == Decimal("4.880885")
    is_(worth(rate, revenue={2023: 0, 2025: 121}), None, "zero_base")
    is_(worth(rate, revenue={2023: -4, 2025: 121}), None, "negative_base")
    is_(worth(rate, revenue={2023: 100, 2025: 0}), "-100")
    is_(worth(rate, revenue={2023: 100, 2025: -1}), None, "negative_base")


def test_a_quotient_converts_units_and_a_zero_below_is_undefined() -> None:
    ratio = "unit: percent, quotient: {numerator: assets, denominator: wan}"
    is_(worth(ratio, assets=1500, wan=1), "15")
    found = worth(ratio, assets=1500, wan=0)
    is_(found, None, "zero_denominator")
    assert found.undefined
    is_(worth(ratio, wan=0), None, "no_report", ("assets",))


def test_a_share_and_a_product() -> None:
    is_(worth("unit: cny, share: {of: assets, value: 10, unit: percent}", assets=5), "0.5")
    is_(
        worth("unit: cny, product: [area, rent, months]", area=100, rent=Decimal("12.5"), months=12),
        "15000",
    )


MANY = "a: {unit: percent, title: {zh: 甲, en: A}, quotient: {numerator: assets, denominator: debts}}\n"


def test_the_greatest_leaves_out_what_is_undefined_but_waits_for_what_is_unknown() -> None:
    best = "unit: percent, greatest: [a, share]"
    is_(worth(best, more=MANY, assets=50, debts=100, share=30), "50")
    is_(worth(best, more=MANY, assets=50, debts=0, share=30), "30")
    is_(worth(best, more=MANY, share=30), None, "no_report", ("assets", "debts"))
    least = "unit: percent, least: [a, share]"
    is_(worth(least, more=MANY, assets=50, debts=100, share=30), "30")
    assert (
        worth(
            best,
            more=MANY + "b: {unit: percent, title: {zh: 乙, en: B}, least: [a, a]}\n",
            assets=1,
            debts=0,
            share=1,
        ).value
        == 1
    )
    is_(worth("unit: percent, greatest: [a, a]", more=MANY, assets=1, debts=0), None, "zero_denominator")


def test_roots_and_rationals_are_ordered_together() -> None:
    more = f"growth: {{unit: percent, title: {{zh: 增长, en: Growth}}, rate: {COMPOUND % 2}}}\n"
    greatest = worth(
        "unit: percent, greatest: [growth, share]",
        more=more,
        revenue={2023: 100, 2025: 110},
        share=Decimal("4.88"),
    )
    assert (greatest.value, greatest.exact) == (Decimal("4.880885"), None)
    least = worth(
        "unit: percent, least: [growth, share]",
        more=more,
        revenue={2023: 100, 2025: 110},
        share=Decimal("4.88"),
    )
    assert least.exact == Fraction(488, 100)


@pytest.mark.parametrize(
    ("unit", "since", "on", "value"),
    [
        ("days", "2025-06-01", "2026-05-31", 364),
        ("days", "2025-06-01", "2026-06-01", 365),
        ("days", "2026-07-01", "2026-06-30", -1),
        ("months", "2026-01-31", "2026-02-28", 0),
        ("months", "2026-01-31", "2026-03-31", 2),
        ("years", "2020-02-29", "2026-02-28", 5),
        ("years", "2020-02-29", "2026-03-01", 6),
        ("years", "2026-07-01", "2026-06-30", -1),
    ],
)
def test_ages_are_full_ones(unit: str, since: str, on: str, value: int) -> None:
    is_(worth(f"unit: {unit}, age: {{since: born}}", date.fromisoformat(on), born=since), str(value))


def test_a_certificate_is_valid_through_its_last_day() -> None:
    left = "unit: days, remaining: {until: until}"
    assert [worth(left, date(2026, 6, day), until="2026-06-29").value for day in (28, 29, 30)] == [1, 0, -1]
    is_(worth(left), None, "not_given", ("until",))


STEPPED = (
    'unit: percent, stepped: {by: assets, otherwise: 3, bands: [{operator: "<=", value: 50000000, unit: cny, then: 5},'
    ' {operator: "<=", value: 200000000, unit: cny, then: 4}]}'
)


def test_steps_change_exactly_at_their_edge() -> None:
    amounts = ["50000000", "50000000.01", "200000000", "200000000.01"]
    assert [worth(STEPPED, assets=Decimal(amount)).value for amount in amounts] == [5, 4, 4, 3]
    is_(worth(STEPPED), None, "no_report", ("assets",))


def test_a_table_of_codes() -> None:
    table = "unit: cny, lookup: {by: place, options: {a: 5, b: 7}%s}"
    is_(worth(table % "", place="a"), "5")
    found = worth(table % "", place="z")
    is_(found, None, "no_entry")
    assert found.undefined
    is_(worth(table % ", otherwise: 0", place="z"), "0")
    is_(worth(table % "", area=1), None, "not_given", ("place",))


TIERS = "unit: cny, tiers: {of: assets, tiers: [{up_to: 100000, percent: 1}, {up_to: 1000000, percent: 0.5}, {percent: 0.1}]}"


def test_each_slice_has_its_own_rate() -> None:
    # the award of Sanming, in wan yuan: 10 / 50 / 100 / 200 / 4550 give 0.1 / 0.3 / 0.55 / 0.65 / 5.0
    amounts = {"10": "1000", "50": "3000", "100": "5500", "200": "6500", "4550": "50000", "0": "0", "-5": "0"}
    for wan, yuan in amounts.items():
        is_(worth(TIERS, assets=Decimal(wan) * 10000), yuan)
    capped = (
        "cap: {unit: cny, title: {zh: 顶, en: Cap}, constant: 50000}\nraw: {title: {zh: 原, en: Raw}, "
        + TIERS
        + "}\n"
    )
    is_(worth("unit: cny, least: [raw, cap]", more=capped, assets=50_000_000), "50000")


def test_stairs_count_full_steps_only() -> None:
    stairs = "unit: cny, stairs: {of: assets, first: 100, gives: 30, each: 50, adds: 10}"
    assert [worth(stairs, assets=amount).value for amount in (99, 100, 149, 150, 249, 250)] == [
        0,
        30,
        30,
        40,
        50,
        60,
    ]


def test_items_are_counted_once_it_is_known_which() -> None:
    count = 'unit: count, counted: {of: patents, where: {class: ["1"]}}'
    one, two, open_ = {"name": "a", "class": "1"}, {"name": "b", "class": "2"}, {"name": "c"}
    is_(worth(count, patents=[one, two]), "1")
    is_(worth(count, patents=[]), "0")
    is_(worth(count, patents=[one, open_]), None, "attribute_unknown", ("patents.class",))
    is_(worth(count), None, "not_given", ("patents",))


def test_values_stand_in_any_order_and_long_chains_hold() -> None:
    chain = "".join(
        f"v{n}: {{unit: cny, title: {{zh: 值, en: V}}, sum: [v{n + 1}, assets]}}\n" for n in range(400)
    )
    rules = firm_rules(values=chain + "v400: {unit: cny, title: {zh: 值, en: V}, constant: 1}\n")
    assert judged(rules, assets=2).values["v0"].value == 801
    order = list(rules.inputs)
    assert order.index("v400") < order.index("v399") < order.index("v0")


VERSUS = 'threshold: {input: share, operator: ">=", versus: floor, wording: 不低于}'


def test_a_threshold_against_a_value() -> None:
    rules = firm_rules(
        values="floor: {title: {zh: 底, en: Floor}, " + STEPPED + "}\n", criteria=criterion(VERSUS)
    )
    met = judged(rules, share=4, assets=50_000_001).finding("it")
    assert (met.status.value, met.threshold) == ("met", 4)
    short = judged(rules, share=4, assets=50_000_000).finding("it")
    assert (short.status.value, short.threshold, short.distance) == ("not_met", 5, 1)
    open_ = judged(rules, share=4).finding("it")
    assert (open_.status.value, open_.value, open_.threshold, open_.missing) == (
        "not_evidenced",
        4,
        None,
        ("assets",),
    )


def test_undefined_is_not_evidenced_for_its_own_reason() -> None:
    rules = firm_rules(
        values=MANY,
        criteria=criterion('threshold: {input: a, operator: ">=", value: 5, unit: percent, wording: 不低于}'),
    )
    finding = judged(rules, assets=1, debts=0).finding("it")
    assert (finding.status.value, finding.reason, finding.missing) == (
        "not_evidenced",
        "zero_denominator",
        (),
    )


def test_a_text_that_was_not_found_decides_nothing() -> None:
    finding = judged(firm_rules(criteria=criterion("pending: {}"))).finding("it")
    assert (finding.status.value, finding.reason) == ("not_evidenced", "rule_unknown")


def test_dollars_are_not_yuan_and_have_their_own_words() -> None:
    test = 'threshold: {input: usd, operator: ">=", value: 1000000000, unit: usd, wording: 以上}'
    finding = judged(firm_rules(criteria=criterion(test)), usd=999_999_999).finding("it")
    assert finding.explanation.zh == "9.99999999 亿美元，要求不小于 10 亿美元，差 1 美元"
