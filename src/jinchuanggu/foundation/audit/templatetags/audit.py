"""Template helpers of the audit: the history of an object, names of verbs and object types."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model

from jinchuanggu.foundation.audit import queries, verbs, words

register = template.Library()


@register.filter
def verb_title(verb: str) -> str:
    return verbs.title(verb)


@register.filter
def type_title(label: str) -> str:
    return words.type_title(label)


@register.inclusion_tag("audit/_history.html", takes_context=True)
def history(context: dict[str, Any], target: Model, size: int = 20) -> dict[str, Any]:
    """`{% history object %}`: who did what to it, when and why, with field changes."""
    actor = context["request"].actor
    return {"events": queries.shown(queries.history_of(actor, target, size=size).events, actor)}


@register.inclusion_tag("audit/_history.html", takes_context=True)
def valley_history(context: dict[str, Any], valley_id: int, size: int = 50) -> dict[str, Any]:
    """`{% valley_history valley.pk %}`: the timeline of a dossier."""
    actor = context["request"].actor
    return {"events": queries.shown(queries.history_of_valley(actor, valley_id, size=size).events, actor)}
