"""Guards and the doorkeeper: nothing opens that nobody declared."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from jinchuanggu.foundation.access.actor import Actor, client_address, of_request
from jinchuanggu.foundation.access.guards import EVERYBODY, declared_for, guard, public, signed_in
from jinchuanggu.foundation.access.middleware import ActorAndGuard
from jinchuanggu.foundation.organisations.roles import Role
from tests.foundation import making


def _view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


def _enter(view: Any, actor: Actor) -> HttpResponse | None:
    request = RequestFactory().get("/x/")
    request.actor = actor  # type: ignore[attr-defined]
    request.resolver_match = None
    return ActorAndGuard(lambda _: HttpResponse()).process_view(request, view)


def test_a_guard_names_known_roles() -> None:
    for wrong in ((), ("king",)):
        with pytest.raises(ValueError, match="guard"):
            guard(*wrong)


def test_what_declares_nothing_opens_to_nobody() -> None:
    for role in (*Role.values, "public", "signed_in"):
        with pytest.raises(PermissionDenied):
            _enter(_view, Actor(role=role))


def test_a_name_like_a_librarys_opens_nothing_of_ours() -> None:
    assert declared_for(_view, "account_login") is None
    assert declared_for(_view, "mfa_index") is None


def test_declared_roles_enter_and_others_do_not() -> None:
    view = guard(Role.EXPERT)(lambda request: HttpResponse())
    assert _enter(view, Actor(role=Role.EXPERT)) is None
    with pytest.raises(PermissionDenied):
        _enter(view, Actor(role=Role.ADMIN))
    sent = _enter(view, Actor())
    assert sent is not None
    assert sent.status_code == 302
    assert public(lambda request: None).guard == EVERYBODY
    assert "public" not in signed_in(lambda request: None).guard


@pytest.mark.parametrize(("trusted", "address"), [(False, "192.0.2.1"), (True, "203.0.113.9")])
def test_a_forwarded_address_is_believed_behind_a_declared_proxy_only(
    settings: Any, trusted: bool, address: str
) -> None:
    settings.TRUST_FORWARDED_FOR = trusted
    request = RequestFactory().get(
        "/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.9"
    )
    assert client_address(request) == address


@pytest.mark.django_db
def test_without_a_hat_one_is_only_signed_in() -> None:
    hat = making.hat(Role.OPERATOR)
    request = RequestFactory().get("/")
    request.user, request.session = hat.person.user, {}  # type: ignore[assignment]
    assert of_request(request).role == Role.OPERATOR
    hat.ends_on = hat.starts_on
    hat.save()
    assert of_request(request).role == "signed_in"


@pytest.mark.django_db
def test_every_answer_carries_the_protections(client: Any) -> None:
    answer = client.get("/accounts/login/")
    assert "script-src 'self';" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    inside = making.client_of(making.hat(Role.OPERATOR)).get("/workbench/")
    assert inside["Cache-Control"] == "private, no-store"
