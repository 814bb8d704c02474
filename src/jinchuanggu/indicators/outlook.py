"""When each condition a valley does not meet will be met at its present pace, from the store's monthly values.

The limits are those of the recognition conditions in force; nothing is stated here. Answers are kept until a value of the
valley changes.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Max, Sum

from jinchuanggu.engines.forecast import Reach, Reason, Verdict, reach
from jinchuanggu.engines.periods import Period, PeriodKind, span
from jinchuanggu.engines.rules.library import official
from jinchuanggu.engines.rules.model import Criterion, Threshold
from jinchuanggu.indicators.definitions.catalogue import definition_ids
from jinchuanggu.indicators.definitions.library import indicators
from jinchuanggu.indicators.models import Unit, UnitLevel, Value
from jinchuanggu.indicators.store.pivot import series
from jinchuanggu.residents.models import Resident

MONTHS = 36
"""How far back the pace is looked for."""
YEAR = 12
BY_MONTHS = {"tech_enterprise_revenue_cny": "revenue_cny"}
"""Yearly figures of sci-tech firms that the months' reports add up to, and by which indicator."""
_KEPT = 7 * 24 * 3600


def outlook(
    valley_id: int, on: date, *, kind: str = "regional", only: Collection[str] | None = None
) -> dict[str, Reach]:
    """`{criterion id: Reach}` for every condition on a figure that isn't met by the last whole month before `on`.

    `only`: these criteria, whatever the store says of them (as the verdict found them unmet). A condition whose figure
    has no monthly values answers `cannot_be_said`. Slow the first time (a second), then from the cache.
    """
    unit = Unit.objects.filter(level=UnitLevel.VALLEY, ref_id=valley_id).first()
    last = Period.of(PeriodKind.MONTH, on).shift(-1)
    found: dict[str, Reach] = {}
    for criterion in conditions(kind, on):
        if only is not None and criterion.id not in only:
            continue
        answer = _kept(criterion, unit, last)
        if only is not None or answer.verdict is not Verdict.REACHED:
            found[criterion.id] = answer
    return found


def conditions(kind: str, on: date) -> list[Criterion]:
    """The conditions "at least so much" on a day, in the order of the document."""
    rules = official("valley_recognition")
    rule_set = rules.concerning("valley", kind=kind)[0]
    chosen = rules.in_force(rule_set, on) or rules.versions(rule_set)[-1]
    return [
        one for one in chosen.walk()
        if isinstance(one.test, Threshold) and one.test.operator in (">", ">=") and not isinstance(one.test.limit, str)
    ]  # fmt: skip


def _kept(criterion: Criterion, unit: Unit | None, last: Period) -> Reach:
    test = criterion.test
    assert isinstance(test, Threshold)
    assert not isinstance(test.limit, str)
    limit = Decimal(test.limit.numerator) / Decimal(test.limit.denominator)
    if unit is None:
        return Reach(Verdict.CANNOT_BE_SAID, reason=Reason.NO_DATA, target=float(limit))
    monthly = BY_MONTHS.get(test.input, test.input)
    key = f"outlook:{unit.pk}:{test.input}:{limit}:{last}:{_revision(unit, monthly)}"
    answer: Reach | None = cache.get(key)
    if answer is None:
        answer = _ask(unit, test.input, limit, last)
        cache.set(key, answer, _KEPT)
    return answer


def _ask(unit: Unit, figure: str, limit: Decimal, last: Period) -> Reach:
    first = last.shift(1 - MONTHS)
    if figure in BY_MONTHS:
        return reach(_of_sci_tech(unit, BY_MONTHS[figure], first, last), limit, window=YEAR)
    indicator = indicators().get(figure)
    if indicator is None or indicator.kind is not PeriodKind.MONTH:
        return Reach(Verdict.CANNOT_BE_SAID, reason=Reason.NO_DATA, target=float(limit))
    return reach(series(figure, unit, first, last), limit)


def _of_sci_tech(unit: Unit, key: str, first: Period, last: Period) -> list[tuple[Period, Decimal | None]]:
    """What the sci-tech firms of a valley reported, month by month."""
    firms = Resident.objects.filter(valley_id=unit.ref_id, sci_tech=True).values("pk")
    rows = (
        Value.objects.filter(
            indicator=definition_ids()[key], level=UnitLevel.FIRM, unit__parent=unit, unit__ref_id__in=firms,
            period__range=(first.number, last.number), breakdown=0, current=True,
        )
        .order_by()
        .values_list("period")
        .annotate(total=Sum("value"))
    )  # fmt: skip
    known = dict(rows)
    return [(period, known.get(period.number)) for period in span(first, last)]


def _revision(unit: Unit, key: str) -> str:
    """Changes whenever a value of this indicator in the valley does; firms' values reach the valley's by the roll-up."""
    ids = definition_ids()
    if key not in ids:
        return "0"
    row = Value.objects.filter(indicator=ids[key], unit=unit, breakdown=0).aggregate(
        last=Max("posted_at"), most=Max("pk")
    )
    return f"{row['most']}:{row['last'].timestamp() if row['last'] else 0}"
