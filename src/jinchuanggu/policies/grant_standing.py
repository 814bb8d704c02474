"""How an application stands today: its terms, today's snapshot, what else the firm has, what the budget has left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from jinchuanggu.engines.rules.benefit import Frequency
from jinchuanggu.policies.grant_facts import Snapshot, snapshot
from jinchuanggu.policies.grant_terms import Terms, terms_on, terms_shown
from jinchuanggu.policies.models import Budget, BudgetUse, Grant, GrantApplication
from jinchuanggu.policies.models.grants import UNSENT, ZERO


@dataclass(frozen=True)
class Standing:
    """`terms` None: no version is in force on `on` (then `shown` is the nearest), and nothing is computed."""

    on: date
    terms: Terms | None
    shown: Terms | None
    now: Snapshot | None


def basis_day(application: GrantApplication, terms: Terms | None, today: date) -> date:
    """The day whose rules apply: the event's, else the first sending's, else today."""
    if terms is not None and terms.by_event:
        return application.event_on or today
    return application.applied_on or today


def standing_of(application: GrantApplication) -> Standing:
    """Today's standing; computed once for each loaded object (guards of one move ask several times)."""
    today = timezone.localdate()
    key = (application.event_on, application.applied_on, today)
    kept = getattr(application, "_standing", None)
    if kept is not None and kept[0] == key:
        found: Standing = kept[1]
        return found
    shown = terms_shown(application.rule_set, today)
    on = basis_day(application, shown, today)
    terms = terms_on(application.rule_set, on)
    now = snapshot(application.organisation_id, terms, on) if terms is not None else None
    standing = Standing(on, terms, terms or shown, now)
    application._standing = (key, standing)  # type: ignore[attr-defined]
    return standing


def forget(application: GrantApplication) -> None:
    """Compute anew next time."""
    application._standing = None  # type: ignore[attr-defined]


def rivals(application: GrantApplication, terms: Terms, period: str) -> QuerySet[GrantApplication]:
    """Other live applications of the firm that this one cannot stand beside: of its group, or excluded by it."""
    same = Q(rule_set__in=terms.benefit.excludes)
    if terms.benefit.group:
        of_group = Q(group=terms.benefit.group)
        if terms.benefit.frequency is not Frequency.ONCE:
            of_group &= Q(period=period) | Q(frequency=Frequency.ONCE)
        same |= of_group
    rows = GrantApplication.objects.filter(same, organisation_id=application.organisation_id)
    return rows.exclude(pk=application.pk).exclude(state__in=UNSENT).select_related("grant").order_by("pk")


def pool_left(application: GrantApplication, terms: Terms, period: str) -> Decimal | None:
    """What the common cap of the measure's pool leaves this firm in this period; None without a pool."""
    if not terms.benefit.pool or terms.benefit.pool_cap is None:
        return None
    cap = Decimal(terms.benefit.pool_cap.numerator) / Decimal(terms.benefit.pool_cap.denominator)
    others = Grant.objects.filter(
        application__organisation_id=application.organisation_id,
        application__pool=terms.benefit.pool,
        application__period=period,
    ).exclude(application=application)
    used = others.aggregate(sum=Sum("due"))["sum"] or ZERO
    return max(ZERO, cap - used)


def budget_of(application: GrantApplication, year: int) -> Budget | None:
    """The budget a decision of this year draws on."""
    if application.policy_id is None:
        return None
    return Budget.objects.filter(policy_id=application.policy_id, year=year).first()


def left_of(budget: Budget) -> Decimal:
    """What a budget still has for new decisions, in yuan."""
    used = BudgetUse.objects.filter(budget=budget).values_list("committed", flat=True).first()
    return budget.amount_cny - (used or ZERO)


def allowed(application: GrantApplication, standing: Standing) -> tuple[Decimal, Decimal] | None:
    """The least and the most that may be granted: computed, stepped down, within claim and pool; None: nothing."""
    now, terms = standing.now, standing.terms
    if now is None or terms is None or now.low is None or now.high is None or now.high <= 0:
        return None
    low, high = now.low, now.high
    left = pool_left(application, terms, application.period)
    if left is not None:
        low, high = min(low, left), min(high, left)
    if application.claimed is not None:
        high = min(high, application.claimed)
        low = min(low, high)
    return (low, high) if high > 0 else None
