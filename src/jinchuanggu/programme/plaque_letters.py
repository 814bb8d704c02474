"""The public notice and the plaque decision as letters."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.letters import IssuingNumber, Letter
from jinchuanggu.foundation.letters.programme import plaque_decision, public_notice
from jinchuanggu.programme.assessment_letters import CHINESE, envelope
from jinchuanggu.programme.models import Plaque, PublicNotice
from jinchuanggu.programme.papers import keep_letter


def notice_letter(notice: PublicNotice) -> Letter:
    address = settings.PUBLIC_ADDRESS.rstrip("/")
    return public_notice(
        envelope(notice.valley),
        kind="公示",
        subject=f"拟认定{notice.valley.name}创新驱动平台",
        statements=tuple(line for line in notice.text.splitlines() if line.strip()),
        starts=notice.starts_on,
        ends=notice.ends_on,
        objections_to=f"公开网站公示栏{address}{reverse('public_notice', args=[notice.pk])}，填写后即得回执号",
    )


def write_notice(actor: Actor, notice: PublicNotice) -> None:
    with translation.override(CHINESE):
        keep_letter(actor, notice.valley, kind="public_notice", letter=notice_letter(notice), public=True)


def write_decision(actor: Actor, plaque: Plaque) -> None:
    """The decision goes out with its issuing number when the office gave one."""
    with translation.override(CHINESE):
        keep_letter(actor, plaque.valley, kind="plaque_decision", letter=decision_letter(plaque), public=True)


def decision_letter(plaque: Plaque) -> Letter:
    valley = plaque.valley
    number = IssuingNumber.parse(plaque.decision_number) if plaque.decision_number else None
    return plaque_decision(
        envelope(valley, number=number, public=True),
        valley=valley.name,
        kind=valley.get_kind_display(),
        city=str(valley.region),
        plaque_number=plaque.number,
        operator=str(valley.operator or ""),
    )
