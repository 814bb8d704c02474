"""Pivots by hand: what is divided is divided once, what is empty stays empty, longer periods, the order."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.indicators.models import UnitLevel, ValueSource
from jinchuanggu.indicators.store.pivot import latest, pivot, series
from tests.indicators.store import define, keep, tree

pytestmark = pytest.mark.django_db


def month(text: str) -> Period:
    return Period.parse(text)


def values(cells) -> list:
    return [cell.value for cell in cells]


def share() -> None:
    define("part")
    define("all")
    define(
        "share", source="derived", aggregation="ratio", unit="percent",
        formula={"quotient": {"numerator": "part", "denominator": "all"}},
    )  # fmt: skip


def test_a_ratio_is_the_sums_divided_not_the_mean_of_ratios() -> None:
    share()
    firms = tree(cities=1, valleys=1, firms=2)
    keep(("part", firms[0], "2026-09", 1), ("all", firms[0], "2026-09", 3))
    keep(("part", firms[1], "2026-09", 1), ("all", firms[1], "2026-09", 4))
    at = (month("2026-09"), month("2026-09"))
    assert values(pivot(["share"], level=UnitLevel.VALLEY, periods=at)) == [Decimal("28.5714")]
    assert values(pivot(["share"], level=UnitLevel.FIRM, periods=at)) == [Decimal("33.3333"), Decimal(25)]


def test_a_ratio_of_a_longer_period_divides_its_sums() -> None:
    share()
    firm = tree(cities=1, valleys=1, firms=1)[0]
    keep(
        ("part", firm, "2026-01", 1),
        ("all", firm, "2026-01", 3),
        ("part", firm, "2026-02", 0),
        ("all", firm, "2026-02", 4),
    )
    found = pivot(["share"], level=1, periods=(month("2026-01"), month("2026-12")), kind=PeriodKind.YEAR)
    assert values(found) == [Decimal("14.2857")]
    assert str(found[0].period) == "2026"


def test_what_is_divided_by_nothing_is_empty() -> None:
    share()
    firms = tree(cities=1, valleys=1, firms=2)
    keep(("part", firms[0], "2026-09", 1), ("all", firms[0], "2026-09", 0), ("part", firms[1], "2026-09", 1))
    at = (month("2026-09"), month("2026-09"))
    assert values(pivot(["share"], level=UnitLevel.FIRM, periods=at)) == [None, None]


@pytest.mark.parametrize(
    ("amounts", "mean"),
    [((1, 2), "1.5"), ((1, 1, 2), "1.3333"), ((-1, -1, -2), "-1.3333"), (("0.0001", "0.0002"), "0.0002")],
)
def test_a_mean_is_rounded_once_half_to_even(amounts: tuple, mean: str) -> None:
    define("a", aggregation="average", over_time="average", breakdowns=[])
    firms = tree(cities=1, valleys=1, firms=len(amounts))
    keep(*[("a", firm, "2026-09", value) for firm, value in zip(firms, amounts, strict=True)])
    at = (month("2026-09"), month("2026-09"))
    for level in (UnitLevel.VALLEY, UnitLevel.CITY, UnitLevel.PROVINCE):
        assert values(pivot(["a"], level=level, periods=at)) == [Decimal(mean)]


def test_a_stock_over_a_year_is_its_last_value() -> None:
    define("a", period="moment", over_time="last")
    firm = tree(cities=1, valleys=1, firms=1)[0]
    keep(("a", firm, "2025-12", 5), ("a", firm, "2026-03", 8), ("a", firm, "2026-07", 7))
    found = pivot(["a"], level=2, periods=(Period.parse("2025"), Period.parse("2026")))
    assert values(found) == [5, 7]


def test_groups_within_and_named_units() -> None:
    define("a")
    firms = tree(cities=2, valleys=1, firms=3)
    keep(*[("a", firm, "2026-09", n) for n, firm in enumerate(firms)])
    at = (month("2026-09"), month("2026-09"))
    city = firms[0].parent.parent
    groups = pivot(["a"], level=UnitLevel.VALLEY, within=city, periods=at, breakdown="field")
    assert [(cell.group, cell.value) for cell in groups] == [("", 2), ("数字经济", 1), ("新材料", 0)]
    mine = pivot(["a"], level=UnitLevel.FIRM, units=[firms[4]], periods=at, breakdown="field")
    assert [(cell.group, cell.value) for cell in mine] == [("数字经济", 4)]
    assert pivot(["a"], level=UnitLevel.PROVINCE, within=city, periods=at) == []
    assert pivot(["a"], level=UnitLevel.FIRM, units=[], periods=at) == []
    assert pivot(["no_such"], level=UnitLevel.FIRM, periods=at) == []


def test_a_monthly_question_gets_no_yearly_answer() -> None:
    define("a", period="year")
    firm = tree(cities=1, valleys=1, firms=1)[0]
    keep(("a", firm, "2025", 5))
    stretch = (month("2025-01"), month("2025-12"))
    assert pivot(["a"], level=1, periods=stretch, kind=PeriodKind.MONTH) == []
    assert values(pivot(["a"], level=1, periods=stretch)) == [5]


def test_a_series_names_its_gaps_and_the_latest_value_its_month() -> None:
    define("a", source="filed")
    firm = tree(cities=1, valleys=1, firms=1)[0]
    keep(("a", firm, "2026-01", 1), ("a", firm, "2026-03", 3), source=ValueSource.FILED)
    assert [value for _period, value in series("a", firm, month("2026-01"), month("2026-04"))] == [
        1,
        None,
        3,
        None,
    ]
    newest = latest(["a"], [firm, firm.parent], month("2026-04"))
    assert {(pk, str(cell.period)) for (_key, pk), cell in newest.items()} == {
        (firm.pk, "2026-03"), (firm.parent_id, "2026-03"),
    }  # fmt: skip
    assert str(latest(["a"], [firm], month("2026-02"))["a", firm.pk].period) == "2026-01"


def test_a_pivot_asks_the_same_few_questions_however_large(django_assert_max_num_queries) -> None:
    share()
    firms = tree(cities=3, valleys=2, firms=3)
    keep(*[(key, firm, "2026-09", 3) for firm in firms for key in ("part", "all")])
    with django_assert_max_num_queries(6):
        pivot(
            ["share", "part"],
            level=1,
            within=firms[0].parent.parent.parent,
            periods=(month("2026-01"), month("2026-09")),
        )
