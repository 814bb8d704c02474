"""Posting and rolling up: exact, incremental, versions kept, nearer sources first."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jinchuanggu.engines.periods import Period
from jinchuanggu.indicators.models import Value, ValueSource
from jinchuanggu.indicators.store.posting import Posting, post
from jinchuanggu.indicators.store.rollup import roll_up
from tests.indicators.store import amount, current, define, keep, tree

pytestmark = pytest.mark.django_db


def test_firms_make_valley_city_and_province() -> None:
    define("a")
    firms = tree()
    keep(*[("a", firm, "2026-09", f"{n}.0001") for n, firm in enumerate(firms)], source=ValueSource.FILED)
    valley = firms[0].parent
    assert amount("a", valley, "2026-09") == Decimal("3.0003")
    assert amount("a", valley.parent, "2026-09") == Decimal("15.0006")
    assert amount("a", valley.parent.parent, "2026-09") == Decimal("66.0012")
    assert current("a", valley.parent.parent, "2026-09").reporters == 12
    assert amount("a", valley, "2026-09", ("size", "small")) == Decimal("2.0002")
    assert amount("a", valley.parent, "2026-09", ("field", "新材料")) == Decimal("3.0002")


def test_the_same_again_writes_nothing() -> None:
    define("a")
    firms = tree()
    rows = [("a", firm, "2026-09", 5) for firm in firms]
    keep(*rows)
    before = Value.objects.count()
    again = keep(*rows)
    assert (again.written, again.touched, Value.objects.count()) == (0, {}, before)


def test_rolling_up_twice_writes_nothing_the_second_time() -> None:
    define("a")
    firms = tree()
    posted = post(Posting("a", firm.pk, Period.parse("2026-09"), Decimal(7)) for firm in firms)
    assert roll_up(posted) > 0
    assert roll_up(posted) == 0


def test_a_restated_filing_keeps_both_values_at_every_level() -> None:
    define("a")
    firms = tree()
    keep(*[("a", firm, "2026-09", 10) for firm in firms], source=ValueSource.FILED)
    keep(("a", firms[0], "2026-09", 4), source=ValueSource.FILED)
    valley = firms[0].parent
    for unit, values in ((firms[0], [10, 4]), (valley, [30, 24]), (valley.parent.parent, [120, 114])):
        rows = Value.objects.filter(unit=unit, breakdown=0).order_by("version")
        assert [(row.version, row.value, row.current) for row in rows] == [
            (1, values[0], False), (2, values[1], True)
        ]  # fmt: skip
    other = firms[-1].parent
    assert [row.version for row in Value.objects.filter(unit=other, breakdown=0)] == [1]


def test_a_late_filing_changes_the_roll_up_in_place() -> None:
    define("a")
    firms = tree()
    keep(*[("a", firm, "2026-09", 10) for firm in firms[1:]], source=ValueSource.FILED)
    keep(("a", firms[0], "2026-09", 5), source=ValueSource.FILED)
    rows = Value.objects.filter(unit=firms[0].parent, breakdown=0)
    assert [(row.version, row.value, row.reporters) for row in rows] == [(1, 25, 3)]


def test_the_nearest_source_counts_whatever_comes_first() -> None:
    define("a", level="valley")
    valley = tree()[0].parent
    keep(("a", valley, "2026-09", 3), source=ValueSource.COMPUTED)
    keep(("a", valley, "2026-09", 9), source=ValueSource.PUBLISHED)
    assert amount("a", valley, "2026-09") == 3
    keep(("a", valley, "2026-08", 9), source=ValueSource.PUBLISHED)
    keep(("a", valley, "2026-08", 4), source=ValueSource.FILED)
    assert amount("a", valley, "2026-08") == 4
    assert Value.objects.filter(unit=valley, period=Period.parse("2026-08").number).count() == 2


def test_a_value_taken_back_is_empty_not_zero_and_the_next_source_counts() -> None:
    define("a", level="valley")
    valley = tree()[0].parent
    keep(("a", valley, "2026-09", 9), source=ValueSource.PUBLISHED)
    keep(("a", valley, "2026-09", 4), source=ValueSource.FILED)
    keep(("a", valley, "2026-09", None), source=ValueSource.FILED)
    assert amount("a", valley, "2026-09") == 9
    assert amount("a", valley.parent, "2026-09") == 9
    keep(("a", valley, "2026-09", None), source=ValueSource.PUBLISHED)
    assert amount("a", valley, "2026-09") is None
    assert amount("a", valley.parent, "2026-09") is None
    assert current("a", valley.parent, "2026-09").reporters == 0


def test_a_group_without_firms_is_empty() -> None:
    define("a")
    firms = tree(cities=1, valleys=1, firms=3)
    keep(*[("a", firm, "2026-09", 10) for firm in firms])
    firms[0].field = "数字经济"
    firms[0].save()
    keep(("a", firms[0], "2026-09", 11))
    valley = firms[0].parent
    assert amount("a", valley, "2026-09", ("field", "新材料")) is None
    assert amount("a", valley, "2026-09", ("field", "数字经济")) == 21


def test_what_a_unit_says_itself_counts_before_the_sum_below_it() -> None:
    define("a")
    firms = tree(cities=1, valleys=1)
    keep(*[("a", firm, "2026-09", 10) for firm in firms], source=ValueSource.FILED)
    valley = firms[0].parent
    keep(("a", valley, "2026-09", 31), source=ValueSource.FILED)
    assert amount("a", valley, "2026-09") == amount("a", valley.parent, "2026-09") == 31


def test_an_average_is_weighted_by_those_who_report() -> None:
    define("a", aggregation="average")
    firms = tree(cities=1, valleys=2, firms=3)
    keep(*[("a", firm, "2026-09", n) for n, firm in enumerate(firms[:4])], source=ValueSource.FILED)
    row = current("a", firms[0].parent.parent, "2026-09")
    assert (row.value, row.reporters) == (6, 4)  # the sum, divided when read


def test_distinct_counts_are_not_added_up() -> None:
    define("a", aggregation="distinct")
    firms = tree(cities=1, valleys=1)
    keep(*[("a", firm, "2026-09", 1) for firm in firms])
    assert amount("a", firms[0].parent, "2026-09") is None


def test_more_than_four_places_are_refused() -> None:
    define("a")
    with pytest.raises(ValueError, match="decimal places"):
        keep(("a", tree()[0], "2026-09", "0.00001"))


def test_two_provinces_never_meet() -> None:
    define("a")
    real, simulated = tree(cities=1), tree(cities=1, first=500)
    keep(*[("a", firm, "2026-09", 1) for firm in real], *[("a", firm, "2026-09", 100) for firm in simulated])
    assert amount("a", real[0].parent.parent.parent, "2026-09") == 6
    assert amount("a", simulated[0].parent.parent.parent, "2026-09") == 600
