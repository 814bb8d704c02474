"""Values of indicators for a month: the value, the one before, the one a year before, and the line that leads there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jinchuanggu.engines.periods import Period, PeriodKind, span
from jinchuanggu.indicators.definitions.catalogue import catalogue
from jinchuanggu.indicators.definitions.library import Indicator
from jinchuanggu.indicators.models import Unit
from jinchuanggu.indicators.store.pivot import pivot

KINDS = {"quarter": PeriodKind.QUARTER, "year": PeriodKind.YEAR}
_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}
ONE = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Reading:
    """One indicator of one unit. `line`: its values up to `period`, None where nothing is known."""

    key: str
    unit_id: int
    period: Period
    line: tuple[Decimal | None, ...]
    reporters: int = 0
    percent: bool = False

    @property
    def value(self) -> Decimal | None:
        return self.line[-1] if self.line else None

    @property
    def before(self) -> Decimal | None:
        return self.line[-2] if len(self.line) > 1 else None

    @property
    def steps_a_year(self) -> int:
        """Twelve months, four quarters or one year."""
        return 12 // _MONTHS[self.period.kind]

    @property
    def year_before(self) -> Decimal | None:
        """A year earlier."""
        steps = self.steps_a_year
        return self.line[-1 - steps] if len(self.line) > steps else None

    @property
    def change(self) -> Decimal | None:
        """Against the period before, in percent (in points for an indicator in percent)."""
        return change(self.percent, self.value, self.before)

    @property
    def growth(self) -> Decimal | None:
        """Against a year before, likewise."""
        return change(self.percent, self.value, self.year_before)


def change(percent: bool, now: Decimal | None, then: Decimal | None) -> Decimal | None:
    """Percent, or points for an indicator that is a percentage; None where either is unknown or there is no base."""
    if now is None or then is None:
        return None
    if percent:
        return (now - then).quantize(ONE)
    return ((now - then) * 100 / abs(then)).quantize(ONE) if then else None


def kind_of(indicator: Indicator) -> PeriodKind:
    """What its values are stored by; moments are stored by month."""
    return KINDS.get(str(indicator.period), PeriodKind.MONTH)


def period_at(kind: PeriodKind, at: Period) -> Period:
    """The newest period of a kind that is over by the end of a month."""
    found = at.within(kind)
    return found if found.last_day <= at.last_day else found.shift(-1)


def readings(
    keys: Iterable[str],
    at: Period,
    *,
    level: int,
    within: Unit | None = None,
    units: Sequence[Unit] | None = None,
    months: int = 13,
    known: Mapping[str, Indicator] | None = None,
) -> dict[tuple[str, int], Reading]:
    """`{(key, unit id): reading}` for every unit that has any value in the span. One pivot for each kind of period."""
    known = catalogue() if known is None else known
    by_kind: dict[PeriodKind, list[str]] = {}
    for key in keys:
        if key in known:
            by_kind.setdefault(kind_of(known[key]), []).append(key)
    found: dict[tuple[str, int], Reading] = {}
    for kind, these in by_kind.items():
        last = period_at(kind, at)
        steps = list(span(last.shift(-max(months // _MONTHS[kind], 1)), last))
        cells = pivot(these, level=level, within=within, units=units, periods=(steps[0], last), kind=kind)
        grouped: dict[tuple[str, int], dict[Period, tuple[Decimal | None, int]]] = {}
        for cell in cells:
            grouped.setdefault((cell.key, cell.unit_id), {})[cell.period] = (cell.value, cell.reporters)
        for (key, unit_id), values in grouped.items():
            found[key, unit_id] = Reading(
                key, unit_id, last,
                tuple(values.get(step, (None, 0))[0] for step in steps),
                values.get(last, (None, 0))[1], known[key].unit == "percent",
            )  # fmt: skip
    return found


def sparkline(line: Sequence[Decimal | None], width: int = 120, height: int = 28) -> list[str]:
    """The points of a small line as SVG polylines, one for each stretch without a gap; nothing for fewer than two."""
    known = [value for value in line if value is not None]
    if len(known) < 2:
        return []
    low, high = min(known), max(known)
    room = high - low
    step = Decimal(width - 4) / (len(line) - 1)
    stretches: list[list[str]] = [[]]
    for at, value in enumerate(line):
        if value is None:
            stretches.append([])
            continue
        share = (value - low) / room if room else Decimal("0.5")
        stretches[-1].append(f"{2 + step * at:.1f},{height - 3 - share * (height - 6):.1f}")
    return [" ".join(points) for points in stretches if len(points) > 1]
