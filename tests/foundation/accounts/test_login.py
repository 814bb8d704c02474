"""Signing in: audit, limits, second factor, pages in Chinese."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.organisations.roles import Role
from tests.foundation import making

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password-1"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def _login(client: Client, hat: Any, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": hat.person.user.username, "password": password})


def _verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("number").values_list("verb", flat=True))


def test_in_and_out_are_recorded_with_the_address(client: Client) -> None:
    hat = making.hat(Role.OPERATOR)
    assert _login(client, hat)["Location"] == "/workbench/"
    client.post("/accounts/logout/")
    assert _verbs() == ["account.login", "account.logout"]
    assert set(AuditEvent.objects.values_list("address", "user_id")) == {("127.0.0.1", hat.person.user_id)}


def test_a_failure_is_recorded_without_what_was_typed(client: Client) -> None:
    hat = making.hat(Role.OPERATOR)
    assert _login(client, hat, "wrong").status_code == 200
    client.post("/accounts/login/", {"login": "my-secret-password", "password": "x"})
    events = list(AuditEvent.objects.order_by("number"))
    assert [event.verb for event in events] == ["account.login_failed"] * 2
    assert events[0].target_label == hat.person.user.username
    assert "my-secret-password" not in str([vars(event) for event in events])


def test_guessing_is_slowed_down(client: Client) -> None:
    hat = making.hat(Role.OPERATOR)
    answers = [_login(client, hat, f"wrong-{number}") for number in range(7)]
    refused = _login(client, hat)  # even the right password has to wait
    assert refused.status_code in {200, 429}
    assert "_auth_user_id" not in client.session
    said = [answer.content.decode() for answer in (*answers, refused)]
    assert any(words in page for words in ("过于频繁", "次数过多", "稍后") for page in said)


def test_registration_is_closed(client: Client) -> None:
    assert "不开放注册" in client.get("/accounts/signup/").content.decode()


def test_weak_passwords_are_refused() -> None:
    hat = making.hat(Role.OPERATOR)
    client = making.client_of(hat)
    for weak in ("short", "123456789012", "passwordpassword"[:8]):
        page = client.post(
            "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
        )
        assert page.status_code == 200
    good = "quite-another-password-2"
    response = client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": good, "password2": good}
    )
    assert response.status_code == 302
    assert "account.password_changed" in _verbs()


def test_other_sessions_can_be_ended() -> None:
    hat = making.hat(Role.OPERATOR)
    here, there = Client(), Client()
    _login(here, hat)
    _login(there, hat)
    page = here.get("/accounts/sessions/")
    assert "有 2 个会话" in page.content.decode()
    here.post("/accounts/sessions/")
    assert there.get("/workbench/").status_code == 302
    assert here.get("/workbench/").status_code == 200
    assert "account.sessions_ended" in _verbs()


def _enrol(hat: Any) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(hat.person.user, secret)
    return secret


def _code(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def test_a_second_factor_is_asked_for_at_sign_in(client: Client) -> None:
    hat = making.hat(Role.PROVINCIAL_OFFICE)
    secret = _enrol(hat)
    assert _login(client, hat)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/workbench/").status_code == 302
    page = client.get("/accounts/2fa/authenticate/")
    assert "两步验证" in page.content.decode()
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    client.post("/accounts/2fa/authenticate/", {"code": _code(secret)})
    assert client.get("/workbench/").status_code == 200
    assert _verbs()[-1] == "account.login"
    assert "account.mfa_failed" in _verbs()


def test_a_recovery_code_works_once(client: Client) -> None:
    hat = making.hat(Role.PROVINCIAL_OFFICE)
    _enrol(hat)
    code = RecoveryCodes.activate(hat.person.user).get_unused_codes()[0]
    for works in (True, False):
        fresh = Client()
        cache.clear()
        _login(fresh, hat)
        fresh.post("/accounts/2fa/authenticate/", {"code": code})
        assert (fresh.get("/workbench/").status_code == 200) is works


def test_enrolment_is_recorded(django_capture_on_commit_callbacks: Any) -> None:
    hat = making.hat(Role.OPERATOR)
    client = Client()
    _login(client, hat)
    address = "/accounts/2fa/totp/activate/"
    assert "再次确认身份" in client.get(address, follow=True).content.decode()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": address})
    page = client.get(address)
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"code": _code(secret)})
    assert Authenticator.objects.filter(user=hat.person.user, type="totp").exists()
    assert "account.mfa_added" in _verbs()


@pytest.mark.parametrize(
    "role",
    [Role.PROVINCIAL_OFFICE, Role.PROVINCIAL_GOVERNMENT, Role.CITY_OFFICE, Role.CITY_GOVERNMENT, Role.ADMIN],
)
def test_it_is_forced_on_those_who_bind_province_or_city(settings: Any, role: str) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    hat = making.hat(role)
    client = making.client_of(hat)
    response = client.get("/workbench/")
    assert response["Location"] == "/accounts/2fa/"
    assert "须启用两步验证" in client.get("/accounts/2fa/").content.decode()
    assert client.post("/switch/hat/", {"hat": hat.pk}).status_code == 302
    _enrol(hat)
    assert client.get("/workbench/").status_code == 200
    assert "须启用两步验证" not in client.get("/accounts/2fa/").content.decode()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.EXPERT, Role.ENTERPRISE])
def test_it_is_not_forced_on_others(settings: Any, role: str) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    assert making.client_of(making.hat(role)).get("/workbench/").status_code == 200


def test_seen_is_written_now_and_then_and_not_with_every_page() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = making.client_of(making.hat(Role.OPERATOR))
    client.get("/notices/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/notices/")
    assert not [q["sql"] for q in seen.captured_queries if q["sql"].startswith(("UPDATE", "INSERT"))]


PAGES = (
    "/accounts/login/", "/accounts/logout/", "/accounts/password/change/", "/accounts/password/reset/",
    "/accounts/password/reset/done/", "/accounts/password/reset/key/done/", "/accounts/2fa/",
    "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/recovery-codes/generate/", "/accounts/sessions/", "/accounts/reauthenticate/",
    "/accounts/inactive/", "/accounts/email/", "/accounts/3rdparty/", "/accounts/confirm-email/",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_the_library_wears_our_frame(client: Client, address: str) -> None:
    hat = making.hat(Role.OPERATOR)
    if address not in {"/accounts/login/", "/accounts/password/reset/"}:
        _login(client, hat)
        if "recovery" in address:
            _enrol(hat)
    page = client.get(address, follow=True)
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count("<h1") == 1
    assert "j-brand" in text
    assert 'lang="zh-hans"' in text
    assert "style=" not in text
