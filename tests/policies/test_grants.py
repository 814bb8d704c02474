"""Applying for a measure: who may, when, how often, for how much - and every reason why not."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.foundation.workflow.models import Deadline, Task
from jinchuanggu.policies.access_grants import visible_applications
from jinchuanggu.policies.actions import grants as actions
from jinchuanggu.policies.actions.grants import Entries
from jinchuanggu.policies.models import Budget, Grant, GrantApplication
from jinchuanggu.policies.process.subject import case_of
from tests import factories
from tests.policies import grants as world
from tests.policies.grants import AUTO, CONTRACT, FALLING, PENDING, RANGE, RD, RELIEF, RIVAL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_rules_only")]


@pytest.fixture
def place() -> world.Town:
    return world.town()


def refusals(call: object, *arguments: object, **named: object) -> str:
    with pytest.raises(Refused) as refused:
        call(*arguments, **named)  # type: ignore[operator]
    return "；".join(str(one.message) for one in refused.value.refusals)


def test_the_draft_is_prefilled_with_facts_sources_and_the_computed_amount(place: world.Town) -> None:
    application = world.draft(place)
    assert application.computed_low == application.computed_high == application.claimed == Decimal(100000)
    assert application.result["verdict"] == "met"
    rows = {(row["input"], row["year"]): row for row in application.facts}
    row = rows["rd_expense_cny", world.today().year - 1]
    assert row["value"] == "1000000"
    assert all(one["source"] for one in application.facts), "every fact says where it comes from"
    assert application.rule_version == "test-1"
    assert application.rule_digest


def test_sending_keeps_the_day_the_snapshot_and_the_promised_day_of_payment(place: world.Town) -> None:
    application = world.applied(place)
    assert world.state_of(application) == "reviewing"
    assert application.applied_on == world.today()
    assert application.pay_by is not None
    assert application.pay_by > world.today() + timedelta(days=60)
    assert application.period == str(world.today().year)
    task = Task.objects.get(case=case_of(application), closed_at__isnull=True)
    assert (task.role, task.organisation_id) == (Role.CITY_OFFICE, place.city.organisation_id)
    assert Deadline.objects.get(case=case_of(application), closed_at__isnull=True).key == "review"


def test_the_first_save_and_a_second_one_are_one_draft(place: world.Town) -> None:
    assert world.draft(place).pk == world.draft(place).pk


def test_a_second_application_of_one_period_is_refused(place: world.Town) -> None:
    world.applied(place)
    with pytest.raises(ValidationError, match="不能重复申请"):
        world.draft(place)
    assert GrantApplication.objects.count() == 1


def test_the_database_itself_keeps_a_period_to_one(place: world.Town) -> None:
    from django.db import IntegrityError, transaction

    first = world.applied(place)
    with pytest.raises(IntegrityError), transaction.atomic():
        GrantApplication.objects.create(
            organisation=place.firm, rule_set=RD, period=first.period, level="city", region=place.region,
            frequency="yearly", basis_on=world.today(), state="reviewing",
        )  # fmt: skip


def test_after_a_refusal_or_withdrawal_one_may_apply_again(place: world.Town) -> None:
    first = world.applied(place)
    actions.move(place.city, pk=first.pk, event="refuse", reason="材料不足")
    second = world.applied(place)
    actions.move(place.owner, pk=second.pk, event="withdraw", reason="下次再报")
    assert world.state_of(world.applied(place)) == "reviewing"


def test_double_submit_changes_nothing_the_second_time(place: world.Town) -> None:
    application = world.draft(place)
    revision = case_of(application).revision
    actions.submit(place.owner, pk=application.pk, committed=True, revision=revision)
    words = refusals(actions.submit, place.owner, pk=application.pk, committed=True, revision=revision)
    assert "已被他人办理" in words
    assert case_of(application).steps.filter(event="submit").count() == 1


def test_without_the_commitment_nothing_is_sent(place: world.Town) -> None:
    application = world.draft(place)
    assert "承诺" in refusals(actions.submit, place.owner, pk=application.pk, committed=False)
    assert world.state_of(application) == "draft"


def test_conditions_not_met_and_not_evidenced_are_said_apart(place: world.Town) -> None:
    world.add_firm(place, rd="100", honest=None)
    application = world.draft(place, number=1)
    words = refusals(actions.submit, place.firms[1][1], pk=application.pk, committed=True)
    assert "条件不满足：研发费用不低于五十万元" in words
    assert "证据不足：无严重失信" in words


def test_an_unknown_amount_cannot_be_applied_for_and_says_why(place: world.Town) -> None:
    application = world.draft(place, PENDING)
    assert application.claimed is None
    words = refusals(actions.submit, place.owner, pk=application.pk, committed=True)
    assert "金额待核" in words


def test_a_relief_is_not_paid_here(place: world.Town) -> None:
    application = world.draft(place, RELIEF)
    assert "不是资金奖补" in refusals(actions.submit, place.owner, pk=application.pk, committed=True)


def test_a_claim_outside_the_range_is_refused(place: world.Town) -> None:
    application = world.draft(place, RANGE, claimed=Decimal("1000000.01"))
    words = refusals(actions.submit, place.owner, pk=application.pk, committed=True)
    assert "30 万元" in words
    assert "100 万元" in words
    world.draft(place, RANGE, claimed=Decimal(1000000))
    assert actions.submit(place.owner, pk=application.pk, committed=True).state == "reviewing"


def test_a_firm_of_another_city_is_told_so(place: world.Town) -> None:
    firm = factories.organisation("enterprise", where=factories.region("140400", "长治市"))
    owner = factories.actor(Role.ENTERPRISE, firm)
    application = actions.save_draft(owner, organisation_id=firm.pk, rule_set=RD, entries=Entries())
    assert "只适用于阳泉市" in refusals(actions.submit, owner, pk=application.pk, committed=True)


def test_the_day_of_the_event_decides_where_the_measure_says_so(place: world.Town) -> None:
    with pytest.raises(ValidationError) as wrong:
        world.draft(place, CONTRACT)
    assert set(wrong.value.message_dict) == {"event_on", "event_ref"}
    before = world.draft(place, CONTRACT, event_on=date(2019, 12, 31), event_ref="HT-1")
    words = refusals(actions.submit, place.owner, pk=before.pk, committed=True)
    assert "不在措施有效期内" in words
    assert "2020-01-01" in words
    future = world.draft(place, CONTRACT, event_on=world.today() + timedelta(days=1), event_ref="HT-2")
    assert "不能晚于今天" in refusals(actions.submit, place.owner, pk=future.pk, committed=True)


def test_an_expired_measure_still_answers_for_an_event_in_its_time() -> None:
    ended = world.today() - timedelta(days=10)
    yaml = world.MEASURES.read_text("utf-8").replace("effective_to: null", f"effective_to: {ended}")
    place = world.town(yaml=yaml)
    late = world.draft(place, RD)
    assert "申请日" in refusals(actions.submit, place.owner, pk=late.pk, committed=True)
    assert world.applied(place, CONTRACT, event_on=ended, event_ref="HT-9").state == "reviewing"


def test_an_event_is_proved_and_used_once(place: world.Town) -> None:
    day = world.today()
    application = world.draft(place, CONTRACT, event_on=day, event_ref="HT-1")
    assert "事项证明" in refusals(actions.submit, place.owner, pk=application.pk, committed=True)
    actions.add_paper(place.owner, pk=application.pk, kind="event_proof", file=world.PROOF)
    actions.submit(place.owner, pk=application.pk, committed=True)
    with pytest.raises(ValidationError, match="不能重复申请"):
        world.draft(place, CONTRACT, event_on=day, event_ref=" ht－1 ")
    assert world.applied(place, CONTRACT, event_on=day, event_ref="HT-2").state == "reviewing"


def test_of_a_group_only_one_counts(place: world.Town) -> None:
    world.granted(place, RIVAL)
    other = world.draft(place, RANGE)
    words = refusals(actions.submit, place.owner, pk=other.pk, committed=True)
    assert "同类资金" in words
    assert "10 万元" in words
    assert "就高不重复" in words


def test_a_common_cap_limits_the_second_grant_of_a_pool(place: world.Town) -> None:
    day = world.today()
    first = world.granted(place, CONTRACT, event_on=day, event_ref="HT-1")
    assert first.amount == Decimal(40000)
    assert GrantApplication.objects.get(pk=first.application_id).pool == "contracts"


def test_data_that_changed_since_is_shown_and_stops_the_decision(place: world.Town) -> None:
    application = world.applied(place)
    world.set_rd(place.firm, "900000")
    words = refusals(actions.approve, place.city, pk=application.pk)
    assert "数据已变化" in words
    assert "核算金额" in words
    actions.move(place.city, pk=application.pk, event="recompute")
    application.refresh_from_db()
    assert application.claimed == application.computed_high == Decimal(90000)
    actions.approve(place.city, pk=application.pk)
    assert Grant.objects.get(application=application).amount == Decimal(90000)


def test_a_figure_that_moves_nothing_stops_nothing() -> None:
    place = world.town()
    world.set_rd(place.firm, "3000000")  # far above the cap
    application = world.applied(place)
    world.set_rd(place.firm, "3500000")
    actions.approve(place.city, pk=application.pk)
    assert world.state_of(application) == "granted"


def test_a_form_that_showed_older_data_is_refused(place: world.Town) -> None:
    application = world.draft(place)
    world.set_rd(place.firm, "700000")
    words = refusals(actions.submit, place.owner, pk=application.pk, committed=True, seen="0" * 64)
    assert "数据已变化" in words


def test_the_decided_amount_lies_within_the_range_and_the_claim(place: world.Town) -> None:
    application = world.applied(place, RANGE, claimed=Decimal(500000))
    assert "30 万元" in refusals(actions.approve, place.city, pk=application.pk, amount=Decimal(299999))
    assert "50 万元" in refusals(actions.approve, place.city, pk=application.pk, amount=Decimal(500001))
    actions.approve(place.city, pk=application.pk, amount=Decimal(400000))
    assert place.use.committed == Decimal(400000)


def test_above_the_budget_nothing_is_granted() -> None:
    place = world.town(budget="150000")
    world.add_firm(place)
    world.granted(place)
    second = world.draft(place, number=1)
    words = refusals(actions.submit, place.firms[1][1], pk=second.pk, committed=True)
    assert "超出预算" in words
    assert "5 万元" in words


def test_the_budget_is_spent_to_the_fen() -> None:
    place = world.town(budget="100000.00")
    world.granted(place)
    assert place.use.committed == place.budget.amount_cny == Decimal("100000.00")
    world.check_books()


def test_without_a_budget_one_may_apply_but_nothing_is_decided() -> None:
    place = world.town(budget=None)
    application = world.applied(place)
    assert "尚未登记预算" in refusals(actions.approve, place.city, pk=application.pk)
    Budget.objects.create(policy=place.policy, year=world.today().year, amount_cny=Decimal(100000))
    assert actions.approve(place.city, pk=application.pk).state == "granted"


def test_a_step_down_pays_its_share_to_the_fen(place: world.Town) -> None:
    grant = world.granted(place, FALLING, event_on=date(2026, 3, 1), event_ref="A")
    share = {2026: "70000", 2027: "33300"}.get(min(world.today().year, 2027))
    assert (grant.full, grant.amount) == (Decimal(100000), Decimal(share or 0))
    assert grant.percent == (Decimal(70) if world.today().year == 2026 else Decimal("33.3"))


def test_supplement_has_a_day_and_comes_back_to_who_asked(place: world.Town) -> None:
    application = world.applied(place)
    assert "晚于今天" in refusals(
        actions.move, place.city, pk=application.pk, event="ask_supplement", reason="缺", due_on=world.today()
    )
    due = world.today() + timedelta(days=9)
    actions.move(place.city, pk=application.pk, event="ask_supplement", reason="缺证明", due_on=due)
    assert world.state_of(application) == "supplementing"
    assert Deadline.objects.get(case=case_of(application), closed_at__isnull=True).due_on == due
    assert "尚未过" in refusals(
        actions.move, place.city, pk=application.pk, event="refuse_overdue", reason="逾期"
    )
    actions.add_paper(place.owner, pk=application.pk, kind="grant_paper", file=world.PROOF)
    actions.move(place.owner, pk=application.pk, event="supply")
    assert world.state_of(application) == "reviewing"


def test_an_overdue_supplement_may_end_the_matter(place: world.Town) -> None:
    application = world.applied(place)
    actions.move(
        place.city,
        pk=application.pk,
        event="ask_supplement",
        reason="缺",
        due_on=world.today() + timedelta(days=1),
    )
    Deadline.objects.filter(case=case_of(application), closed_at__isnull=True).update(
        due_on=world.today() - timedelta(days=1)
    )
    actions.move(place.city, pk=application.pk, event="refuse_overdue", reason="逾期")
    assert world.state_of(application) == "refused"


def test_only_the_asked_moves_may_name_a_day(place: world.Town) -> None:
    """A forged day in another form is not heard."""
    application = world.applied(place)
    far = world.today() + timedelta(days=4000)
    actions.move(place.city, pk=application.pk, event="recompute", due_on=far)
    assert Deadline.objects.get(case=case_of(application), closed_at__isnull=True).due_on < far


def test_what_is_automatic_is_offered_once_and_only_confirmed(place: world.Town) -> None:
    application = actions.propose(place.firm.pk, AUTO)
    assert application is not None
    assert application.state == "proposed"
    assert application.automatic
    assert actions.propose(place.firm.pk, AUTO) is None
    task = Task.objects.get(case=case_of(application), closed_at__isnull=True)
    assert (task.role, task.organisation_id) == (Role.ENTERPRISE, place.firm.pk)
    assert "承诺" in refusals(actions.confirm, place.owner, pk=application.pk, committed=False)
    actions.confirm(place.owner, pk=application.pk, committed=True)
    actions.approve(place.city, pk=application.pk)
    assert Grant.objects.get(application=application).amount == Decimal(100000)


def test_nothing_is_offered_to_a_firm_whose_facts_are_open(place: world.Town) -> None:
    firm, _owner = world.add_firm(place, honest=None)
    assert actions.propose(firm.pk, AUTO) is None
    assert actions.propose(place.firm.pk, RD) is None  # not automatic
    assert not GrantApplication.objects.exists()


def test_a_declined_offer_is_not_repeated(place: world.Town) -> None:
    application = actions.propose(place.firm.pk, AUTO)
    assert application is not None
    actions.move(place.owner, pk=application.pk, event="decline", reason="不需要")
    assert actions.propose(place.firm.pk, AUTO) is None


def test_provincial_measures_are_decided_by_the_province() -> None:
    place = world.town(level="province")
    application = world.applied(place)
    assert place.city not in visible_applications(place.city)
    with pytest.raises(Http404):
        actions.approve(place.city, pk=application.pk)
    actions.approve(place.office, pk=application.pk)
    assert world.state_of(application) == "granted"


def test_everybody_else_finds_nothing(place: world.Town) -> None:
    application = world.applied(place)
    strangers = [
        factories.city_office(factories.region("140400", "长治市")),
        factories.city_government(),
        factories.provincial_government(),
        factories.member_unit(),
        factories.expert()[1],
        world.add_firm(place)[1],
        factories.actor(Role.UNIVERSITY, factories.organisation("university", where=place.region)),
        factories.actor(Role.OPERATOR, factories.organisation("operator", where=place.region)),
        factories.actor(Role.ADMIN, factories.organisation("platform", where=factories.province())),
    ]
    for actor in strangers:
        assert list(visible_applications(actor)) == [], actor.role
        with pytest.raises(Http404):
            actions.approve(actor, pk=application.pk)
        with pytest.raises(Http404):
            actions.move(actor, pk=application.pk, event="withdraw", reason="x")
    auditor = factories.actor(Role.AUDITOR, factories.organisation("platform", where=factories.province()))
    assert list(visible_applications(auditor)) == [application]
    assert "其他角色" in refusals(actions.approve, auditor, pk=application.pk)


def test_a_draft_is_nobody_elses_business(place: world.Town) -> None:
    world.draft(place)
    assert not visible_applications(place.city).exists()
    assert not visible_applications(place.office).exists()


def test_the_province_reads_a_citys_case_but_does_not_decide_it(place: world.Town) -> None:
    application = world.applied(place)
    assert "其他角色" in refusals(actions.approve, place.office, pk=application.pk)


def test_the_operator_checks_its_own_tenants_first() -> None:
    place = world.town()
    valley = factories.valley(place.city)
    operator = factories.organisation("operator", "示例运营", where=place.region, legal_person=True)
    valley.operator = operator
    valley.save()
    from jinchuanggu.residents.models import Resident

    Resident.objects.create(
        valley_id=valley.pk,
        organisation=place.firm,
        kind="enterprise",
        entered_on=world.today() - timedelta(days=90),
    )
    checker = factories.actor(Role.OPERATOR, operator)
    application = world.applied(place)
    assert world.state_of(application) == "checking"
    assert "其他角色" in refusals(actions.move, place.city, pk=application.pk, event="endorse")
    actions.move(checker, pk=application.pk, event="return_draft", reason="数据不符")
    assert world.state_of(application) == "draft"
    actions.submit(place.owner, pk=application.pk, committed=True)
    actions.move(checker, pk=application.pk, event="endorse")
    assert world.state_of(application) == "reviewing"
    with pytest.raises(Refused):
        actions.approve(checker, pk=application.pk)


def test_a_batch_is_granted_whole_or_not_at_all() -> None:
    place = world.town(budget="250000")
    world.add_firm(place)
    world.add_firm(place)
    pks = [world.applied(place, number=n).pk for n in range(3)]
    words = refusals(actions.approve_many, place.city, pks=pks)
    assert "超出预算" in words
    assert not Grant.objects.exists()
    assert {world.state_of(one) for one in GrantApplication.objects.all()} == {"reviewing"}
    actions.approve_many(place.city, pks=pks[:2], opinion="同意")
    assert Grant.objects.count() == 2
    world.check_books()


def test_the_decision_is_a_letter_that_the_firm_reads(place: world.Town) -> None:
    from jinchuanggu.foundation.documents.access import may_read
    from jinchuanggu.foundation.documents.models import Document

    grant = world.granted(place)
    letter = Document.objects.get(kind="grant_decision")
    assert may_read(place.owner, letter)
    assert not may_read(world.add_firm(place)[1], letter)
    assert grant.number in str(letter.content)
    assert {version.filename.rsplit(".", 1)[1] for version in letter.versions.all()} == {"docx", "pdf"}
