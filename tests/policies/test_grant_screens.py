"""The pages of grants: what is shown, what stays typed, who finds nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies.actions import grants as actions
from jinchuanggu.policies.actions import payments as money
from jinchuanggu.policies.models import Budget, Grant, GrantApplication
from jinchuanggu.policies.process.subject import case_of
from tests import factories
from tests.policies import grants as world
from tests.policies.grants import AUTO, CONTRACT, FALLING, PENDING, RANGE, RD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_rules_only")]


@pytest.fixture
def place() -> world.Town:
    return world.town()


def apply_url(place: world.Town, measure: str = RD, number: int = 0) -> str:
    return reverse("grant_apply", args=[place.firms[number][0].pk, measure])


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_form_comes_filled_in_and_is_sent_with_one_press(place: world.Town) -> None:
    client = factories.client_of(place.owner)
    shown = text(client.get(apply_url(place)))
    assert "可申请" in shown
    assert "上年研发费用" in shown
    assert "模拟政策" in shown
    sent = client.post(apply_url(place), {"send": "1", "committed": "on", "note": "请审核"})
    application = GrantApplication.objects.get()
    assert sent.status_code == 302
    assert sent["Location"] == reverse("grant", args=[application.pk])
    assert (application.state, application.note) == ("reviewing", "请审核")
    again = client.post(apply_url(place), {"send": "1", "committed": "on", "note": "请审核"})
    assert again["Location"] == reverse("grant", args=[application.pk]), (
        "the second press shows what the first sent"
    )
    assert "不能重复申请" in text(client.get(apply_url(place)))
    assert GrantApplication.objects.count() == 1


def test_a_refusal_keeps_what_was_typed_and_says_everything_at_once(place: world.Town) -> None:
    client = factories.client_of(place.owner)
    refused = client.post(
        apply_url(place, CONTRACT),
        {"send": "1", "event_on": "2019-05-01", "event_ref": "HT-7", "note": "留住我"},
    )
    shown = text(refused)
    assert refused.status_code == 422
    for words in ("不在措施有效期内", "事项证明", "承诺", "留住我", "HT-7"):
        assert words in shown, words
    assert GrantApplication.objects.get().state == "draft"


def test_files_are_kept_although_something_else_is_missing(place: world.Town) -> None:
    client = factories.client_of(place.owner)
    file = SimpleUploadedFile("合同.pdf", world.PROOF[1])
    data = {"send": "1", "event_on": world.today().isoformat(), "event_ref": "HT-7", "proof": file}
    shown = text(client.post(apply_url(place, CONTRACT), data))
    assert "合同.pdf" in shown
    pk = GrantApplication.objects.get().pk
    done = client.post(
        apply_url(place, CONTRACT),
        {
            "send": "1",
            "draft": pk,
            "event_on": world.today().isoformat(),
            "event_ref": "HT-7",
            "committed": "on",
        },
    )
    assert done.status_code == 302
    assert GrantApplication.objects.get().state == "reviewing"


def test_a_second_tab_that_is_behind_is_told(place: world.Town) -> None:
    client = factories.client_of(place.owner)
    application = world.draft(place)
    revision = case_of(application).revision
    actions.submit(place.owner, pk=application.pk, committed=True)
    answer = client.post(
        apply_url(place), {"send": "1", "committed": "on", "draft": application.pk, "revision": revision}
    )
    assert answer.status_code in (302, 422)
    assert GrantApplication.objects.count() == 1


def test_an_unknown_amount_says_so_and_computes_nothing(place: world.Town) -> None:
    shown = text(factories.client_of(place.owner).get(apply_url(place, PENDING)))
    assert "金额待核" in shown
    assert "核算金额" not in shown


def test_an_automatic_measure_is_offered_and_confirmed(place: world.Town) -> None:
    client = factories.client_of(place.owner)
    assert "不用申请" in text(client.get(apply_url(place, AUTO)))
    offered = client.post(apply_url(place, AUTO))
    application = GrantApplication.objects.get()
    assert offered["Location"] == reverse("grant", args=[application.pk])
    page = text(client.get(offered["Location"]))
    assert "确认即可" in page
    assert reverse("grant_confirm", args=[application.pk]) in page
    refused = client.post(reverse("grant_confirm", args=[application.pk]), {})
    assert refused.status_code == 422
    assert "承诺" in text(refused)
    client.post(reverse("grant_confirm", args=[application.pk]), {"committed": "on"})
    assert world.state_of(application) == "reviewing"


@pytest.mark.parametrize(
    "who", ["other_firm", "other_city", "government", "university", "expert", "operator", "admin"]
)
def test_strangers_find_nothing(place: world.Town, who: str) -> None:
    application = world.applied(place)
    stranger = {
        "other_firm": lambda: world.add_firm(place)[1],
        "other_city": lambda: factories.city_office(factories.region("140400", "长治市")),
        "government": factories.city_government,
        "university": lambda: factories.actor(Role.UNIVERSITY, factories.organisation("university")),
        "expert": lambda: factories.expert()[1],
        "operator": lambda: factories.actor(Role.OPERATOR, factories.organisation("operator")),
        "admin": lambda: factories.actor(
            Role.ADMIN, factories.organisation("platform", where=factories.province())
        ),
    }[who]()
    client = factories.client_of(stranger)
    before = GrantApplication.objects.values("state", "claimed").get(pk=application.pk)
    gets = [reverse("grant", args=[application.pk]), reverse("grant_move", args=[application.pk, "refuse"]),
            apply_url(place), reverse("grant_budget", args=[place.budget.pk])]  # fmt: skip
    posts = [
        reverse(name, args=[application.pk])
        for name in (
            "grant_confirm",
            "grant_paper",
            "grant_decide",
            "grant_supplement",
            "grant_pay",
            "grant_recover",
            "grant_receive",
        )
    ]
    posts += [
        reverse("grant_move", args=[application.pk, event])
        for event in ("withdraw", "refuse", "approve", "pay_rest")
    ]
    posts += [reverse("grant_propose", args=[place.budget.pk])]
    for url in gets:
        assert client.get(url).status_code in (403, 404), url
    for url in posts:
        data = {"committed": "on", "amount": "1", "reason": "x", "paid_on": world.today(), "reference": "x"}
        assert client.post(url, data).status_code in (403, 404), url
    assert client.post(reverse("grant_batch"), {"pk": application.pk}).status_code in (403, 404)
    assert GrantApplication.objects.values("state", "claimed").get(pk=application.pk) == before


def test_special_acts_have_no_back_door(place: world.Town) -> None:
    """A move that carries an amount or a commitment is not made by its bare name."""
    application = world.applied(place)
    client = factories.client_of(place.city)
    assert client.post(reverse("grant_move", args=[application.pk, "approve"])).status_code == 404
    assert not Grant.objects.exists()


def test_the_officer_decides_pays_and_recovers_on_one_page(place: world.Town) -> None:
    application = world.applied(place, RANGE, claimed=Decimal(600000))
    client, page = factories.client_of(place.city), reverse("grant", args=[application.pk])
    shown = text(client.get(page))
    assert "同意后余额" in shown
    too_much = client.post(
        reverse("grant_decide", args=[application.pk]), {"amount": "600001", "opinion": "留住我"}
    )
    assert too_much.status_code == 422
    assert "留住我" in text(too_much)
    bad = client.post(reverse("grant_decide", args=[application.pk]), {"amount": "六十万"})
    assert bad.status_code == 422
    client.post(reverse("grant_decide", args=[application.pk]), {"amount": "500000", "opinion": "同意"})
    assert world.state_of(application) == "granted"
    assert "DX" in text(client.get(page))
    pay = {"amount": "500000", "paid_on": world.today().isoformat(), "reference": "P-1"}
    for _ in range(2):  # pressed twice
        client.post(reverse("grant_pay", args=[application.pk]), pay)
    assert Grant.objects.get().paid == Decimal(500000)
    client.post(reverse("grant_recover", args=[application.pk]), {"reason": "不实"})
    assert world.state_of(application) == "recovering"
    data = {"amount": "500000", "received_on": world.today().isoformat()}
    client.post(reverse("grant_receive", args=[application.pk]), data)
    assert world.state_of(application) == "recovered"
    client.post(reverse("grant_move", args=[application.pk, "close"]))
    assert world.state_of(application) == "closed"
    world.check_books()


def test_data_that_changed_is_laid_side_by_side(place: world.Town) -> None:
    application = world.applied(place)
    world.set_rd(place.firm, "900000")
    shown = text(factories.client_of(place.city).get(reverse("grant", args=[application.pk])))
    assert "数据已变化" in shown
    assert reverse("grant_decide", args=[application.pk]) not in shown, (
        "no button for what cannot be done yet"
    )


def test_a_batch_says_for_each_why_nothing_was_done() -> None:
    place = world.town(budget="150000")
    world.add_firm(place)
    rows = [world.applied(place, number=n) for n in range(2)]
    client = factories.client_of(place.city)
    refused = client.post(reverse("grant_batch"), {"pk": [row.pk for row in rows]})
    assert refused.status_code == 422
    assert "没有办理任何一件" in text(refused)
    assert text(refused).count(" checked") == 2
    assert client.post(reverse("grant_batch"), {"pk": rows[0].pk}).status_code == 302
    assert Grant.objects.count() == 1
    assert client.post(reverse("grant_batch"), {}).status_code == 422


def test_every_state_opens_for_its_readers(place: world.Town) -> None:
    world.add_firm(place)
    world.add_firm(place)
    grant = world.granted(place)
    money.pay(place.city, pk=grant.application_id, amount=Decimal(1), paid_on=world.today(), reference="P")
    refused = world.applied(place, number=1)
    actions.move(place.city, pk=refused.pk, event="refuse", reason="不符")
    world.applied(place, number=2)
    for actor in (place.city, place.office, place.owner):
        client = factories.client_of(actor)
        assert (
            client.get(reverse("grants") + ("?state=all" if actor != place.owner else "")).status_code == 200
        )
        for application in GrantApplication.objects.all():
            wanted = 200 if actor != place.owner or application.organisation_id == place.firm.pk else 404
            assert client.get(reverse("grant", args=[application.pk])).status_code == wanted


def test_the_list_asks_the_database_as_often_for_many_as_for_few(place: world.Town) -> None:
    client, url = factories.client_of(place.city), reverse("grants")
    world.applied(place)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url)
    for number in range(1, 6):
        world.add_firm(place)
        world.applied(place, number=number)
    with CaptureQueriesContext(connection) as many:
        assert text(client.get(url)).count('name="pk"') == 6
    assert len(many) == len(few)


def test_budgets_show_use_and_the_years_ahead(place: world.Town) -> None:
    year = world.today().year
    grant = world.granted(place, FALLING, event_on=world.today(), event_ref="A")
    money.pay(place.city, pk=grant.application_id, amount=grant.amount, paid_on=world.today(), reference="P")
    client = factories.client_of(place.city)
    assert "模拟政策" in text(client.get(reverse("grant_budgets")))
    shown = text(client.get(reverse("grant_budget", args=[place.budget.pk])))
    assert str(year + 1) in shown
    assert "退坡预测" in shown
    assert client.get(reverse("grant_budgets") + "?year=9999").status_code == 200
    auditor = factories.actor(Role.AUDITOR, factories.organisation("platform", where=factories.province()))
    assert (
        factories.client_of(auditor).get(reverse("grant_budget", args=[place.budget.pk])).status_code == 200
    )


def test_proposals_run_as_a_job_and_skip_who_does_not_meet_it(
    place: world.Town, django_capture_on_commit_callbacks: Any
) -> None:
    world.add_firm(place, honest=None)
    client = factories.client_of(place.city)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("grant_propose", args=[place.budget.pk]), {"measure": AUTO})
    assert answer.status_code == 302
    assert list(GrantApplication.objects.values_list("organisation_id", "state")) == [
        (place.firm.pk, "proposed")
    ]
    assert client.post(reverse("grant_propose", args=[place.budget.pk]), {"measure": RD}).status_code == 404


def test_a_budget_is_not_set_below_what_is_committed(place: world.Town) -> None:
    from django.core.exceptions import ValidationError

    from jinchuanggu.policies.actions.policies import set_budget

    world.granted(place)
    year = world.today().year
    with pytest.raises(ValidationError, match="已安排"):
        set_budget(place.city, policy_id=place.policy.pk, year=year, amount_cny=Decimal("99999.99"))
    set_budget(place.city, policy_id=place.policy.pk, year=year, amount_cny=Decimal(100000))
    assert Budget.objects.get(policy=place.policy, year=year).amount_cny == Decimal(100000)


def test_the_public_reads_who_got_what_and_no_more(place: world.Town) -> None:
    world.add_firm(place)
    grant = world.granted(place)
    revoked = world.granted(place, number=1)
    actions.move(place.city, pk=revoked.application_id, event="revoke", reason="内部理由")
    shown = text(factories.client_of().get(reverse("public_grants")))
    assert place.firm.name in shown
    assert "10<span" in shown
    for hidden in (place.firms[1][0].name, grant.number, "内部理由", "无严重失信", "研发费用"):
        assert hidden not in shown, hidden
    for query in ("?year=1999", "?year=x&page=y", "?page=999999"):
        assert factories.client_of().get(reverse("public_grants") + query).status_code == 200


def test_junk_in_addresses_and_forms_is_answered(place: world.Town) -> None:
    client = factories.client_of(place.city)
    application = world.applied(place)
    for query in ("?page=x", "?page=99999999999999", "?state=nope&measure=%00&q=%00%27", "?way=1"):
        assert client.get(reverse("grants") + query).status_code == 200
    long = "9" * 40
    for name in ("grant_decide", "grant_supplement"):
        assert (
            client.post(
                reverse(name, args=[application.pk]), {"amount": long, "due_on": "x", "revision": long}
            ).status_code
            == 422
        )
    assert client.post(reverse("grant_batch"), {"pk": ["x", long]}).status_code == 422
    owner = factories.client_of(place.owner)
    assert owner.get(apply_url(place) + "?draft=abc").status_code == 404
    assert owner.get(reverse("grant_apply", args=[place.firm.pk, "no.such"])).status_code == 404
