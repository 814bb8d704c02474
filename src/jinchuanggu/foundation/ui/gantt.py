"""Milestones as bars over months, laid out on the server so that the picture prints and needs no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from jinchuanggu.foundation.ui.formats import as_moment, day

LABELS, PLOT, ROW, HEAD, RIGHT = 208, 720, 34, 28, 24


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    x: float
    y: float
    width: float
    state: str
    start: str
    end: str
    note: str
    note_x: float
    note_anchor: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`ticks` are (x, text); `today` is an x or None when today lies outside."""

    width: int
    height: int
    head: int
    labels: int
    ticks: list[tuple[float, str]]
    bars: list[Bar]
    today: float | None


def _date(value: Any) -> date | None:
    moment = as_moment(value)
    return moment.date() if isinstance(moment, datetime) else moment


def _months(first: date, last: date) -> Iterable[date]:
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((s for s in (1, 3, 6, 12) if months / s <= 12), 24)
    for offset in range(0, months + step + 1, step):
        year, month = divmod(first.month - 1 + offset, 12)
        yield date(first.year + year, month + 1, 1)


def layout(milestones: Iterable[Mapping[str, Any]]) -> Chart | None:
    """The chart of milestones {label, start, end, state: done|now|late|todo, note}; None without any end."""
    rows = [(m, _date(m.get("start")) or _date(m.get("end")), _date(m.get("end"))) for m in milestones]
    known = [(m, start, end) for m, start, end in rows if start and end]
    if not known:
        return None
    earliest = min(start for _, start, _ in known)
    first = date(earliest.year, (earliest.month - 1) // 3 * 3 + 1, 1)
    last = max(end for _, _, end in known) + timedelta(days=31)
    span = max((last - first).days, 1)

    def x(when: date) -> float:
        return round(LABELS + PLOT * (when - first).days / span, 1)

    ticks = [(x(m), m.strftime("%Y-%m")) for m in _months(first, last) if x(m) <= LABELS + PLOT - 20]
    bars = []
    for row, (m, start, end) in enumerate(known):
        left, right = x(start), x(end)
        inside = right > LABELS + PLOT * 0.82
        bars.append(
            Bar(
                label=str(m.get("label", "")),
                x=left,
                y=HEAD + row * ROW + 9,
                width=max(right - left, 6),
                state=str(m.get("state", "todo")),
                start=day(start),
                end=day(end),
                note=str(m.get("note") or ""),
                note_x=left - 6 if inside else max(right, left + 6) + 6,
                note_anchor="end" if inside else "start",
            )
        )
    today = timezone.localdate()
    return Chart(
        width=LABELS + PLOT + RIGHT,
        height=HEAD + len(known) * ROW + 8,
        head=HEAD,
        labels=LABELS,
        ticks=ticks,
        bars=bars,
        today=x(today) if first <= today <= last else None,
    )
