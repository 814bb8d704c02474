"""Every view declares who may call it; one that doesn't is refused for everybody.

The declarations are compared with `tests/access/table.yaml` by a test that walks every route with every role.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from jinchuanggu.foundation.access.actor import PUBLIC, SIGNED_IN
from jinchuanggu.foundation.organisations.roles import Role

View = TypeVar("View", bound=Callable[..., Any])

EVERY_ROLE: frozenset[str] = frozenset(Role.values)
EVERYBODY: frozenset[str] = EVERY_ROLE | {PUBLIC, SIGNED_IN}


def guard(*roles: str) -> Callable[[View], View]:
    """Declare that only these roles may call the view (which objects they reach is the scope's business)."""
    unknown = set(roles) - EVERYBODY
    if unknown or not roles:
        raise ValueError(f"unknown or no role in guard: {sorted(unknown)}")

    def declare(view: View) -> View:
        view.guard = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """Declare that anybody may call the view."""
    view.guard = EVERYBODY  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Declare that anybody who has signed in may call the view, whatever the hat."""
    view.guard = EVERY_ROLE | {SIGNED_IN}  # type: ignore[attr-defined]
    return view


LIBRARIES = ("allauth.", "django.views.i18n")


def inline_styles(view: View) -> View:
    """Let the page's content policy allow styles in place, which the diagram library needs."""
    view.inline_styles = True  # type: ignore[attr-defined]
    return view


# Views of libraries cannot carry our decorator; their URL name (or prefix ending in *) stands here.
LIBRARY_GUARDS: dict[str, frozenset[str]] = {
    "account_login": EVERYBODY,
    "account_logout": EVERYBODY,
    "account_signup": EVERYBODY,  # closed by the adapter; the page says so
    "account_inactive": EVERYBODY,
    "account_reset_password*": EVERYBODY,
    "account_confirm_email": EVERYBODY,
    "account_email_verification_sent": EVERYBODY,
    "account_*": EVERY_ROLE | {SIGNED_IN},
    "mfa_authenticate": EVERYBODY,
    "mfa_login_webauthn": EVERYBODY,
    "mfa_trust": EVERYBODY,
    "mfa_*": EVERY_ROLE | {SIGNED_IN},
    "usersessions_list": EVERY_ROLE | {SIGNED_IN},
    "socialaccount_connections": EVERY_ROLE | {SIGNED_IN},
    "socialaccount_*": EVERYBODY,
    "openid_connect_*": EVERYBODY,
    "set_language": EVERYBODY,
}


def declared_for(view: Callable[..., Any], url_name: str | None) -> frozenset[str] | None:
    """The roles declared for a view, or None when nobody declared any."""
    declared = getattr(view, "guard", None)
    if declared is None and hasattr(view, "view_class"):
        declared = getattr(view.view_class, "guard", None)
    if declared is not None:
        return frozenset(declared)
    if not (getattr(view, "__module__", None) or "").startswith(LIBRARIES):
        return None
    name = url_name or ""
    if name in LIBRARY_GUARDS:
        return LIBRARY_GUARDS[name]
    for pattern, roles in LIBRARY_GUARDS.items():
        if pattern.endswith("*") and name.startswith(pattern[:-1]):
            return roles
    return None
