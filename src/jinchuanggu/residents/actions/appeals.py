"""Doubting a rule or a datum, and the answer of the responsible unit."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act
from jinchuanggu.foundation.notices.actions import notify
from jinchuanggu.foundation.organisations.models import Membership, Organisation
from jinchuanggu.residents.actions.profile import own_firm
from jinchuanggu.residents.models import Appeal, AppealKind

SHORTEST, LONGEST = 5, 2000


def appeals(actor: Actor) -> QuerySet[Appeal]:
    """What an actor reads: the province all, a firm its own, a unit those it must answer."""
    rows = Appeal.objects.select_related("organisation", "unit")
    if actor.province_wide:
        return rows
    return rows.filter(Q(organisation_id=actor.organisation_id) | Q(unit_id=actor.organisation_id))


def raise_appeal(
    actor: Actor,
    *,
    organisation_id: int,
    kind: str,
    subject: str,
    text: str,
    unit: Organisation,
    version: str = "",
    title: str = "",
) -> Appeal:
    """Say that a rule or a datum is wrong; the people of the responsible unit get a notice.

    The same open doubt a second time is the first one. Raises Http404, ValidationError.
    """
    firm = own_firm(actor, organisation_id)
    text = text.replace("\x00", "").strip()
    if kind not in AppealKind.values:
        raise ValidationError({"kind": _("请选择是规则有误还是数据有误")})
    if not SHORTEST <= len(text) <= LONGEST:
        raise ValidationError({"text": _("请写明哪里不对、应当如何，%(least)d 到 %(most)d 字") % {
            "least": SHORTEST, "most": LONGEST}})  # fmt: skip
    open_one = Appeal.objects.filter(
        organisation=firm, kind=kind, subject=subject, text=text, answered_at__isnull=True
    ).first()
    if open_one is not None:
        return open_one
    with act(actor, "firm.appeal") as deed:
        appeal = Appeal.objects.create(
            organisation=firm, kind=kind, subject=subject[:80], version=version[:40], text=text, unit=unit,
            raised_by=actor.label[:240],
        )  # fmt: skip
        deed.target = appeal
        hats = Membership.objects.filter(organisation=unit).in_force(timezone.localdate())
        notify(
            hats.values_list("person_id", flat=True),
            text={
                "zh": f"{firm.name}对“{title or subject}”提出异议，请答复",
                "en": f"{firm.name} doubts “{title or subject}”: please answer",
            },
            url=reverse("appeals"),
            key=f"appeal:{appeal.pk}",
        )
    return appeal


def answer_appeal(actor: Actor, *, appeal_id: int, answer: str) -> Appeal:
    """The responsible unit answers, once. Raises Http404, ValidationError."""
    answer = answer.replace("\x00", "").strip()
    if not SHORTEST <= len(answer) <= LONGEST:
        raise ValidationError({"answer": _("请写明答复，%(least)d 到 %(most)d 字") % {
            "least": SHORTEST, "most": LONGEST}})  # fmt: skip
    with transaction.atomic():
        appeal = (
            Appeal.objects.select_for_update().filter(pk=appeal_id, unit_id=actor.organisation_id).first()
        )
        if appeal is None:
            raise Http404
        if appeal.answered_at is not None:
            return appeal
        with act(actor, "firm.answer", appeal):
            appeal.answer, appeal.answered_by, appeal.answered_at = answer, actor.label[:240], timezone.now()
            appeal.save()
        hats = Membership.objects.filter(organisation_id=appeal.organisation_id).in_force(
            timezone.localdate()
        )
        notify(
            hats.values_list("person_id", flat=True),
            text={"zh": "您提出的异议已有答复", "en": "Your doubt has been answered"},
            url=reverse("appeals"),
            key=f"appeal-answer:{appeal.pk}",
        )
    return appeal
