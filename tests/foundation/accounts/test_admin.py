"""Accounts and hats: invitations, immediate revocation, three duties apart."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import Client

from jinchuanggu.foundation.access.actor import from_membership
from jinchuanggu.foundation.accounts import actions
from jinchuanggu.foundation.accounts.models import User
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.organisations.models import Membership, OrganisationKind, Person
from jinchuanggu.foundation.organisations.roles import Role
from tests.foundation import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Any:
    return making.hat(Role.ADMIN, org=making.organisation(kind=OrganisationKind.PLATFORM))


def _form(body: Any, **fields: str) -> dict[str, str]:
    return {
        "name": "李四", "title": "处长", "username": "lisi", "email": "lisi@example.cn",
        "organisation": body.name, "role": Role.CITY_OFFICE,
    } | fields  # fmt: skip


def test_an_account_is_made_invited_and_used_once(admin: Any) -> None:
    client, org = making.client_of(admin), making.organisation()
    response = client.post("/accounts-admin/new/", _form(org))
    person = Person.objects.get(name="李四")
    assert response["Location"] == f"/accounts-admin/{person.pk}/"
    page = client.get(response["Location"])
    link = page.context["invitation"]
    assert link in page.content.decode()
    assert client.get(response["Location"]).context["invitation"] is None  # shown once
    guest = Client()
    form = guest.get(link, follow=True)
    done = guest.post(
        form.request["PATH_INFO"], {"password1": "long-enough-9-words", "password2": "long-enough-9-words"}
    )
    assert done.status_code == 302
    assert User.objects.get(username="lisi").check_password("long-enough-9-words")
    assert "已失效" in Client().get(link, follow=True).content.decode()
    assert [e.verb for e in AuditEvent.objects.order_by("number").exclude(verb="account.login")] == [
        "hat.grant", "account.create", "account.invite", "account.password_reset",
    ]  # fmt: skip
    assert not actions.may_be_invited(Person.objects.get(pk=person.pk))
    with pytest.raises(ValidationError):  # an administrator cannot take over an account that has its password
        actions.invitation(from_membership(admin), Person.objects.get(pk=person.pk))


def test_every_mistake_is_said_at_once_and_the_input_kept(admin: Any) -> None:
    making.hat(Role.OPERATOR)
    taken = User.objects.exclude(pk=admin.person.user_id).get()
    org = making.organisation()
    page = making.client_of(admin).post(
        "/accounts-admin/new/", _form(org, username=taken.username, email=taken.email.upper(), title="保留我")
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert "已存在" in text
    assert "已属于另一账号" in text
    assert "保留我" in text
    page = making.client_of(admin).post("/accounts-admin/new/", _form(org, organisation="没有这家"))
    assert "没有名为“没有这家”的组织" in page.content.decode()
    assert not Person.objects.filter(name="李四").exists()


def test_a_revoked_hat_stops_with_the_next_click(admin: Any) -> None:
    hat = making.hat(Role.PROVINCIAL_OFFICE)
    client = making.client_of(hat)
    assert client.get("/audit/").status_code == 200
    making.client_of(admin).post(f"/accounts-admin/hats/{hat.pk}/revoke/", {"reason": "调离"})
    assert client.get("/audit/").status_code == 403
    assert AuditEvent.objects.get(verb="hat.revoke").reason == "调离"


def test_a_revocation_needs_a_reason(admin: Any) -> None:
    hat = making.hat(Role.OPERATOR)
    assert (
        making.client_of(admin).post(f"/accounts-admin/hats/{hat.pk}/revoke/", {"reason": " "}).status_code
        == 422
    )
    assert Membership.objects.in_force(hat.starts_on).filter(pk=hat.pk).exists()


def test_a_revoked_hat_can_be_given_again(admin: Any) -> None:
    actor, hat = from_membership(admin), making.hat(Role.OPERATOR)
    actions.revoke_hat(actor, hat, reason="误授")
    again = actions.grant_hat(actor, person=hat.person, organisation=hat.organisation, role=Role.OPERATOR)
    assert again.pk != hat.pk
    same = actions.grant_hat(actor, person=hat.person, organisation=hat.organisation, role=Role.OPERATOR)
    assert same == again


@pytest.mark.parametrize(
    ("worn", "wanted"),
    [
        (Role.ADMIN, Role.AUDITOR),
        (Role.AUDITOR, Role.ADMIN),
        (Role.PROVINCIAL_OFFICE, Role.ADMIN),
        (Role.ADMIN, Role.CITY_OFFICE),
        (Role.EXPERT, Role.AUDITOR),
    ],
)
def test_three_duties_stay_apart(admin: Any, worn: str, wanted: str) -> None:
    hat = making.hat(worn)
    with pytest.raises(ValidationError, match="三员分立"):
        actions.grant_hat(
            from_membership(admin), person=hat.person, organisation=hat.organisation, role=wanted
        )


def test_nobody_gives_a_hat_to_oneself(admin: Any) -> None:
    with pytest.raises(ValidationError, match="不能给自己"):
        actions.grant_hat(
            from_membership(admin), person=admin.person, organisation=making.organisation(), role=Role.ADMIN
        )


def test_the_last_administrator_stays(admin: Any) -> None:
    with pytest.raises(ValidationError, match="最后一名"):
        actions.revoke_hat(from_membership(admin), admin, reason="x")
    other = making.hat(Role.ADMIN)
    actions.revoke_hat(from_membership(other), admin, reason="x")
    with pytest.raises(ValidationError, match="自己"):
        actions.set_active(from_membership(other), other.person, active=False, reason="x")


def test_a_disabled_account_is_out_with_the_next_click(admin: Any) -> None:
    hat = making.hat(Role.PROVINCIAL_OFFICE)
    client = making.client_of(hat)
    making.client_of(admin).post(
        f"/accounts-admin/{hat.person_id}/active/", {"active": "0", "reason": "离职"}
    )
    response = client.get("/audit/")
    assert response.status_code == 302
    assert "login" in response["Location"]
    making.client_of(admin).post(
        f"/accounts-admin/{hat.person_id}/active/", {"active": "1", "reason": "返岗"}
    )
    assert User.objects.get(pk=hat.person.user_id).is_active


@pytest.mark.parametrize("role", [r for r in Role.values if r != Role.ADMIN])
def test_only_administrators_reach_any_of_it(role: str) -> None:
    hat = making.hat(role)
    actor = from_membership(hat)
    with pytest.raises(Http404):
        actions.grant_hat(actor, person=hat.person, organisation=hat.organisation, role=Role.ADMIN)
    with pytest.raises(Http404):
        actions.invitation(actor, hat.person)
    assert making.client_of(hat).get("/accounts-admin/").status_code == 403


def test_no_move_of_any_process_is_an_administrators_or_auditors() -> None:
    from jinchuanggu.foundation.workflow.definition import files, load

    processes = [load(path.name.split(".v")[0]) for path in files()]
    assert processes
    doers = {role for process in processes for move in process.moves for role in move.by}
    holders = {state.holder for process in processes for state in process.states.values()}
    assert not {Role.ADMIN, Role.AUDITOR} & (doers | holders)


def test_people_are_found_by_any_of_their_names(admin: Any) -> None:
    hat = making.hat(Role.OPERATOR)
    client = making.client_of(admin)

    def found(query: str) -> list[int]:
        return [person.pk for person in client.get(f"/accounts-admin/?{query}").context["people"]]

    assert found(f"q={hat.person.name}") == [hat.person_id]
    assert found(f"q={hat.person.user.username}") == [hat.person_id]
    assert hat.person_id in found(f"role={Role.OPERATOR}")
    assert hat.person_id not in found(f"role={Role.EXPERT}")


def test_the_general_form_keeps_the_duties_apart_too(admin: Any) -> None:
    hat = making.hat(Role.AUDITOR)
    client = making.client_of(admin)
    values = {
        "person": hat.person_id, "organisation": hat.organisation_id, "role": Role.PROVINCIAL_OFFICE,
        "starts_on": "2026-01-01",
    }  # fmt: skip
    assert "三员分立" in client.post("/r/memberships/new", values).content.decode()
    own = values | {"person": admin.person_id, "role": Role.ADMIN}
    assert "不能给自己" in client.post("/r/memberships/new", own).content.decode()
    assert Membership.objects.filter(person=hat.person).count() == 1
