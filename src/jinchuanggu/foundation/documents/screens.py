"""Downloads: always an attachment, always checked against the hash before the first byte goes out."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jinchuanggu.foundation.access.guards import public
from jinchuanggu.foundation.documents import access, actions, made, store
from jinchuanggu.foundation.documents.models import Version


def _send(request: HttpRequest, version: Version) -> HttpResponse | FileResponse:
    try:
        version = made.ready(version)
        copy = store.open_verified(version.sha256)
    except store.Corrupt as problem:
        actions.report_corrupt(request.actor, version, problem)  # type: ignore[attr-defined]
        return render(request, "documents/corrupt.html", {"version": version, "problem": problem}, status=409)
    response = FileResponse(
        copy, as_attachment=True, filename=version.filename, content_type=version.media_type
    )
    response["Content-Length"] = str(version.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@public
def document(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The newest version of a document that the reader may see."""
    found = access.get_document(request.actor, pk)  # type: ignore[attr-defined]
    version = found.versions.select_related("document").order_by("-number").first()
    if version is None:
        raise Http404
    return _send(request, version)


@require_GET
@public
def document_version(request: HttpRequest, pk: int, number: int) -> HttpResponse | FileResponse:
    """One version of a document that the reader may see."""
    found = access.get_document(request.actor, pk)  # type: ignore[attr-defined]
    version = found.versions.select_related("document").filter(number=number).first()
    if version is None:
        raise Http404
    return _send(request, version)
