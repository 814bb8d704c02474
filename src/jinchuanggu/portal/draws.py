"""The published draw: everything anybody needs to do it again, as a page and as JSON."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from jinchuanggu.foundation.access.guards import public
from jinchuanggu.portal.frame import page
from jinchuanggu.programme.assessment_view import draw_of
from jinchuanggu.programme.models import Assessment
from jinchuanggu.programme.schemes.loading import scheme


def get_draw(pk: int) -> Assessment:
    """An assessment whose pool and commitment were published. Raises Http404."""
    found = Assessment.objects.select_related("valley__region").filter(pk=pk).exclude(commitment="").first()
    if found is None:
        raise Http404
    return found


@require_safe
@public
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Pool by code, commitment, seed, order and result, with the server's own recomputation."""
    found = get_draw(pk)
    context = {
        "assessment": found,
        "valley": found.valley,
        "draw": draw_of(found),
        "pool": found.pool,
        "concluded": found.get_conclusion_display() if found.conclusion else "",
        "simulated": found.valley.origin == "simulated",
        "script": SCRIPT,
    }
    return page(request, "portal/draw.html", context)


@require_safe
@public
def draw_json(request: HttpRequest, pk: int) -> JsonResponse:
    """The same for machines; `docs/draw.md` holds the program that redoes it."""
    return JsonResponse(as_json(get_draw(pk)), json_dumps_params={"ensure_ascii": False, "indent": 1})


def as_json(found: Assessment) -> dict[str, Any]:
    """Codes only: no name stands anywhere in it."""
    return {
        "schema": 1,
        "valley": found.valley.name,
        "origin": found.valley.origin,
        "scheme": found.scheme,
        "commitment": found.commitment,
        "committed_at": found.committed_at.isoformat() if found.committed_at else None,
        "public_fact": found.public_fact,
        "public_value": found.public_value,
        "seed": found.seed or None,
        "drawn_at": found.drawn_at.isoformat() if found.drawn_at else None,
        "panel": scheme(found.scheme).panel,
        "pool": found.pool,
        "skipped": found.skipped,
        "seats": [
            {"seat": seat.order, "code": seat.code, "excused": seat.excused_at is not None}
            for seat in found.assessors.all()
        ],
    }


SCRIPT = """\
import hashlib, json, sys
d = json.load(open(sys.argv[1], encoding="utf-8"))
sha = lambda text: hashlib.sha256(text.encode()).hexdigest()
assert sha(d["seed"].split("|")[0]) == d["commitment"], "the seed does not open the commitment"
free, panel = dict(d["panel"]), []
skip = {s["code"] for s in d["skipped"] if s["when"] == "draw"}
for e in sorted(d["pool"], key=lambda e: sha(d["seed"] + "|" + e["code"])):
    if e["code"] not in skip and free.get(e["category"], 0) > 0:
        free[e["category"]] -= 1
        panel.append(e["code"])
assert panel == [s["code"] for s in d["seats"]][: len(panel)], "another panel follows from this seed"
print("OK", *panel)
"""
"""What anybody may run on the JSON; shown on the page, printed in docs/draw.md, and run by a test."""
