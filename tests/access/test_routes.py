"""Deny by default, held: a route without declared access fails, and so does one that differs from
the table.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from jinchuanggu.foundation.access.actor import PUBLIC, SIGNED_IN
from jinchuanggu.foundation.accounts.models import User
from jinchuanggu.foundation.organisations.models import Membership
from jinchuanggu.foundation.organisations.roles import Role
from tests.access.routes import CALLERS, CLOSED, Route, routes, spelled, table
from tests.foundation import making

DUMMIES = {
    "int": "987654321",
    "slug": "no-such-thing",
    "str": "no-such-thing",
    "path": "no/such",
    "uuid": "0" * 32,
    "day": "1999-01-01",
    "rule": "no.such_thing",
}
RENEW = "python -m tests.access.write_table"
# Open to all, and yet these pages of the library answer so by their nature
PECULIAR = {
    ("accounts/3rdparty/login/error/", 401): "says that signing in failed",
    ("accounts/3rdparty/signup/", 302): "has nothing to do without a sign-on begun elsewhere",
}
MEANS = {200, 204, 301, 302, 304, 400, 404, 405, 409, 410, 422, 429}


def test_every_route_declares_its_access() -> None:
    bare = [route.path for route in routes() if route.declared is None and route.path not in CLOSED]
    assert bare == [], "these addresses declare no access: add @guard(…), @signed_in or @public"


def test_the_table_has_a_row_for_every_route_and_no_other() -> None:
    paths = {route.path for route in routes()}
    assert sorted(paths - set(table())) == [], f"no row in table.yaml; renew it: {RENEW}"
    assert sorted(set(table()) - paths) == [], f"rows without a route; renew it: {RENEW}"


def test_code_and_table_agree() -> None:
    rows = table()
    different = {
        route.path: (spelled(route.declared or frozenset()), spelled(rows[route.path]))
        for route in routes()
        if route.path in rows and (route.declared or frozenset()) != rows[route.path]
    }
    assert different == {}, "code and table differ (code, table)"


def test_administrators_and_auditors_act_in_no_procedure() -> None:
    """Their addresses in the programme are for reading; what changes something there answers to
    others alone.
    """
    for route in routes():
        if "programme" not in getattr(route.view, "__module__", ""):
            continue
        if _only_posts(route):
            assert not {Role.ADMIN, Role.AUDITOR} & (route.declared or frozenset()), route.path


def _only_posts(route: Route) -> bool:
    return any(
        getattr(cell.cell_contents, "__iter__", None) and list(cell.cell_contents) == ["POST"]
        for cell in getattr(route.view, "__closure__", None) or ()
        if isinstance(cell.cell_contents, list | tuple)
    )


def address_of(route: Route) -> str:
    """An address of the route with ids of things that do not exist."""
    path = route.path
    for name, converter in route.converters:
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        path = re.sub(rf"<(?:\w+:)?{name}>", DUMMIES.get(kind, "no-such-thing"), path)
    path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", "nosuchthing", path)
    return "/" + path.replace("^", "").replace("$", "").replace("\\", "")


def test_addresses_lead_to_their_routes() -> None:
    from django.urls import resolve

    for route in routes():
        match = resolve(address_of(route))
        assert match.route == route.path or match.func is not None, route.path


@pytest.fixture
def caller(request: pytest.FixtureRequest, db: None) -> tuple[str, Client]:
    """A browser signed in under the role of the test, or as somebody without a hat, or as nobody."""
    role = request.param
    client = Client(raise_request_exception=True)
    if role == SIGNED_IN:
        client.force_login(User.objects.create_user("nohat", password="a-long-password-1"))
    elif role != PUBLIC:
        client = making.client_of(making.hat(role))
    return role, client


@pytest.mark.parametrize("caller", CALLERS, indirect=True)
def test_every_route_answers_every_caller_as_the_table_says(caller: tuple[str, Client]) -> None:
    role, client = caller
    rows, wrong = table(), []
    user_id = client.session.get("_auth_user_id")
    for route in routes():
        if route.path == "accounts/logout/":
            continue  # its GET is tried last of all
        status, where = _ask(client, address_of(route))
        allowed = role in rows[route.path]
        if allowed and (route.path, status) in PECULIAR:
            continue
        if allowed and (status == 403 or status not in MEANS):
            wrong.append((route.path, status, "should be open"))
        elif allowed and status == 302 and role != PUBLIC and where.startswith("/accounts/login/"):
            wrong.append((route.path, status, "sent to sign in"))
        elif not allowed and not _refused(role, status, where):
            wrong.append((route.path, status, "should be closed"))
    assert client.session.get("_auth_user_id") == user_id
    assert not wrong, "\n".join(map(str, wrong))


def _ask(client: Client, address: str) -> tuple[int, str]:
    response: Any = client.get(address)
    if getattr(response, "streaming", False):
        response.close()
    return response.status_code, response.headers.get("Location", "")


def _refused(role: str, status: int, where: str) -> bool:
    if role == PUBLIC:
        return status in {401, 403} or (status == 302 and "/accounts/login/" in where)
    return status in {401, 403}


@pytest.mark.django_db
def test_a_revoked_hat_opens_nothing() -> None:
    hat = making.hat(Role.ADMIN)
    client = making.client_of(hat)
    assert client.get("/accounts-admin/").status_code == 200
    from django.utils import timezone

    Membership.objects.filter(pk=hat.pk).update(revoked_at=timezone.now())
    assert client.get("/accounts-admin/").status_code == 403


@pytest.mark.django_db
def test_hats_are_not_added_up() -> None:
    """Wearing one hat, what another of the same person may do is closed."""
    auditor = making.hat(Role.AUDITOR)
    other = making.hat(Role.EXPERT, person=auditor.person)
    assert making.client_of(other).get("/audit/").status_code == 403
    assert making.client_of(auditor).get("/audit/").status_code == 200
