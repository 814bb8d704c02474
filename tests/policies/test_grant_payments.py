"""Paying and recovering: never above the grant, every fen in the books, sent twice is sent once."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from jinchuanggu.foundation.exchange import actions as imports
from jinchuanggu.foundation.exchange.models import ImportMode, ImportState
from jinchuanggu.foundation.notices.models import Notice
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.foundation.workflow.models import Deadline
from jinchuanggu.policies.actions import grants as actions
from jinchuanggu.policies.actions import payments as money
from jinchuanggu.policies.grant_resources import payments as register
from jinchuanggu.policies.models import BudgetUse, Grant, Payment
from jinchuanggu.policies.process.subject import case_of
from tests.policies import grants as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_rules_only")]


@pytest.fixture
def place() -> world.Town:
    return world.town()


def refusals(call: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(Refused) as refused:
        call(*arguments, **named)
    return "；".join(str(one.message) for one in refused.value.refusals)


def pay(place: world.Town, grant: Grant, amount: str, reference: str = "P-1", **named: Any) -> Payment:
    return money.pay(
        world.payer(place), pk=grant.application_id, amount=Decimal(amount), paid_on=world.today(),
        reference=reference, **named,
    )  # fmt: skip


def test_a_grant_is_paid_in_parts_and_then_done(place: world.Town) -> None:
    grant = world.granted(place)
    deadline = Deadline.objects.get(case=case_of(grant.application), closed_at__isnull=True)
    assert deadline.due_on == grant.application.pay_by
    pay(place, grant, "30000.01")
    assert world.state_of(grant.application) == "paying"
    pay(place, grant, "69999.99", "P-2")
    assert world.state_of(grant.application) == "paid"
    world.check_books()
    assert place.use.paid == Decimal(100000)
    actions.move(place.city, pk=grant.application_id, event="close")
    assert world.state_of(grant.application) == "closed"


def test_payments_never_exceed_the_grant(place: world.Town) -> None:
    grant = world.granted(place)
    pay(place, grant, "60000")
    assert "超过未拨余额" in refusals(pay, place, grant, "40000.01", "P-2")
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(pk=grant.pk).update(paid=Decimal("100000.01"))
    world.check_books()


def test_a_payment_sent_twice_is_registered_once(place: world.Town) -> None:
    grant = world.granted(place)
    assert pay(place, grant, "60000").pk == pay(place, grant, "60000").pk
    assert "已登记过" in refusals(pay, place, grant, "10000")  # the same voucher, another amount
    assert Payment.objects.count() == 1
    world.check_books()


def test_a_payment_has_a_voucher_and_a_possible_day(place: world.Town) -> None:
    grant = world.granted(place)
    words = refusals(
        money.pay, place.city, pk=grant.application_id, amount=Decimal(0),
        paid_on=world.today() + timedelta(days=1), reference=" ",
    )  # fmt: skip
    assert "大于 0" in words
    assert "凭证号" in words
    assert "不能晚于今天" in words
    assert "不能早于决定日期" in refusals(
        money.pay, place.city, pk=grant.application_id, amount=Decimal(1),
        paid_on=world.today() - timedelta(days=1), reference="P",
    )  # fmt: skip


def test_a_revoked_decision_gives_the_budget_back_and_frees_the_period(place: world.Town) -> None:
    grant = world.granted(place)
    actions.move(place.city, pk=grant.application_id, event="revoke", reason="决定有误")
    assert world.state_of(grant.application) == "revoked"
    assert place.use.committed == 0
    world.check_books()
    assert world.applied(place).state == "reviewing"


def test_stopping_releases_only_what_is_not_paid(place: world.Town) -> None:
    grant = world.granted(place)
    pay(place, grant, "30000")
    actions.move(place.city, pk=grant.application_id, event="stop", reason="企业迁出")
    assert world.state_of(grant.application) == "paid"
    assert place.use.committed == place.use.paid == Decimal(30000)
    world.check_books()


def test_recovery_in_parts(place: world.Town) -> None:
    grant = world.granted(place)
    pay(place, grant, "80000")
    assert "请写明理由" in refusals(
        money.recover, place.city, pk=grant.application_id, amount=Decimal(50000), reason=" "
    )
    assert "不超过" in refusals(
        money.recover, place.city, pk=grant.application_id, amount=Decimal("80000.01"), reason="不实"
    )
    money.recover(place.city, pk=grant.application_id, amount=Decimal(50000), reason="材料不实")
    assert world.state_of(grant.application) == "recovering"
    assert place.use.committed == Decimal(80000), "the rest is not paid any more"
    receive = {"pk": grant.application_id, "received_on": world.today()}
    assert "不超过" in refusals(money.receive, place.city, amount=Decimal(50001), **receive)
    money.receive(place.city, amount=Decimal(20000), **receive)
    assert world.state_of(grant.application) == "recovering"
    money.receive(place.city, amount=Decimal(30000), **receive)
    assert world.state_of(grant.application) == "recovered"
    assert place.use.recovered == Decimal(50000)
    world.check_books()


def test_the_firm_is_told(place: world.Town) -> None:
    grant = world.granted(place)
    pay(place, grant, "100000")
    told = list(Notice.objects.filter(person_id=place.owner.person_id).values_list("text__zh", flat=True))
    assert any("已同意" in text and "10 万元" in text for text in told)
    assert any("全部拨付完毕" in text for text in told)


def workbook(rows: list[tuple[Any, ...]]) -> SimpleUploadedFile:
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet("拨付")
    heads = ("兑现编号", "拨付金额（元）", "拨付日期", "拨付凭证号")
    for number, row in enumerate([heads, *rows]):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.close()
    return SimpleUploadedFile("拨付结果.xlsx", made.getvalue())


def test_results_of_the_treasury_are_imported_and_row_errors_are_named(place: world.Town) -> None:
    world.add_firm(place)
    first, second = world.granted(place), world.granted(place, number=1)
    today = world.today().isoformat()
    file = workbook(
        [
            (first.number, 100000, today, "A-1"),
            (second.number, 100001, today, "A-2"),
            ("DX0", "many", today, ""),
        ]
    )
    run = imports.upload(place.city, resource=register, file=file)
    problems = {(one["row"], one["column"]): one["message"] for one in run.problems}
    assert "超过未拨余额" in problems[3, "拨付金额（元）"]
    assert {column for row, column in problems if row == 4} >= {"兑现编号", "拨付金额（元）", "拨付凭证号"}
    assert not Payment.objects.exists()
    imports.commit(place.city, resource=register, run=run, mode=ImportMode.GOOD)
    run.refresh_from_db()
    assert run.state == ImportState.DONE
    assert world.state_of(first.application) == "paid"
    assert world.state_of(second.application) == "granted"
    world.check_books()


def test_rows_that_are_too_much_together_write_nothing(place: world.Town) -> None:
    grant = world.granted(place)
    today = world.today().isoformat()
    run = imports.upload(
        place.city, resource=register,
        file=workbook([(grant.number, 60000, today, "A-1"), (grant.number, 60000, today, "A-2")]),
    )  # fmt: skip
    imports.commit(place.city, resource=register, run=run, mode=ImportMode.ALL)
    run.refresh_from_db()
    assert run.state == ImportState.CHECKED
    assert grant.number in run.message
    assert "A-2" in run.message
    assert not Payment.objects.exists()
    world.check_books()


def test_another_citys_grant_is_no_row_of_mine(place: world.Town) -> None:
    from tests import factories

    grant = world.granted(place)
    stranger = factories.city_office(factories.region("140400", "长治市"))
    run = imports.upload(
        stranger, resource=register, file=workbook([(grant.number, 1, world.today().isoformat(), "A")])
    )
    assert run.problem_count
    assert "不在您的范围内" in run.problems[0]["message"]


def test_the_use_of_a_budget_cannot_pass_its_amount(place: world.Town) -> None:
    world.granted(place)
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetUse.objects.update(committed=Decimal("1000000.01"))
