"""Sign-ins, sign-outs and changes of passwords and second factors, written to the audit.

The one place of the house where signals are used: these deeds are done by libraries that offer nothing else.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from jinchuanggu.foundation.access.actor import (
    PUBLIC,
    SIGNED_IN,
    Actor,
    client_address,
    from_membership,
)
from jinchuanggu.foundation.accounts.models import User
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.organisations.models import Membership


def _actor(request: HttpRequest | None, user: Any = None) -> Actor:
    """Whoever signs in or out, under the hat that the account wears first."""
    if request is None:
        address = agent = ""
    else:
        address, agent = client_address(request), request.headers.get("User-Agent", "")[:200]
    if user is None or not getattr(user, "pk", None):
        return Actor(role=PUBLIC, address=address, agent=agent)
    hats = Membership.objects.filter(person__user_id=user.pk).in_force(timezone.localdate())
    hat = hats.select_related("person", "organisation").order_by("pk").first()
    if hat is not None:
        return from_membership(hat, address=address, agent=agent)
    return Actor(role=SIGNED_IN, user_id=user.pk, name=user.get_username(), address=address, agent=agent)


def _write(verb: str, request: HttpRequest | None, user: Any, detail: dict[str, Any] | None = None) -> None:
    with transaction.atomic():
        record(_actor(request, user), verb, user if getattr(user, "pk", None) else None, detail=detail)


@receiver(user_logged_in)
def _logged_in(request: HttpRequest, user: Any, **_: Any) -> None:
    _write("account.login", request, user)


@receiver(user_logged_out)
def _logged_out(request: HttpRequest, user: Any, **_: Any) -> None:
    if user is not None:
        _write("account.logout", request, user)


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """A name is kept only when it is one of ours: people type passwords into the wrong field."""
    name = str(credentials.get("username") or credentials.get("email") or "")[:150]
    user = (
        User.objects.filter(username=name).first() or User.objects.filter(email__iexact=name).first()
        if name
        else None
    )
    with transaction.atomic():
        record(_actor(request), "account.login_failed", user, detail={"known": user is not None})


@receiver(account.password_changed)
@receiver(account.password_set)
def _password_changed(request: HttpRequest, user: Any, **_: Any) -> None:
    _write("account.password_changed", request, user)


@receiver(account.password_reset)
def _password_reset(request: HttpRequest, user: Any, **_: Any) -> None:
    _write("account.password_reset", request, user)


@receiver(mfa.authenticator_added)
def _factor_added(request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    _write("account.mfa_added", request, user, {"type": authenticator.type})


@receiver(mfa.authenticator_removed)
def _factor_removed(request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    _write("account.mfa_removed", request, user, {"type": authenticator.type})


@receiver(mfa.authenticator_reset)
def _factor_reset(request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    _write("account.mfa_reset", request, user, {"type": authenticator.type})


@receiver(mfa.authentication_failed)
def _factor_failed(request: HttpRequest, user: Any, **_: Any) -> None:
    _write("account.mfa_failed", request, user)
