"""What tests of grants stand on: a city with its office, a firm with facts, measures in force, and a budget."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from jinchuanggu.engines.rules import RuleSet, load_text
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Organisation, Region
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies import rules
from jinchuanggu.policies.actions import grants as actions
from jinchuanggu.policies.actions.grants import Entries
from jinchuanggu.policies.entries import digest_of, entry_for
from jinchuanggu.policies.models import (
    Budget,
    BudgetUse,
    Grant,
    GrantApplication,
    Policy,
    RuleText,
)
from jinchuanggu.policies.process.subject import case_of
from jinchuanggu.residents.models import FirmStanding, FirmYear
from tests import factories

MEASURES = Path(__file__).with_name("grant_measures.yaml")
RD, RANGE, RIVAL, CONTRACT = (
    "measure.test.rd",
    "measure.test.range",
    "measure.test.rival",
    "measure.test.contract",
)
AUTO, PENDING, RELIEF, FALLING = (
    "measure.test.auto",
    "measure.test.pending",
    "measure.test.relief",
    "measure.test.falling",
)
PROOF = ("合同.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
_serial = itertools.count(1)


@dataclass
class Town:
    """A city with the measures in force, what each may spend, and who acts there."""

    region: Region
    city: Actor
    policy: Policy
    office: Actor = field(default_factory=Actor)
    firms: list[tuple[Organisation, Actor]] = field(default_factory=list)

    @property
    def firm(self) -> Organisation:
        return self.firms[0][0]

    @property
    def owner(self) -> Actor:
        return self.firms[0][1]

    @property
    def budget(self) -> Budget:
        return Budget.objects.get(policy=self.policy, year=timezone.localdate().year)

    @property
    def use(self) -> BudgetUse:
        return BudgetUse.objects.get(budget=self.budget)


def town(*, level: str = "city", budget: str | None = "1000000", yaml: str = "") -> Town:
    """A city (or, for provincial measures, the province) with one firm that meets every measure."""
    region = factories.region()
    region.parent = factories.province()
    region.save()
    city, office = factories.city_office(region), factories.provincial_office()
    policy = Policy.objects.create(
        code=f"test-{next(_serial)}",
        title_zh="模拟政策",
        level=level,
        region=region if level == "city" else None,
    )
    publish(policy, yaml or MEASURES.read_text("utf-8"), author=city, reviewer=office)
    made = Town(region, city, policy, office)
    if budget is not None:
        Budget.objects.create(policy=policy, year=timezone.localdate().year, amount_cny=Decimal(budget))
    add_firm(made)
    return made


@cache
def parsed(yaml: str) -> tuple[RuleSet, ...]:
    return load_text(yaml, "test.yaml")


def publish(policy: Policy, yaml: str, *, author: Actor, reviewer: Actor) -> RuleText:
    """A text of rules in force, as the editor would leave it."""
    text = RuleText.objects.create(
        policy=policy, region=policy.region, level=policy.level, family="test", title="模拟规则", yaml=yaml,
        digest=digest_of(yaml), origin="authored", status="in_force", author_id=author.person_id,
        reviewer_id=reviewer.person_id,
    )  # fmt: skip
    for order, one in enumerate(parsed(yaml)):
        entry_for(text, one, order).save()
    rules.bump()
    return text


def add_firm(place: Town, *, rd: str = "1000000", honest: bool | None = True) -> tuple[Organisation, Actor]:
    """A firm of the town with the facts the measures read; the first one is `place.firm`."""
    firm = factories.organisation("enterprise", where=place.region, origin="simulated")
    facts: dict[str, Any] = {} if honest is None else {"no_serious_dishonesty": honest}
    FirmStanding.objects.create(organisation=firm, values=facts)
    FirmYear.objects.create(
        organisation=firm, year=timezone.localdate().year - 1, values={"rd_expense_cny": rd}
    )
    pair = (firm, factories.actor(Role.ENTERPRISE, firm))
    place.firms.append(pair)
    return pair


def set_rd(firm: Organisation, value: str) -> None:
    """The firm's R&D of last year becomes another one."""
    FirmYear.objects.filter(organisation=firm).update(values={"rd_expense_cny": value})


def draft(place: Town, measure: str = RD, *, number: int = 0, **entries: Any) -> GrantApplication:
    firm, owner = place.firms[number]
    return actions.save_draft(owner, organisation_id=firm.pk, rule_set=measure, entries=Entries(**entries))


def applied(place: Town, measure: str = RD, *, number: int = 0, **entries: Any) -> GrantApplication:
    """An application that the payer has before it."""
    application = draft(place, measure, number=number, **entries)
    if entries.get("event_on"):
        actions.add_paper(place.firms[number][1], pk=application.pk, kind="event_proof", file=PROOF)
    return actions.submit(place.firms[number][1], pk=application.pk, committed=True)


def payer(place: Town) -> Actor:
    return place.city if place.policy.level == "city" else place.office


def granted(place: Town, measure: str = RD, *, number: int = 0, **entries: Any) -> Grant:
    application = applied(place, measure, number=number, **entries)
    actions.approve(payer(place), pk=application.pk)
    return Grant.objects.get(application=application)


def state_of(application: GrantApplication) -> str:
    application.refresh_from_db()
    assert case_of(application).state == application.state, "the mirror differs from the case"
    return application.state


def check_books() -> None:
    """What must hold whatever happened: paid within granted within budget, and the columns equal their rows."""
    for grant in Grant.objects.prefetch_related("payments", "recoveries"):
        paid = sum((row.amount for row in grant.payments.all()), Decimal(0))
        ordered = sum((row.amount for row in grant.recoveries.all()), Decimal(0))
        received = sum((row.received for row in grant.recoveries.all()), Decimal(0))
        assert (grant.paid, grant.ordered, grant.recovered) == (paid, ordered, received), grant
        assert grant.recovered <= grant.ordered <= grant.paid <= grant.due <= grant.amount, grant
    for use in BudgetUse.objects.select_related("budget"):
        rows = Grant.objects.filter(budget=use.budget)
        assert use.committed == sum((g.due for g in rows), Decimal(0)), use
        assert use.paid == sum((g.paid for g in rows), Decimal(0)), use
        assert use.recovered == sum((g.recovered for g in rows), Decimal(0)), use
        assert use.committed <= use.budget.amount_cny, use


def today() -> date:
    return timezone.localdate()
