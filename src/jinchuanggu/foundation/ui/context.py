"""What the frame of every page needs: navigation, hats, unread notices, the data switch, theme."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from jinchuanggu.foundation.access.actor import PUBLIC, Actor
from jinchuanggu.foundation.navigation import tree
from jinchuanggu.foundation.ui.origin import origin_view

THEMES = ("light", "dark", "auto")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the base templates; costs one query (unread notices) for a signed-in reader."""
    actor: Actor = getattr(request, "actor", None) or Actor()
    theme = request.COOKIES.get("jcg_theme", "auto")
    shown: dict[str, Any] = {
        "actor": actor,
        "origin_view": origin_view(request),
        "theme": theme if theme in THEMES else "auto",
        "demo_mode": settings.DEMO,
        "navigation": tree(actor.role, request.path),
        "hats": [],
        "unread_notices": 0,
    }
    if actor.role != PUBLIC:
        from jinchuanggu.foundation.notices.models import Notice

        shown["hats"] = getattr(request, "hats", [])
        if actor.person_id:
            shown["unread_notices"] = Notice.objects.filter(
                person_id=actor.person_id, read_at__isnull=True
            ).count()
    return shown
