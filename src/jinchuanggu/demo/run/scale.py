"""How much of the simulated run is told: so many valleys, firms and months, up to the last whole month."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date

from jinchuanggu.engines.periods import Period, PeriodKind

SETTING = "JCG_DEMO_SCALE"
SEED = 20_231_101


@dataclass(frozen=True, slots=True)
class Scale:
    """`last`: the last month told. A scale of no valleys is no run."""

    valleys: int
    firms: int
    months: int
    last: Period
    seed: int = SEED

    @property
    def first(self) -> Period:
        return self.last.shift(1 - self.months)

    def period(self, at: int) -> Period:
        """The month number `at`, counted from 0."""
        return self.first.shift(at)


def last_whole_month(today: date) -> Period:
    """The month before today's: the last one whose filings are due or nearly."""
    return Period.of(PeriodKind.MONTH, today).shift(-1)


MOST = (13, 3000, 36)
LESS = (3, 60, 36)
NAMED = {"full": MOST, "demo": LESS, "none": (0, 0, 0)}


def scale_of(text: str, today: date) -> Scale:
    """From "full", "demo", "none" or "valleys,firms,months". Raises ValueError beyond what the data holds."""
    try:
        sizes = NAMED.get(text) or tuple(int(part) for part in text.split(","))
        valleys, firms, months = sizes
    except ValueError as problem:
        raise ValueError(f"{SETTING}: full, demo, none or valleys,firms,months (13,3000,36)") from problem
    if not (0 <= valleys <= MOST[0] and firms >= 4 * valleys and firms <= MOST[1] and 0 <= months <= MOST[2]):
        raise ValueError(f"{SETTING}: at most {MOST}, and four firms or more a valley")
    return Scale(valleys, firms, months, last_whole_month(today))


def chosen_scale(today: date) -> Scale:
    """What the environment asks for, else what a demo loads in bearable time."""
    return scale_of(os.environ.get(SETTING, "demo"), today)
