from __future__ import annotations

from datetime import date
from decimal import Decimal

from jinchuanggu.engines.rules import Figure, PartialDate, Source
from jinchuanggu.engines.rules.selection import choose

ON = date(2025, 6, 30)


def figure(value: str, day: str, grade: str | None = "B", **more: object) -> Figure:
    source = Source("来源", grade=grade) if grade else None
    return Figure(Decimal(value), PartialDate.parse(day), source=source, **more)  # type: ignore[arg-type]


def chosen(*figures: Figure, on: date = ON) -> Figure | None:
    return choose("area", "m2", figures, on).chosen


def test_the_latest_on_or_before_the_day() -> None:
    old, new, future = figure("1", "2024-01-01"), figure("2", "2025-06-30"), figure("3", "2025-07-01")
    assert chosen(new, future, old) is new
    assert chosen(future) is None


def test_a_marked_report_wins_over_a_later_one() -> None:
    marked = figure("1", "2024-01-01", chosen=True)
    assert chosen(figure("2", "2025-01-01"), marked) is marked


def test_on_one_day_the_better_source_and_then_the_order_decide() -> None:
    copy, gazette, none = (
        figure("1", "2025-01-01", "C"),
        figure("2", "2025-01-01", "A"),
        figure("3", "2025-01-01", None),
    )
    assert chosen(none, copy, gazette) is gazette
    first, second = figure("1", "2025-01-01"), figure("2", "2025-01-01")
    assert chosen(first, second) is first


def test_on_one_day_the_later_year_comes_before_the_better_source() -> None:
    last, before = figure("1", "2025-01-01", "C", year=2024), figure("2", "2025-01-01", "A", year=2023)
    assert chosen(before, last) is last


def test_an_exact_date_beats_its_own_month() -> None:
    vague, exact = figure("202", "2025-01"), figure("68", "2025-01-18")
    assert chosen(vague, exact) is exact


def test_all_reports_are_kept_as_evidence_and_disagreement_is_flagged() -> None:
    selection = choose("area", "m2", [figure("1", "2025-01-01"), figure("2", "2025-02-01")], ON)
    assert [(piece.value, piece.chosen) for piece in selection.evidence()] == [(1, False), (2, True)]
    assert "reports_differ" in selection.flags()
    agreed = choose("area", "m2", [figure("2", "2025-01-01"), figure("2.0", "2025-02")], ON)
    assert agreed.flags() == {"partial_date"}


def test_other_units_are_converted_exactly() -> None:
    assert choose("area", "m2", [figure("0.392", "2025-01-01", unit="km2")], ON).value == 392_000
