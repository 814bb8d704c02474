"""Names of ids and ids of names, always in one query for many, always through a scope."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.resources.declare import Reference

FEW = 200
"""Up to so many options are offered as a list; more are typed, with suggestions."""
NUMBERED = re.compile(r"^(?P<name>.*) #(?P<pk>\d{1,18})$")


def labels(reference: Reference, ids: Iterable[Any]) -> dict[Any, str]:
    """`{id: name}` of the ids present, nothing more, in one query."""
    wanted = {i for i in ids if i is not None}
    if not wanted:
        return {}
    return dict(reference.everything().filter(pk__in=wanted).values_list("pk", reference.label))


def texts(reference: Reference, ids: Iterable[Any]) -> dict[Any, str]:
    """`{id: text}` that `resolve` reads back to the same id: the name, numbered where several share it."""
    names = labels(reference, ids)
    shared = set(
        reference.everything()
        .filter(**{f"{reference.label}__in": set(names.values())})
        .order_by()
        .values(reference.label)
        .annotate(many=Count("pk"))
        .filter(many__gt=1)
        .values_list(reference.label, flat=True)
    )
    return {
        pk: f"{name} #{pk}" if name in shared or NUMBERED.match(name) else name for pk, name in names.items()
    }


def many_texts(reference: Reference, field: Any, pks: list[int]) -> dict[int, str]:
    """`{pk: names}` of a many-to-many column for the rows present, in three queries."""
    source, target = field.m2m_field_name(), field.m2m_reverse_field_name()
    links = field.remote_field.through._default_manager.filter(**{f"{source}__in": pks}).order_by("pk")
    pairs = list(links.values_list(f"{source}_id", f"{target}_id"))
    names = texts(reference, {to for _start, to in pairs})
    joined: dict[int, list[str]] = {}
    for start, to in pairs:
        joined.setdefault(start, []).append(names.get(to, ""))
    return {pk: "；".join(items) for pk, items in joined.items()}


def few(reference: Reference, actor: Actor) -> list[tuple[int, str]] | None:
    """The options as `(id, name)` when there are few of them, else None."""
    rows = reference.options(actor).order_by(reference.label, "pk").values_list("pk", reference.label)
    found = list(rows[: FEW + 1])
    return found if len(found) <= FEW else None


def suggest(reference: Reference, actor: Actor, text: str, limit: int = 20) -> list[str]:
    """Texts an input may offer for what was typed so far; every one resolves to one row."""
    if not text.strip():
        return []
    found: list[Any] = []
    for lookup in reference.lookups:
        rows = reference.options(actor).filter(**{f"{lookup}__istartswith": text.strip()})
        found += rows.order_by(lookup).values_list("pk", flat=True)[:limit]
    if len(found) < limit:
        rows = reference.options(actor).filter(**{f"{reference.label}__icontains": text.strip()})
        found += rows.values_list("pk", flat=True)[:limit]
    named = texts(reference, dict.fromkeys(found))
    return [named[pk] for pk in dict.fromkeys(found) if pk in named][:limit]


def resolve(reference: Reference, actor: Actor, wanted: Iterable[str]) -> dict[str, Any]:
    """`{text: id}` for what names exactly one row in the actor's scope, `{text: Ambiguous}` for what names several.

    A text that names nothing is absent. One query per lookup, however many texts.
    """
    todo, found = set(wanted), dict[str, Any]()
    numbered = {t: int(m["pk"]) for t in todo if (m := NUMBERED.match(t))}
    if numbered:
        rows = reference.options(actor).filter(pk__in=numbered.values()).values_list("pk", reference.label)
        known = dict(rows)
        for text, pk in numbered.items():
            if known.get(pk) == NUMBERED.match(text)["name"]:  # type: ignore[index]
                found[text] = pk
    for lookup in reference.lookups:
        todo -= found.keys()
        if not todo:
            break
        for value, pk in reference.options(actor).filter(**{f"{lookup}__in": todo}).values_list(lookup, "pk"):
            found[value] = Ambiguous(found[value], pk) if value in found and found[value] != pk else pk
    return found


class Ambiguous:
    """Several rows go by the same name."""

    def __init__(self, *parts: Any) -> None:
        self.ids: list[int] = []
        for part in parts:
            self.ids += part.ids if isinstance(part, Ambiguous) else [part]

    def explain(self, text: str) -> str:
        options = "、".join(f"{text} #{pk}" for pk in self.ids[:5])
        return _("有 %(count)d 个同名，请写明是哪一个：%(options)s") % {
            "count": len(self.ids),
            "options": options,
        }
