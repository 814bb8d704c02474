"""What the sheets of an assessment amount to: who is missing, the tally, the means per criterion."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jinchuanggu.programme.models import Assessment, Assessor
from jinchuanggu.programme.schemes.loading import scheme
from jinchuanggu.programme.tally import Tally, means, tally


@dataclass(frozen=True, slots=True)
class Sheets:
    """Seats that count (not excused) by whether their sheet is in; `totals` in seat order."""

    seats: list[Assessor]
    waiting: list[Assessor]
    lines: list[dict[str, Decimal]]

    @property
    def totals(self) -> list[Decimal]:
        return [sum(sheet.values(), Decimal(0)) for sheet in self.lines]


def sheets_of(assessment: Assessment) -> Sheets:
    """All seats with their submitted lines. Two queries whatever the panel's size."""
    seats = list(
        assessment.assessors.filter(excused_at__isnull=True)
        .select_related("expert__person__employer__parent", "sheet")
        .prefetch_related("sheet__lines")
    )
    waiting = [seat for seat in seats if not is_in(seat)]
    lines = [
        {line.criterion: line.score for line in seat.sheet.lines.all() if line.score is not None}
        for seat in seats
        if is_in(seat)
    ]
    return Sheets(seats, waiting, lines)


def is_in(seat: Assessor) -> bool:
    return hasattr(seat, "sheet") and seat.sheet.submitted_at is not None


def tally_of(assessment: Assessment, sheets: Sheets) -> Tally | None:
    """The aggregate of what is in; None while nothing is."""
    if not sheets.lines:
        return None
    chosen = scheme(assessment.scheme)
    return tally(sheets.totals, pass_mark=chosen.pass_mark, drop_extremes_from=chosen.drop_extremes_from)


def aggregate_of(found: Tally, sheets: Sheets) -> dict[str, Any]:
    """The aggregate as the assessment keeps it: texts for exact numbers, no code and no name."""
    return {
        "sheets": len(found.totals),
        "counted": [str(total) for total in found.counted],
        "dropped": [str(total) for total in found.dropped],
        "score": str(found.score),
        "pass_mark": str(found.pass_mark),
        "passed": found.passed,
        "means": {key: str(value) for key, value in means(sheets.lines).items()},
    }
