"""Geometry of the small drawings made on the server."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.foundation.ui.differences import changed, marked
from jinchuanggu.foundation.ui.gantt import LABELS, PLOT, layout
from jinchuanggu.foundation.ui.gauges import WIDTH, gauge

amounts = st.decimals(min_value="0.001", max_value=10**9, places=3)


@given(amounts, amounts)
def test_the_bar_passes_its_mark_exactly_when_the_value_reaches_the_threshold(value, threshold):
    bar = gauge(value, threshold)
    assert bar is not None
    assert bar.value is not None
    assert 0 <= bar.value <= WIDTH
    assert 0 <= bar.mark <= WIDTH
    # positions are rounded to a tenth, so near equals may fall together but never change sides
    assert bar.value >= bar.mark if value >= threshold else bar.value <= bar.mark


def test_nothing_known_leaves_the_bar_empty_not_at_zero():
    bar = gauge(None, 12)
    assert bar is not None
    assert bar.value is None


@pytest.mark.parametrize(("value", "threshold"), [(True, True), ("省级", 3), (5, None), (5, 0)])
def test_no_bar_where_it_would_say_nothing(value, threshold):
    assert gauge(value, threshold) is None


def test_milestones_stay_inside_the_plot(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 11, 24))
    chart = layout(
        [
            {"label": "起步区一期", "start": "2025-07-01", "end": "2026-06-30", "state": "done"},
            {
                "label": "二期",
                "start": "2027-01-01",
                "end": "2027-09-30",
                "state": "todo",
                "note": "依赖土地批复",
            },
            {"label": "没有日期"},
        ]
    )
    assert chart is not None
    assert [bar.label for bar in chart.bars] == ["起步区一期", "二期"]
    assert all(bar.x >= LABELS and bar.x + bar.width <= LABELS + PLOT for bar in chart.bars)
    assert chart.today is not None
    assert chart.bars[0].x < chart.today < chart.bars[1].x
    assert chart.bars[1].note_anchor == "end"


def test_no_dates_no_chart():
    assert layout([{"label": "空"}]) is None


def test_a_changed_number_is_struck_out_whole():
    assert marked("到2027年", "到2028年") == "到<del>2027</del><ins>2028</ins>年"


@pytest.mark.parametrize(
    ("old", "new"), [("2022-08-04", "2026-01-01"), ("晋政办发〔2022〕3号", "晋政发〔2026〕12号")]
)
def test_a_date_or_a_short_value_is_shown_whole(old, new):
    assert changed(old, new) == f"<ins>{new}</ins>"


def test_a_date_inside_a_longer_text_changes_whole():
    before = "本办法自2022-08-04起施行，有效期五年，由省级工作专班办公室负责解释。"
    after = before.replace("2022-08-04", "2026-01-01")
    assert "<del>2022-08-04</del><ins>2026-01-01</ins>起施行" in changed(before, after)


def test_markup_in_a_compared_text_is_escaped():
    assert "<b>" not in marked("<b>甲</b>", "<b>乙</b>")
