"""Screens of the audit: the list, one record with its seal, the head and the export."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.audit import queries, seal
from jinchuanggu.foundation.audit.access import READERS
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.audit.seal import SEALED_FIELDS
from jinchuanggu.foundation.audit.words import changes_of, model_of, type_title
from jinchuanggu.foundation.workbench.paging import pages

TYPES = (
    "programme.valley", "programme.plan", "programme.application", "programme.assessment", "programme.scoresheet",
    "policies.policy", "policies.ruletext", "policies.budget", "policies.grantapplication", "policies.grant",
    "policies.payment", "policies.recovery", "policies.scenario", "residents.appeal",
    "documents.document", "organisations.organisation", "organisations.person", "organisations.membership",
    "accounts.user", "residents.resident", "indicators.figure", "jobs.job",
)  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _types(asked: str) -> list[tuple[str, str]]:
    """The kinds of objects to choose from; one that a link asks for is offered too, so that it shows as chosen."""
    names = TYPES if asked in TYPES else (*TYPES, asked)
    return [(name, type_title(name)) for name in names if model_of(name)]


@require_GET
@guard(*READERS)
def audit(request: HttpRequest) -> HttpResponse:
    """The record of deeds, newest first, by keyset."""
    asked = {
        key: request.GET.get(key, "").strip() for key in ("verb", "type", "id", "person", "since", "until")
    }
    rows = queries.filtered(
        queries.events(request.actor),  # type: ignore[attr-defined]
        verb=asked["verb"],
        target_type=asked["type"],
        target_id=asked["id"],
        person=asked["person"],
        since=_day(asked["since"]),
        until=_day(asked["until"]),
    )
    page = queries.page(rows, _number(request.GET.get("before", "")))
    return render(
        request,
        "audit/list.html",
        {
            "page": page,
            "asked": asked,
            "filtered": any(asked.values()),
            "pages": pages(request, "before", page.older),
            "verb_choices": queries.verb_choices(asked["verb"]),
            "type_choices": _types(asked["type"]),
            "head": seal.head(),
        },
    )


@require_GET
@guard(*READERS)
def audit_event(request: HttpRequest, number: int) -> HttpResponse:
    """One record: who, when, from where, what, before and after, and whether its seal fits."""
    event = queries.events(request.actor).filter(number=number).first()  # type: ignore[attr-defined]
    if event is None:
        raise Http404
    return render(
        request,
        "audit/detail.html",
        {
            "event": event,
            "changes": changes_of([event], everything=True)[event.number],
            "sealed": seal.verify_one(event),
        },
    )


@require_GET
@guard(*READERS)
def audit_head(request: HttpRequest) -> HttpResponse:
    """The head of the chain as JSON, to be kept outside this machine."""
    response = JsonResponse({**seal.head(), "exported_at": timezone.now().isoformat()})
    response["Content-Disposition"] = 'attachment; filename="audit-head.json"'
    return response


@require_POST
@guard(*READERS)
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Walk the chain as a job and go to its page."""
    from django.shortcuts import redirect
    from django.utils.translation import gettext as _

    from jinchuanggu.foundation.jobs import jobs

    job = jobs.run(request.actor, kind="audit", title=_("核验审计链"), function="audit.verify")  # type: ignore[attr-defined]
    return redirect("job", pk=job.pk)


def _lines() -> Iterator[str]:
    fields = (*SEALED_FIELDS, "digest")
    for row in AuditEvent.objects.order_by("number").values(*fields).iterator(chunk_size=2000):
        yield json.dumps({**row, "at": row["at"].isoformat()}, ensure_ascii=False) + "\n"


@require_POST
@guard(*READERS)
def audit_export(request: HttpRequest) -> StreamingHttpResponse:
    """The whole chain, one JSON object per line, streamed; the export is itself a recorded deed."""
    with transaction.atomic():
        record(request.actor, "audit.export")  # type: ignore[attr-defined]
    response = StreamingHttpResponse(_lines(), content_type="application/x-ndjson; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate().isoformat()}.jsonl"'
    return response
