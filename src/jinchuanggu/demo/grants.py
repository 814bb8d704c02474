"""Grants of the simulated province in every state, told by the product's own actions; all made up, all marked so.

A provincial policy (研发补助, 高企奖励 without application) that the office decides, and one of the city 砚泊 that the
demo account `city` decides. Days are counted back from today, like the other stories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from string import Template
from typing import Any

import yaml
from django.utils import timezone

from jinchuanggu.demo import doubts
from jinchuanggu.demo.world import World
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR, Actor
from jinchuanggu.foundation.organisations.models import Organisation, OrganisationKind
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies.actions import editor, grants, payments, policies, review
from jinchuanggu.policies.grant_standing import standing_of
from jinchuanggu.policies.grant_terms import payer_region, terms_on
from jinchuanggu.policies.library_access import city_prefix
from jinchuanggu.policies.models import Grant, GrantApplication
from jinchuanggu.programme.models import Valley
from jinchuanggu.residents.actions.profile import import_profiles

DATA = Path(__file__).parent / "data" / "grant_measures.yaml"
PROOF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
RD, HNTE, VOUCHER = "measure.sim.rd_support", "measure.sim.hnte_reward", "measure.sim.valley_voucher"
CITY = "sim02"
OWN_FIRM = "e01"
"""The firm of the demo account `enterprise`."""
ENOUGH = 24
Step = Callable[["Teller"], Any]


class Teller:
    """Who acts, and the applications told so far by their name in the story."""

    def __init__(self, world: World, today: Any) -> None:
        self.world, self.year = world, today.year
        self.office = world.office
        self.city = world.actor(Role.CITY_OFFICE, f"city_office-{CITY}")
        self.own = world.bodies[OWN_FIRM]
        self.prefix = city_prefix(world.regions[CITY])
        self.told: dict[str, GrantApplication] = {}
        self.spare: dict[str, list[Organisation]] = {}
        self.used: set[int] = set()

    def firm(self, measure: str) -> Organisation:
        """The next firm that meets a measure and has not been told of yet."""
        if measure not in self.spare:
            self.spare[measure] = list(self._candidates(measure))
        found = next(one for one in self.spare[measure] if one.pk not in self.used)
        self.used.add(found.pk)
        return found

    def _candidates(self, measure: str) -> Iterator[Organisation]:
        today = timezone.localdate()
        terms = terms_on(measure, today)
        if terms is None:
            return
        firms = Organisation.objects.filter(kind=OrganisationKind.ENTERPRISE, origin="simulated").exclude(
            pk=self.own.pk
        )
        if not terms.provincial:
            firms = firms.filter(region=self.world.regions[CITY])
        found = 0
        for firm in firms.select_related("region__parent").order_by("pk")[:200]:
            trial = GrantApplication(
                organisation=firm, rule_set=measure, level=terms.level, region=payer_region(terms, firm)
            )
            now = standing_of(trial).now
            if firm.pk not in self.used and now is not None and now.met and now.known:
                found += 1
                yield firm
            if found == ENOUGH:
                return

    def clerk(self, firm: Organisation) -> Actor:
        """Who acts for a firm; most of the simulated ones have no account."""
        known = {body.pk: key for key, body in self.world.bodies.items()}
        actor = self.world.actors.get((Role.ENTERPRISE, known.get(firm.pk, "")))
        return actor or Actor(
            role=Role.ENTERPRISE, organisation_id=firm.pk, region_id=firm.region_id, name="企业经办人",
            organisation_name=firm.name,
        )  # fmt: skip

    def apply(
        self, name: str, measure: str, firm: Organisation | None = None, *, send: bool = True, passed: bool = True,
        **typed: Any,
    ) -> None:  # fmt: skip
        """Fill in and send; a firm inside a valley is passed on by its operator, unless it is to wait there."""
        firm = firm or self.firm(measure)
        clerk, entries = self.clerk(firm), grants.Entries(**typed)
        application = grants.save_draft(clerk, organisation_id=firm.pk, rule_set=measure, entries=entries)
        if not send:
            return
        if entries.event_on:
            file = ("技术合同登记证明.pdf", PROOF)
            grants.add_paper(
                clerk, pk=application.pk, kind="event_proof", file=file, title="技术合同登记证明（模拟）"
            )
        self.told[name] = application = grants.submit(clerk, pk=application.pk, committed=True)
        if passed and application.state == "checking":
            operator_id = Valley.objects.values_list("operator_id", flat=True).get(
                pk=application.valley_checked
            )
            keys = {body.pk: key for key, body in self.world.bodies.items()}
            operator = self.world.actor(Role.OPERATOR, keys[operator_id])
            self.told[name] = grants.move(operator, pk=application.pk, event="endorse")

    def payer(self, name: str) -> Actor:
        return self.office if self.told[name].level == "province" else self.city

    def approve(
        self, name: str, amount: str | None = None, opinion: str = "材料齐全，核算无误，同意兑现。"
    ) -> None:
        grants.approve(
            self.payer(name),
            pk=self.told[name].pk,
            amount=Decimal(amount) if amount else None,
            opinion=opinion,
        )

    def pay(self, name: str, share: str = "1") -> None:
        grant = Grant.objects.get(application=self.told[name])
        number = grant.payments.count() + 1
        amount = (grant.unpaid * Decimal(share)).quantize(Decimal("0.01"))
        payments.pay(
            self.payer(name), pk=self.told[name].pk, amount=amount, paid_on=timezone.localdate(),
            reference=f"BK{timezone.localdate():%Y%m%d}-{grant.pk:04d}-{number}",
        )  # fmt: skip

    def move(self, name: str, event: str, reason: str = "", by: Actor | None = None, **more: Any) -> None:
        grants.move(by or self.payer(name), pk=self.told[name].pk, event=event, reason=reason, **more)

    def by_firm(self, name: str, event: str, reason: str = "") -> None:
        self.move(name, event, reason, by=self.clerk(self.told[name].organisation))


def texts(today: Any, prefix: str) -> dict[str, str]:
    """The two rule files for the years around today."""
    years = {"V": today.year - 1, "Y": today.year, "Z": today.year + 1, "W": today.year + 2}
    raw: dict[str, str] = yaml.safe_load(DATA.read_text("utf-8"))
    return {key: Template(text).substitute(**years, C=prefix) for key, text in raw.items()}


def register(teller: Teller) -> None:
    """Both policies with their rules, written by one officer and put in force by another, and their budgets."""
    today = timezone.localdate()
    rules = texts(today, teller.prefix)
    second = _second_officer(teller)
    for key, author, judge, title, title_en, region, budgets in (
        (
            "province", teller.office, second, "模拟省科技企业奖补办法（模拟）",
            "Simulated provincial rewards for science and technology firms", None,
            {-1: "1800000", 0: "2000000", 1: "1600000"},
        ),
        (
            "city", teller.city, teller.office, "砚泊市支持科技企业落户若干措施（模拟）",
            "Yanbo measures for new science and technology firms (simulated)", teller.world.regions[CITY],
            {0: "1200000", 1: "1200000"},
        ),
    ):  # fmt: skip
        policy = policies.register_policy(
            author,
            values={
                "title_zh": title, "title_en": title_en, "level": "city" if region else "province",
                "number": f"模拟〔{today.year}〕{'3' if region else '1'}号", "issuer_zh": author.organisation_name,
                "valid_from": today.replace(month=1, day=1), "confidence": "searched", "source_title": "模拟数据，仅供演示",
            },
            region_id=region.pk if region else None,
        )  # fmt: skip
        text = editor.upload(author, name=f"{key}.yaml", data=rules[key].encode(), policy_id=policy.pk)
        text.refresh_from_db()
        editor.submit_draft(author, text_id=text.pk, revision=text.revision)
        review.publish(judge, text_id=text.pk, note="模拟规则，审核通过")
        for offset, amount in budgets.items():
            policies.set_budget(
                author,
                policy_id=policy.pk,
                year=today.year + offset,
                amount_cny=Decimal(amount),
                source="模拟预算",
            )


def _second_officer(teller: Teller) -> Actor:
    """Another person of the provincial office: who writes rules does not put them in force."""
    from jinchuanggu.demo.world import HATS_BEGAN
    from jinchuanggu.foundation.access.actor import from_membership
    from jinchuanggu.foundation.organisations.models import Membership, Origin, Person

    body = Organisation.objects.get(pk=teller.office.organisation_id)
    person = Person.objects.create(
        name="文若溪", title="副处长", employer=body, origin=Origin.SIMULATED, email="office2@example.invalid"
    )
    hat = Membership.objects.create(
        person=person, organisation=body, role=Role.PROVINCIAL_OFFICE, starts_on=HATS_BEGAN
    )
    return from_membership(hat)


def _change_facts(teller: Teller, name: str) -> None:
    """The firm corrects its figure after it applied."""
    firm, year = teller.told[name].organisation, timezone.localdate().year - 1
    import_profiles(
        SYSTEM_ACTOR, rows=[(firm.pk, {f"rd_expense_cny@{year}": "620000"})], said_by="企业更正（模拟）"
    )


def _propose(teller: Teller) -> None:
    """免申即享: looked at, offered, some confirm."""
    for number in range(5):
        application = grants.propose(teller.firm(HNTE).pk, HNTE)
        if application is not None:
            teller.told[f"auto{number}"] = application


def _confirm(teller: Teller, name: str) -> None:
    application = teller.told[name]
    teller.told[name] = grants.confirm(
        teller.clerk(application.organisation), pk=application.pk, committed=True
    )


def _contract(teller: Teller, name: str) -> None:
    event = timezone.localdate() - timedelta(days=12)
    teller.apply(
        name, f"{teller.prefix}contract", event_on=event, event_ref=f"JSHT-{event:%Y%m%d}-{name[-1]}"
    )


# (days ago, step)
STORY: tuple[tuple[int, Step], ...] = (
    (170, register),
    (150, lambda t: t.apply("closed", RD)),
    (149, lambda t: t.apply("recovered", RD)),
    (148, lambda t: t.apply("recovering", RD)),
    (147, lambda t: t.apply("refused", RD)),
    (140, lambda t: t.approve("closed")),
    (139, lambda t: t.approve("recovered")),
    (138, lambda t: t.approve("recovering")),
    (137, lambda t: t.move("refused", "refuse", "材料不能证明所述事项：研发费用未附专项审计报告。")),
    (120, lambda t: t.pay("closed")),
    (119, lambda t: t.pay("recovered")),
    (118, lambda t: t.pay("recovering")),
    (100, lambda t: t.move("closed", "close")),
    (95, lambda t: payments.recover(t.office, pk=t.told["recovered"].pk, amount=None, reason="经查实，申报的研发费用含非研发支出。")),
    (80, lambda t: t.apply("startup", f"{t.prefix}startup", claimed=Decimal(800000), note="用于首条中试线设备购置。")),
    (78, lambda t: t.apply("late", f"{t.prefix}startup", claimed=Decimal(900000))),
    (76, lambda t: t.apply("settle", f"{t.prefix}settle")),
    (74, lambda t: payments.receive(t.office, pk=t.told["recovered"].pk, amount=Grant.objects.get(application=t.told["recovered"]).paid, received_on=timezone.localdate())),
    (70, lambda t: t.approve("startup", "800000")),
    (66, lambda t: t.approve("settle")),
    (60, _propose),
    (52, lambda t: _confirm(t, "auto0")),
    (51, lambda t: _confirm(t, "auto1")),
    (45, lambda t: t.approve("auto0")),
    (44, lambda t: t.pay("startup", "0.5")),
    (40, lambda t: t.pay("auto0")),
    (38, lambda t: payments.recover(t.office, pk=t.told["recovering"].pk, amount=Decimal(50000), reason="企业迁出本省，未履行承诺。")),
    (30, lambda t: t.apply("withdrawn", RD)),
    (29, lambda t: t.by_firm("withdrawn", "withdraw", "数据需要更正，下次再报。")),
    (28, lambda t: payments.receive(t.office, pk=t.told["recovering"].pk, amount=Decimal(20000), received_on=timezone.localdate())),
    (26, lambda t: _contract(t, "contract1")),
    (24, lambda t: t.apply("revoked", RD)),
    (22, lambda t: t.approve("revoked")),
    (20, lambda t: t.move("revoked", "revoke", "决定有误：重复核算了上年费用。")),
    (18, lambda t: t.apply("granted", RD)),
    (16, lambda t: t.apply("changed", RD)),
    (15, lambda t: t.apply("supplement", RD)),
    (14, lambda t: t.approve("granted")),
    (12, lambda t: t.move("supplement", "ask_supplement", "请补充研发费用专项审计报告。", due_on=timezone.localdate() + timedelta(days=21))),
    (10, lambda t: _change_facts(t, "changed")),
    (9, lambda t: t.apply("waiting1", RD)),
    (8, lambda t: t.apply("waiting2", RD)),
    (7, lambda t: t.apply("waiting3", RD, passed=False)),
    (6, lambda t: _contract(t, "contract2")),
    (5, lambda t: grants.propose(t.own.pk, VOUCHER)),
    (4, lambda t: t.apply("own", RD, t.own, passed=False)),
    (3, lambda t: doubts.raise_them(t, RD, f"{t.prefix}settle")),
    (2, lambda t: t.apply("draft", RD, send=False)),
)  # fmt: skip


def story(world: World, now: datetime) -> Iterator[datetime]:
    """Yields the moment of each step and then does it, like the stories of the valleys."""
    teller, hours = Teller(world, timezone.localdate(now)), (9, 10, 14, 15, 16, 11)
    for number, (days, step) in enumerate(STORY):
        day = (now - timedelta(days=days)).date()
        moment = timezone.make_aware(datetime.combine(day, time(hours[number % 6], 37)))
        yield min(moment, now - timedelta(hours=1))
        step(teller)
