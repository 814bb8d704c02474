"""The doorkeeper: resolves the actor of each request and refuses what no guard allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from jinchuanggu.foundation.access.actor import PUBLIC, of_request
from jinchuanggu.foundation.access.guards import declared_for
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, Role

GetResponse = Callable[[HttpRequest], HttpResponse]

# Roles whose acts bind the province or a city; see docs/operator.md on forcing a second factor
SECOND_FACTOR_ROLES = CITY_WIDE | {Role.PROVINCIAL_OFFICE, Role.PROVINCIAL_GOVERNMENT, Role.ADMIN}

# what somebody without it still reaches: setting it up, leaving, another hat, language and theme
OPEN_WITHOUT_FACTOR = (
    "mfa_", "account_login", "account_logout", "account_reauthenticate", "account_change_password",
    "account_reset_password", "set_language", "switch_hat", "theme",
)  # fmt: skip


def content_security_policy(*, inline_styles: bool = False) -> str:
    """Everything from here, nothing inline; pages with a drawn diagram may style its parts in place."""
    return "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' data:",
            "style-src 'self' 'unsafe-inline'" if inline_styles else "style-src 'self'",
            "script-src 'self'",
            "font-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """Adds the headers Django has no setting for, and drops NUL from addresses: PostgreSQL holds no such character."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "")
        response = self.get_response(request)
        match = getattr(request, "resolver_match", None)
        policy = content_security_policy(inline_styles=getattr(match and match.func, "inline_styles", False))
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
        return response


class ActorAndGuard:
    """Sets `request.actor` and, before the view runs, holds the view's declared guard against it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = of_request(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.actor.role != PUBLIC:  # type: ignore[attr-defined]
            # what one person saw must not come back from a cache, not even by the back button after signing out
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: object) -> HttpResponse | None:
        match = request.resolver_match
        roles = declared_for(view, match.url_name if match else None)
        actor = request.actor  # type: ignore[attr-defined]
        if roles is None:
            raise PermissionDenied("this address declares no access")
        if actor.role not in roles:
            if actor.role == PUBLIC:
                return redirect_to_login(request.get_full_path())
            raise PermissionDenied
        if (
            settings.REQUIRE_SECOND_FACTOR
            and actor.role in SECOND_FACTOR_ROLES
            and not (match and (match.url_name or "").startswith(OPEN_WITHOUT_FACTOR))
        ):
            from allauth.mfa.utils import is_mfa_enabled

            if not is_mfa_enabled(request.user):
                return redirect("mfa_index")
        return None
