"""Whether the reader's hat still lacks the second factor it must hold."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from jinchuanggu.foundation.access.middleware import SECOND_FACTOR_ROLES
from jinchuanggu.foundation.organisations.roles import Role

register = template.Library()


@register.simple_tag(takes_context=True)
def second_factor_missing(context: dict[str, Any], enabled: bool) -> str:
    """The name of the hat that may not go on without a second factor; empty when all is well."""
    role = context["request"].actor.role
    if enabled or not settings.REQUIRE_SECOND_FACTOR or role not in SECOND_FACTOR_ROLES:
        return ""
    return str(Role(role).label)
