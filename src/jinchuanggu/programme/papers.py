"""Papers of a valley: who reads and adds them, and letters made here kept as Word and PDF."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.documents import access, made
from jinchuanggu.foundation.documents.actions import Upload, add_document
from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.foundation.letters import Letter, render_docx, render_pdf
from jinchuanggu.foundation.letters.plain import dump, load
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.programme.access import get_own_valley, may_see_file
from jinchuanggu.programme.assessment_access import reads_evidence
from jinchuanggu.programme.models import ArgumentSession, Valley
from jinchuanggu.programme.plan_data import plan_data
from jinchuanggu.programme.verdicts import refresh_verdict

LETTER_WRITERS = (Role.PROVINCIAL_OFFICE, Role.PROVINCIAL_GOVERNMENT)


def may_write(actor: Actor, valley: Valley) -> bool:
    """The valley's own city, and the provincial bodies that write letters about it."""
    if actor.role in LETTER_WRITERS:
        return True
    return actor.city_wide and actor.region_id == valley.region_id


def add_paper(
    actor: Actor,
    *,
    valley_id: int,
    kind: str,
    file: Upload,
    title: str = "",
    issuing_number: str = "",
    dated: date | None = None,
) -> Document:
    """The city puts a paper into the checklist of its valley. Raises ValidationError, Http404,
    PermissionDenied.

    Minutes of an argument belong to the session that is running.
    """
    from jinchuanggu.programme.process.subject import current_session

    if not actor.city_wide:
        raise PermissionDenied
    valley = get_own_valley(actor, valley_id)
    paper = plan_data().paper(kind)
    if paper is None or paper.letter:
        raise ValidationError({"kind": _("请选择文件类别")})
    subject: models.Model = valley
    if kind == "argument_minutes":
        session = current_session(valley)
        if session is None:
            raise ValidationError({"kind": _("没有进行中的专家论证会")})
        subject = session
    issuer = Organisation.objects.filter(pk=actor.organisation_id).first()
    document = add_document(
        actor,
        subject=subject,
        kind=kind,
        title=title.strip() or f"{valley.name} {paper.title['zh']}",
        file=file,
        issuing_number=issuing_number.strip(),
        dated=dated,
        issuer=issuer,
    )
    refresh_verdict(valley)
    return document


def keep_letter(
    actor: Actor, subject: models.Model, *, kind: str, letter: Letter, public: bool = False
) -> Document:
    """Keep a letter as a document of the subject: version 1 is Word, version 2, the one offered first, is
    PDF.
    """
    return made.keep(
        actor,
        subject=subject,
        kind=kind,
        title=letter.title.replace("\n", ""),
        maker="letter",
        content=dump(letter),
        extensions=("docx", "pdf"),
        issuing_number=str(letter.number or ""),
        dated=letter.dated,
        public=public,
        issuer=Organisation.objects.filter(pk=actor.organisation_id).first(),
    )


def _make(content: Any, extension: str) -> bytes:
    letter: Letter = load(content)
    return render_docx(letter) if extension == "docx" else render_pdf(letter)


made.register("letter", _make)


def _reads(actor: Actor, valley_id: int) -> bool:
    valley = Valley.objects.filter(pk=valley_id).first()
    return valley is not None and (may_see_file(actor, valley) or reads_evidence(actor, valley))


def _writes(actor: Actor, valley_id: int) -> bool:
    valley = Valley.objects.filter(pk=valley_id).first()
    return valley is not None and may_write(actor, valley)


def _valley_of_session(session_id: int) -> int:
    return ArgumentSession.objects.filter(pk=session_id).values_list("valley_id", flat=True).first() or 0


access.register("programme.valley", _reads, _writes)
access.register(
    "programme.argumentsession",
    lambda actor, pk: _reads(actor, _valley_of_session(pk)),
    lambda actor, pk: _writes(actor, _valley_of_session(pk)),
)
