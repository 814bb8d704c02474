"""What a policy will cost by year as its support steps down, beside what was really paid (四（三）).

The base is what was decided in the last year with decisions, before any step-down; a year's forecast is that base
times the share in force, weighted by days where the share changes within the year. It is arithmetic, not a promise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.db.models import Sum
from django.db.models.functions import ExtractYear

from jinchuanggu.engines.rules.benefit import Benefit
from jinchuanggu.engines.rules.schedule import share_in
from jinchuanggu.engines.rules.units import decimal_of
from jinchuanggu.policies import rules
from jinchuanggu.policies.grant_terms import FEN, settings
from jinchuanggu.policies.models import Budget, Grant, Payment, Policy

ZERO = Decimal(0)


@dataclass(frozen=True)
class Year:
    """One year of a policy, in yuan; None where there is nothing to say."""

    year: int
    budget: Decimal | None
    committed: Decimal
    paid: Decimal
    forecast: Decimal | None
    percent: Decimal | None


def forecast(base: Iterable[tuple[Benefit | None, Decimal]], year: int) -> Decimal:
    """The cost of a year when the same is decided again: each measure's full amount times its share of the year."""
    total = sum((Fraction(full) * share_in(benefit, year) for benefit, full in base), Fraction(0))
    return decimal_of(total, 12).quantize(FEN, ROUND_HALF_UP)


def years_of(policy: Policy, today: date) -> list[Year]:
    """Past, present and coming years of a policy: budget, commitments, payments, forecast under the step-down."""
    budgets = dict(Budget.objects.filter(policy=policy).values_list("year", "amount_cny"))
    decided = Grant.objects.filter(budget__policy=policy)
    committed = _by_year(decided, "decided_on", "due")
    paid = _by_year(Payment.objects.filter(grant__budget__policy=policy), "paid_on", "amount")
    base_year = max((year for year in committed if year <= today.year), default=None)
    base = _base(policy, base_year, today)
    last = today.year + int(settings()["forecast_years"]) - 1
    first = min([today.year, *budgets, *committed, *paid])
    return [
        Year(
            year=year,
            budget=budgets.get(year),
            committed=committed.get(year, ZERO),
            paid=paid.get(year, ZERO),
            forecast=forecast(base, year) if base and base_year is not None and year >= base_year else None,
            percent=_share(base, year) if base else None,
        )
        for year in range(first, last + 1)
    ]


def _by_year(rows: object, day: str, amount: str) -> dict[int, Decimal]:
    found = rows.annotate(y=ExtractYear(day)).order_by().values("y").annotate(s=Sum(amount))  # type: ignore[attr-defined]
    return {row["y"]: row["s"] for row in found}


def _base(policy: Policy, year: int | None, today: date) -> list[tuple[Benefit | None, Decimal]]:
    """The full amounts decided in the base year, by measure with the terms of today (or the last ones)."""
    if year is None:
        return []
    rows = Grant.objects.filter(budget__policy=policy, decided_on__year=year).exclude(due=0)
    sums = rows.order_by().values("application__rule_set").annotate(s=Sum("full"))
    return [(_benefit(row["application__rule_set"], today), row["s"]) for row in sums]


def _benefit(rule_set: str, today: date) -> Benefit | None:
    versions = rules.library().versions(rule_set)
    now = [one for one in versions if one.in_force(today)] or list(versions[-1:])
    return now[0].benefit if now else None


def _share(base: Sequence[tuple[Benefit | None, Decimal]], year: int) -> Decimal | None:
    """The share of the full amount that a year's forecast comes to, in percent."""
    full = sum((amount for _benefit, amount in base), ZERO)
    return (forecast(base, year) * 100 / full).quantize(Decimal("0.1")) if full else None
