"""Effects of applying and deciding; each runs inside the transaction of its move."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.codes.working_days import add_working_days
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.foundation.workflow.registry import Attempt, effect
from jinchuanggu.policies import grant_letters, grant_notices
from jinchuanggu.policies.grant_facts import Snapshot
from jinchuanggu.policies.grant_standing import Standing, allowed, budget_of, forget, standing_of
from jinchuanggu.policies.grant_terms import FEN, Terms, settings
from jinchuanggu.policies.grant_use import commit
from jinchuanggu.policies.models import Grant, GrantApplication
from jinchuanggu.policies.process.grant_guards import (
    budget_is_registered,
    no_other_of_the_group,
    over_budget,
)


def keep(application: GrantApplication, standing: Standing) -> None:
    """Put today's terms, facts and result on the application; the caller saves it."""
    terms, now = standing.terms, standing.now
    application.basis_on = standing.on
    if terms is None or now is None:
        application.result, application.facts = {}, []
        application.computed_low = application.computed_high = None
        return
    take_terms(application, terms)
    take_snapshot(application, now)


def take_terms(application: GrantApplication, terms: Terms) -> None:
    application.rule_version, application.rule_digest = terms.rule_set.version, terms.digest
    application.group, application.pool = terms.benefit.group or "", terms.benefit.pool or ""
    application.frequency = str(terms.benefit.frequency)


def take_snapshot(application: GrantApplication, now: Snapshot) -> None:
    """The computed amounts; a claim follows them where there is nothing to choose."""
    application.result, application.facts = now.result, now.facts
    application.computed_low, application.computed_high = now.low, now.high
    if now.low is None or now.high is None or now.high <= 0:
        application.claimed = None
    elif application.claimed is None or now.low == now.high:
        application.claimed = now.high
    else:
        application.claimed = min(max(application.claimed, now.low), now.high)


@effect
def enter_application(attempt: Attempt) -> None:
    """Sent: what the firm saw is kept with its day, the day of payment is promised, and nobody of the group is there.

    Two forms of one firm sent at once wait here for each other, so the second sees the first.
    """
    application: GrantApplication = attempt.subject
    Organisation.objects.select_for_update().get(pk=application.organisation_id)
    if others := no_other_of_the_group(attempt):
        raise Refused(others if isinstance(others, list) else [others])
    today = timezone.localdate()
    keep(application, standing_of(application))
    application.applied_on = application.applied_on or today
    application.committed = True
    due = add_working_days(application.applied_on, settings()["payment"]["working_days"])
    application.pay_by, application.pay_by_provisional = due.day, due.provisional
    terms = standing_of(application).terms
    if terms is not None:
        application.period = terms.period(application.basis_on, application.event_ref)
    application.save()


@effect
def refresh_snapshot(attempt: Attempt) -> None:
    """Compute again with what is known now; the history keeps what stood before."""
    application: GrantApplication = attempt.subject
    before = {"verdict": application.result.get("verdict"), "high": application.computed_high}
    forget(application)
    keep(application, standing_of(application))
    application.save()
    record(
        attempt.actor, "grant.recomputed", application, reason=attempt.reason,
        detail={"before": before, "verdict": application.result.get("verdict"), "high": application.computed_high},
    )  # fmt: skip


@effect
def make_grant(attempt: Attempt) -> None:
    """The decision: the amount is committed on the locked budget, or nothing happens at all."""
    application: GrantApplication = attempt.subject
    standing, today = standing_of(application), timezone.localdate()
    bounds, now = allowed(application, standing), standing.now
    budget = budget_of(application, today.year)
    if bounds is None or now is None or now.full is None or budget is None:
        raise Refused([budget_is_registered(attempt) or over_budget(today.year, Decimal(0), Decimal(0))])  # type: ignore[list-item]
    # a range is decided by the officer, else the most the rules allow
    named = attempt.payload.get("amount")
    amount = Decimal(named) if named is not None else bounds[1]
    commit(budget, amount)
    share = (amount * 100 / now.percent).quantize(FEN) if now.percent else now.full
    full = now.full if amount == now.high else share
    grant = Grant.objects.create(
        application=application, number=number_of(application, today.year), budget=budget, full=full,
        percent=now.percent, amount=amount, due=amount, decided_on=today, decided_by=attempt.actor.label[:240],
        opinion=str(attempt.payload.get("opinion", "")).strip(),
    )  # fmt: skip
    attempt.payload["due_on"] = application.pay_by
    record(
        attempt.actor, "grant.made", grant,
        detail={"amount": amount, "percent": now.percent, "budget": budget.pk, "rules": application.rule_version,
                "digest": application.rule_digest},
    )  # fmt: skip


def number_of(application: GrantApplication, year: int) -> str:
    """The number of a decision, e.g. DX2026-000042: unique because the application's is."""
    return f"DX{year}-{application.pk:06d}"


@effect
def write_decision(attempt: Attempt) -> None:
    grant_letters.write_decision(attempt)


@effect
def tell_firm(attempt: Attempt) -> None:
    grant_notices.tell_firm(attempt)
