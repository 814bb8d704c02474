"""Documents made by the system: their content is kept and sealed at once, a file of it is made when first
asked for.

Setting a page takes a second of computing; a decision must not wait for it with the database's write lock in
hand.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db import models, transaction

from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR, Actor
from jinchuanggu.foundation.audit.log import act, record
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.documents import store
from jinchuanggu.foundation.documents.kinds import MEDIA_TYPES, clean_name
from jinchuanggu.foundation.documents.models import Document, Version
from jinchuanggu.foundation.documents.numbers import validate_issuing_number
from jinchuanggu.foundation.organisations.models import Organisation

Maker = Callable[[Any, str], bytes]
_makers: dict[str, Maker] = {}


def register(name: str, maker: Maker) -> None:
    """`maker(content, extension) -> bytes` for contents of this name."""
    _makers[name] = maker


def digest_of(content: Any) -> str:
    """SHA-256 of the content's canonical JSON."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def keep(
    actor: Actor,
    *,
    subject: models.Model,
    kind: str,
    title: str,
    maker: str,
    content: Any,
    extensions: Sequence[str],
    issuing_number: str = "",
    dated: date | None = None,
    issuer: Organisation | None = None,
    public: bool = False,
) -> Document:
    """Keep a made document of a subject that the caller has loaded in scope; one version for each file
    format.
    """
    validate_issuing_number(issuing_number)
    label = subject._meta.label_lower
    origin = getattr(subject, "origin", None) or getattr(getattr(subject, "valley", None), "origin", None)
    with act(actor, "document.add", detail={"content_sha256": digest_of(content)}) as deed:
        document = Document.objects.create(
            title=title,
            kind=kind,
            issuing_number=issuing_number,
            dated=dated,
            issuer=issuer,
            public=public,
            subject_label=label,
            subject_id=subject.pk,
            maker=maker,
            content=content,
            origin=str(origin or "simulated"),
            valley_id=subject.pk if label == "programme.valley" else getattr(subject, "valley_id", None),
        )
        for number, extension in enumerate(extensions, start=1):
            Version.objects.create(
                document=document,
                number=number,
                sha256="",
                size=0,
                media_type=MEDIA_TYPES[extension],
                filename=clean_name(f"{title}.{extension}"),
                uploaded_by=actor.label[:240],
            )
        deed.target = document
    return document


def _sealed_digest(document: Document) -> str:
    """The digest of the content as the event of its making sealed it."""
    events = AuditEvent.objects.filter(
        target_type=document._meta.label_lower, target_id=str(document.pk), verb="document.add"
    )
    detail = events.order_by("number").values_list("detail", flat=True).first() or {}
    return str(detail.get("content_sha256", ""))


def ready(version: Version) -> Version:
    """The version with its file: made now from the sealed content when nobody asked for it before.

    Raises `store.Corrupt` when the content is no longer what the audit sealed.
    """
    document = version.document
    if version.sha256 or not document.maker:
        return version
    if digest_of(document.content) != _sealed_digest(document):
        raise store.Corrupt(digest_of(document.content), missing=False)
    extension = next(key for key, media in MEDIA_TYPES.items() if media == version.media_type)
    stored = store.put(io.BytesIO(_makers[document.maker](document.content, extension)))
    with transaction.atomic():
        # two readers may make it at once: the first to write wins, both serve what is kept
        won = Version.objects.filter(pk=version.pk, sha256="").update(sha256=stored.sha256, size=stored.size)
        if won:
            record(
                SYSTEM_ACTOR,
                "document.make",
                document,
                detail={"version": version.number, "sha256": stored.sha256, "size": stored.size},
            )
    version.refresh_from_db(fields=["sha256", "size"])
    return version
