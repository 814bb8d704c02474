"""Who may be drawn for an assessment: the expert bank by category and field, without anyone in conflict."""

from __future__ import annotations

from dataclasses import dataclass

from jinchuanggu.programme.conflicts import Found, conflicts_of
from jinchuanggu.programme.models import Expert, Valley
from jinchuanggu.programme.schemes.loading import Scheme


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expert with the conflicts found now; without any the expert may be drawn."""

    expert: Expert
    conflicts: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """`widened` names categories in which too few know a key field, so that all of the category were taken."""

    free: tuple[Expert, ...]
    excluded: tuple[Candidate, ...]
    widened: tuple[str, ...]


def select(valley: Valley, scheme: Scheme) -> Selection:
    """The pool for a valley as of now, of its own kind of data. Fields matter for the categories the scheme names."""
    bank = list(
        Expert.objects.filter(active=True, category__in=scheme.panel, person__origin=valley.origin)
        .select_related("person__employer__parent")
        .order_by("pk")
    )
    conflicts = conflicts_of(valley, bank)
    fields = set(valley.key_fields or ())
    free: list[Expert] = []
    widened: list[str] = []
    for category, seats in scheme.panel.items():
        able = [expert for expert in bank if expert.category == category and expert.pk not in conflicts]
        if category in scheme.by_field and fields:
            knowing = [expert for expert in able if fields & set(expert.fields or ())]
            if len(knowing) < seats:
                widened.append(category)
            else:
                able = knowing
        free += able
    excluded = tuple(
        Candidate(expert, tuple(conflicts[expert.pk])) for expert in bank if expert.pk in conflicts
    )
    return Selection(tuple(free), excluded, tuple(widened))
