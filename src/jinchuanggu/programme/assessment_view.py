"""The one place where an assessment is turned into what a reader sees. Fields come from the visibility table alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.programme import lottery
from jinchuanggu.programme.actions.draw import published_pool
from jinchuanggu.programme.assessment_state import Sheets, aggregate_of, is_in, sheets_of, tally_of
from jinchuanggu.programme.conflicts import conflicts_of
from jinchuanggu.programme.models import Assessment, ConflictKind, PlanVersion
from jinchuanggu.programme.models.valley import ExpertCategory
from jinchuanggu.programme.pool import Selection, select
from jinchuanggu.programme.schemes.loading import Scheme, scheme
from jinchuanggu.programme.visibility import phase_of, reader_of, seat_of, shown


@dataclass
class Look:
    """What the builders of the fields share; everything is read at most once."""

    assessment: Assessment
    actor: Actor
    phase: str

    @cached_property
    def scheme(self) -> Scheme:
        return scheme(self.assessment.scheme)

    @cached_property
    def sheets(self) -> Sheets:
        return sheets_of(self.assessment)

    @cached_property
    def selection(self) -> Selection:
        return select(self.assessment.valley, self.scheme)


def view_of(assessment: Assessment, actor: Actor) -> dict[str, Any]:
    """`phase`, `reader` and exactly the fields this reader may see in this phase."""
    phase, reader = phase_of(assessment), reader_of(actor, assessment)
    look = Look(assessment, actor, phase)
    fields = {name: BUILDERS[name](look) for name in sorted(shown(phase, reader))}
    return {"phase": phase, "reader": reader or "public", **fields}


def kind_label(kind: str) -> str:
    """Why somebody is passed over, in words."""
    return str(ConflictKind(kind).label) if kind in ConflictKind.values else str(_("已出库"))


def draw_of(assessment: Assessment) -> dict[str, Any]:
    """Commitment, and once drawn: seed, the whole order, who sits. Recomputed from the stored pool and seed.

    `agrees` says whether the panel drawn then is the one that follows from pool, seed and skipped codes now.
    """
    chosen = scheme(assessment.scheme)
    found: dict[str, Any] = {
        "commitment": assessment.commitment,
        "committed_at": assessment.committed_at,
        "public_fact": assessment.public_fact,
        "panel": [(ExpertCategory(key).label, seats) for key, seats in chosen.panel.items()],
    }
    if assessment.drawn_at is None:
        return found
    secret = assessment.seed.split("|", 1)[0]
    seats = {seat.code: seat for seat in assessment.assessors.all()}
    skipped = {item["code"]: item["kind"] for item in assessment.skipped}
    order = lottery.order_of(published_pool(assessment), assessment.seed)
    return found | {
        "drawn_at": assessment.drawn_at,
        "seed": assessment.seed,
        "public_value": assessment.public_value,
        "opens": lottery.commitment_of(secret) == assessment.commitment,
        "agrees": follows(assessment, order),
        "order": [
            {
                "place": place,
                "code": entry.code,
                "category": ExpertCategory(entry.category).label,
                "ticket": lottery.ticket(assessment.seed, entry.code)[:16],
                "skipped": kind_label(skipped[entry.code]) if entry.code in skipped else "",
                "seat": seats[entry.code].order if entry.code in seats else None,
                "excused": seats[entry.code].excused_at is not None if entry.code in seats else False,
            }
            for place, entry in enumerate(order, start=1)
        ],
    }


def follows(assessment: Assessment, order: list[lottery.Entry]) -> bool:
    """Whether the seats taken, first the panel and then each replacement, are those the order gives."""
    at_draw = {item["code"] for item in assessment.skipped if item["when"] == "draw"}
    ever = {item["code"] for item in assessment.skipped}
    category = {entry.code: entry.category for entry in order}
    expected = [entry.code for entry in lottery.seat(order, scheme(assessment.scheme).panel, at_draw)]
    taken = [seat.code for seat in sorted(assessment.assessors.all(), key=lambda seat: seat.order)]
    for code in taken[len(expected) :]:
        following = lottery.next_after(order, category.get(code, ""), set(expected), ever)
        expected.append(following.code if following else "")
    return expected == taken


def _pool(look: Look) -> list[dict[str, str]]:
    return [
        {"code": item["code"], "category": str(ExpertCategory(item["category"]).label)}
        for item in look.assessment.pool
    ]


def _excluded(look: Look) -> list[dict[str, Any]]:
    return [
        {"expert": candidate.expert, "conflicts": candidate.conflicts}
        for candidate in look.selection.excluded
    ]


def _names(look: Look) -> list[dict[str, Any]]:
    """Every seat with its expert and what conflicts there are now."""
    seats = list(look.assessment.assessors.select_related("expert__person__employer__parent", "sheet"))
    conflicts = conflicts_of(look.assessment.valley, [seat.expert for seat in seats])
    return [
        {"seat": seat, "in": is_in(seat), "conflicts": conflicts.get(seat.expert_id, [])} for seat in seats
    ]


def _progress(look: Look) -> dict[str, int]:
    return {"in": len(look.sheets.seats) - len(look.sheets.waiting), "seats": len(look.sheets.seats)}


def _sheets(look: Look) -> list[dict[str, Any]]:
    return [
        {
            "code": seat.code,
            "name": str(seat.expert.person),
            "sheet": seat.sheet,
            "lines": _lines(look, seat.sheet),
        }
        for seat in look.sheets.seats
        if is_in(seat)
    ]


def _lines(look: Look, sheet: Any) -> list[dict[str, Any]]:
    found = {line.criterion: line for line in sheet.lines.all()}
    return [{"criterion": item, "line": found.get(item.id)} for item in look.scheme.criteria]


def _own_sheet(look: Look) -> dict[str, Any] | None:
    seat = seat_of(look.actor, look.assessment)
    if seat is None:
        return None
    sheet = getattr(seat, "sheet", None)
    return {"seat": seat, "sheet": sheet, "lines": _lines(look, sheet) if sheet else []}


def _aggregate(look: Look) -> dict[str, Any]:
    """The kept aggregate, before the conclusion the one that would be kept."""
    found = look.assessment.aggregate
    if not found:
        tally = tally_of(look.assessment, look.sheets)
        found = aggregate_of(tally, look.sheets) if tally else {}
    means = found.get("means", {})
    rows = [{"criterion": item, "mean": means.get(item.id)} for item in look.scheme.criteria]
    return {**found, "rows": rows, "full": look.scheme.full_score}


def _opinions(look: Look) -> list[dict[str, Any]]:
    """Reasons by criterion and comments; each list in an order of its own that says nothing about who wrote it."""
    sheets = [seat.sheet for seat in look.sheets.seats if is_in(seat)]

    def mixed(key: str, texts: list[str]) -> list[str]:
        salt = look.assessment.seed
        return sorted(texts, key=lambda text: hashlib.sha256(f"{salt}|{key}|{text}".encode()).digest())

    lines = [line for sheet in sheets for line in sheet.lines.all()]
    found = [
        {
            "title": item.title,
            "texts": mixed(item.id, [line.reason for line in lines if line.criterion == item.id]),
        }
        for item in look.scheme.criteria
    ]
    return [*found, {"title": COMMENTS, "texts": mixed("comment", [sheet.comment for sheet in sheets])}]


COMMENTS = {"zh": "总体意见", "en": "Overall comments"}


def _evidence(look: Look) -> dict[str, Any]:
    """The city's side: the application with its rule results, the plan as frozen last, the papers."""
    valley = look.assessment.valley
    return {
        "application": look.assessment.application,
        "plan": PlanVersion.objects.filter(plan__valley=valley).first(),
        "papers": Document.objects.filter(
            subject_label="programme.valley",
            subject_id=valley.pk,
            created_at__lte=look.assessment.concluded_at or timezone.now(),
        ).order_by("kind", "pk"),
    }


BUILDERS: dict[str, Callable[[Look], Any]] = {
    "scheme": lambda look: look.scheme,
    "pool": _pool,
    "excluded": _excluded,
    "excluded_count": lambda look: len(look.selection.excluded),
    "draw": lambda look: draw_of(look.assessment),
    "names": _names,
    "progress": _progress,
    "submitters": lambda look: {seat.code for seat in look.sheets.seats if is_in(seat)},
    "sheets": _sheets,
    "own_sheet": _own_sheet,
    "aggregate": _aggregate,
    "opinions": _opinions,
    "visits": lambda look: [
        {"pk": visit.pk, "item": visit.item, "done": visit.visited_on is not None}
        for visit in look.assessment.visits.all()
    ],
    "findings": lambda look: {visit.pk: visit for visit in look.assessment.visits.all()},
    "conclusion": lambda look: {
        "word": look.assessment.get_conclusion_display(),
        "passed": look.assessment.conclusion == "pass",
        "opinion": look.assessment.opinion,
        "at": look.assessment.concluded_at,
    },
    "evidence": _evidence,
}
"""Field of the visibility table → what is shown of it."""
