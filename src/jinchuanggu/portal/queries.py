"""What anybody may read: published valleys and their published figures, with sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from jinchuanggu.indicators.models import Figure, SourceKind
from jinchuanggu.programme import facts
from jinchuanggu.programme.access import PUBLIC_STATES, published
from jinchuanggu.programme.evidence import with_kinds
from jinchuanggu.programme.models import Plaque, Valley

ORIGINS = ("both", "real", "simulated")
PAGE = 50


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of published valleys of one kind of data; `verdicts` and `criteria` by status."""

    valleys: int
    plaqued: int
    criteria: dict[str, int]

    @property
    def judged(self) -> int:
        return sum(self.criteria.values())


def public_valleys(origin: str = "both") -> QuerySet[Valley]:
    """The valleys anybody may see, of one kind of data or of both."""
    rows = published(Valley.objects.all())
    return rows if origin == "both" else rows.filter(origin=origin)


def overview(origin: str) -> Overview:
    """How many valleys, how many with a plaque, and how many conditions are met, not met, not evidenced. One query."""
    counts = {"met": 0, "not_met": 0, "not_evidenced": 0}
    valleys = plaqued = 0
    for state, verdict_counts in public_valleys(origin).values_list("state", "verdict_counts").iterator():
        valleys += 1
        plaqued += state == "plaqued"
        for key in counts:
            counts[key] += int((verdict_counts or {}).get(key, 0))
    return Overview(valleys, plaqued, counts)


def figure_counts() -> dict[str, int]:
    """How many published figures there are and from how many sources, of the real valleys."""
    rows = Figure.objects.filter(origin="real", source_kind=SourceKind.PUBLISHED)
    found = rows.aggregate(figures=Count("pk"), sources=Count("source_title", distinct=True))
    return {"figures": found["figures"], "sources": found["sources"]}


def get_public_valley(pk: int) -> Valley:
    """A published valley. Raises Http404."""
    valley = public_valleys().select_related("region", "operator").filter(pk=pk).first()
    if valley is None:
        raise Http404
    return valley


def public_figures(valleys: Iterable[Valley]) -> list[Figure]:
    """Published figures of the valleys; what was filed or computed only once notice was given. One query."""
    rows = list(valleys)
    open_ones = [valley.pk for valley in rows if valley.state in PUBLIC_STATES]
    return list(
        Figure.objects.filter(valley_id__in=[valley.pk for valley in rows])
        .filter(Q(source_kind=SourceKind.PUBLISHED) | Q(valley_id__in=open_ones))
        .order_by("valley_id", "indicator", "-dated", "-pk")
    )


def public_verdict(valley: Valley, figures: list[Figure]) -> dict[str, Any]:
    """The recognition check on what is public, with the kind of every source."""
    return with_kinds(dict(facts.judge(valley, figures=figures).as_dict()), figures, valley.region.name)


def find_plaque(number: str) -> Plaque | None:
    """A plaque by its number, forgiving spaces and half-width brackets."""
    text = "".join(number.split())
    for wrong, right in (("[", "〔"), ("]", "〕"), ("(", "〔"), (")", "〕"), ("（", "〔"), ("）", "〕")):
        text = text.replace(wrong, right)
    return Plaque.objects.select_related("valley__region").filter(number=text).first() if text else None
