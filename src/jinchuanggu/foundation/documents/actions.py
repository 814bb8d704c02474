"""Every change of a document: add one, add a version, report one whose bytes changed."""

from __future__ import annotations

import io
from datetime import date
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act, record
from jinchuanggu.foundation.documents import access, store
from jinchuanggu.foundation.documents.kinds import FileKind, clean_name, recognise
from jinchuanggu.foundation.documents.models import Document, Version
from jinchuanggu.foundation.documents.numbers import validate_issuing_number
from jinchuanggu.foundation.organisations.models import Organisation

Upload = File | tuple[str, bytes]
"""An uploaded file, or the name and bytes of one made here."""


def _open(file: Upload) -> tuple[str, BinaryIO]:
    if isinstance(file, tuple):
        return clean_name(file[0]), io.BytesIO(file[1])
    if not getattr(file, "seekable", lambda: True)():
        return clean_name(file.name or ""), io.BytesIO(file.read())
    return clean_name(file.name or ""), file  # type: ignore[return-value]


def receive(file: Upload) -> tuple[str, FileKind, store.Stored]:
    """Check name, size and content, then store the bytes. Raises `ValidationError` in the user's words."""
    name, source = _open(file)
    source.seek(0, 2)
    if source.tell() > settings.DOCUMENT_MAX_BYTES:
        limit = settings.DOCUMENT_MAX_BYTES // (1024 * 1024)
        raise ValidationError(_("文件超过 %(limit)s MB，不能接收") % {"limit": limit}, code="file_size")
    kind = recognise(source, name)
    return name, kind, store.put(source)


def add_document(
    actor: Actor,
    *,
    subject: models.Model,
    kind: str,
    title: str,
    file: Upload,
    issuing_number: str = "",
    dated: date | None = None,
    issuer: Organisation | None = None,
    public: bool = False,
    note: str = "",
) -> Document:
    """Add a document with its first version to a subject that the caller has loaded through the actor's
    scope.

    The document takes the subject's valley (`valley_id`, or the valley itself) and its `origin`. Raises
    `ValidationError` for a bad file or issuing number. The same bytes for the same subject, kind and title
    return the
    document that is there, so sending a form twice is harmless.
    """
    validate_issuing_number(issuing_number)
    if not title.strip():
        raise ValidationError(_("请填写文件标题"), code="title")
    name, found, stored = receive(file)
    label = subject._meta.label_lower
    with transaction.atomic():
        same = Document.objects.filter(
            subject_label=label,
            subject_id=subject.pk,
            kind=kind,
            title=title.strip(),
            issuing_number=issuing_number,
            versions__sha256=stored.sha256,
        ).first()
        if same is not None:
            return same
        with act(actor, "document.add", detail={"sha256": stored.sha256, "size": stored.size}) as deed:
            document = Document.objects.create(
                title=title.strip(),
                kind=kind,
                issuing_number=issuing_number,
                dated=dated,
                issuer=issuer,
                subject_label=label,
                subject_id=subject.pk,
                valley_id=subject.pk if label == "programme.valley" else getattr(subject, "valley_id", None),
                public=public,
                origin=_origin(subject),
            )
            _append(document, actor, name, found, stored, note)
            deed.target = document
    return document


def _origin(subject: Any) -> str:
    origin = getattr(subject, "origin", None) or getattr(getattr(subject, "valley", None), "origin", None)
    return str(origin or "simulated")


def _append(
    document: Document, actor: Actor, name: str, kind: FileKind, stored: store.Stored, note: str
) -> Version:
    last = document.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return Version.objects.create(
        document=document,
        number=last + 1,
        sha256=stored.sha256,
        size=stored.size,
        media_type=kind.media_type,
        filename=name,
        uploaded_by=actor.label[:240],
        note=note[:200],
    )


def add_version(actor: Actor, *, document_id: int, file: Upload, note: str = "") -> Version:
    """Add a version to a document the actor may write. Bytes equal to the newest version change nothing.

    Raises Http404 outside the scope, `ValidationError` for a bad file.
    """
    document = access.get_document(actor, document_id)
    if not access.may_write(actor, document):
        raise Http404
    name, found, stored = receive(file)
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        newest = locked.versions.first()
        if newest is not None and newest.sha256 == stored.sha256:
            return newest
        with act(
            actor, "document.version", locked, detail={"sha256": stored.sha256, "size": stored.size}
        ) as deed:
            version = _append(locked, actor, name, found, stored, note)
            deed.detail["number"] = version.number
    return version


def report_corrupt(actor: Actor, version: Version, problem: store.Corrupt) -> None:
    """Write down that a stored file no longer holds and tell the administrators (once a day for each
    file).
    """
    from django.utils import timezone

    from jinchuanggu.foundation.notices.actions import notify, people_with_role
    from jinchuanggu.foundation.organisations.roles import Role

    document = version.document
    with transaction.atomic():
        record(
            actor,
            "document.corrupt",
            document,
            detail={"version": version.number, "sha256": version.sha256, "missing": problem.missing},
        )
        notify(
            people_with_role(Role.ADMIN),
            text={
                "zh": f"文件《{document.title}》第 {version.number} 版与存入时不一致，已停止提供",
                "en": f"File “{document.title}” v{version.number} is not what was stored; no longer served",
            },
            url="/audit/?verb=document.corrupt",
            key=f"corrupt:{version.sha256[:40]}:{timezone.localdate().isoformat()}",
        )
