"""The public notice and the objections to it: anybody may object within the period, everybody gets a receipt."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act, record
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import registry
from jinchuanggu.foundation.workflow.engine import Refused, close_task, open_task
from jinchuanggu.foundation.workflow.registry import Refusal
from jinchuanggu.programme.assessment_access import get_objection
from jinchuanggu.programme.cases import PROCESS, case_of, due_in
from jinchuanggu.programme.models import Objection, PublicNotice, Valley
from jinchuanggu.programme.schemes.loading import read


class TooMany(ValidationError):
    """More objections than one address or one notice may get in a while."""


def current_notice(valley: Valley) -> PublicNotice | None:
    """The notice that runs or ran last and was not withdrawn."""
    return PublicNotice.objects.filter(valley=valley, withdrawn_at__isnull=True).order_by("-pk").first()


def open_for(actor: Actor, valley: Valley) -> PublicNotice:
    """A notice from tomorrow for the working days of the process file; after a dismissed objection the same goes on.

    The period is counted like the deadline of the state, so both end on one day. Inside the move's transaction.
    """
    today = timezone.localdate()
    ends_on = due_in(case_of(valley), "noticing", today)
    notice = current_notice(valley)
    if notice is not None and valley.objections.filter(notice=notice).exists():
        notice.ends_on = max(notice.ends_on, ends_on)
        notice.save(update_fields=["ends_on"])
        record(actor, "notice.continue", notice, detail={"ends_on": notice.ends_on})
        return notice
    notice = PublicNotice.objects.create(
        valley=valley,
        title=f"关于拟认定{valley.name}创新驱动平台的公示",
        text=_text(valley),
        starts_on=today,
        ends_on=ends_on,
    )
    record(actor, "notice.open", notice, detail={"starts_on": notice.starts_on, "ends_on": notice.ends_on})
    return notice


def raise_objection(
    actor: Actor, *, notice_pk: int, raised_by: str, contact: str, text: str, token: str = ""
) -> Objection:
    """Anybody objects to a running notice, with a name and a way to answer (no sign-in).

    `token` is made when the form is shown: the same form sent twice returns the first objection. Raises
    ValidationError with every field that is wrong, `TooMany` past the limits of `schemes/plaque.v1.yaml`.
    """
    notice = get_public_notice(notice_pk)
    known = cache.get(f"objection:{token}") if token else None
    if found := Objection.objects.filter(pk=known, notice=notice).first():
        return found
    raised_by, contact, text = raised_by.strip(), contact.strip(), text.strip()
    _check(raised_by, contact, text)
    if not is_running(notice):
        raise ValidationError(_("公示期已结束或公示已终止，不能再提出异议"))
    _hold_back(actor.address, notice)
    with transaction.atomic():
        objection = Objection.objects.create(
            valley=notice.valley, notice=notice, raised_by=raised_by, contact=contact, text=text,
            raised_at=timezone.now(), receipt=_receipt(),
        )  # fmt: skip
        # who objects, and from where, is not for the assessed city to read in its history; the digest seals the words
        digest = hashlib.sha256("\n".join((raised_by, contact, text)).encode()).hexdigest()
        record(
            actor, "objection.raise", objection, detail={"digest": digest, "notice": notice.pk}, private=True
        )
        _tell_office(objection)
    if token:
        cache.set(f"objection:{token}", objection.pk, 3600)
    return objection


def answer(actor: Actor, *, pk: int, upheld: bool, answer: str) -> Objection:
    """Answer one objection; whoever raised it reads the answer by the receipt. An answer given stands."""
    objection = get_objection(actor, pk)
    if not answer.strip():
        raise ValidationError({"answer": _("请写明调查情况和处理意见")})
    if objection.valley.state != "objecting":
        raise ValidationError(_("请先将公示转入异议处理，再答复异议"))
    with act(actor, "objection.answer", objection) as deed:
        locked = Objection.objects.select_for_update().get(pk=objection.pk)
        if locked.answered_at is not None:
            raise ValidationError(_("该异议已答复"), code="stale")
        _answer(actor, locked, upheld, answer.strip())
        deed.target.refresh_from_db()  # type: ignore[union-attr]
    return objection


def answer_rest(actor: Actor, valley: Valley, *, upheld: bool, reason: str) -> None:
    """Answer what is still open with the reason of the move; refuse a move that contradicts an answer given."""
    notice = current_notice(valley)
    rows = Objection.objects.select_for_update().filter(valley=valley, notice=notice)
    given = {row.upheld for row in rows if row.answered_at is not None}
    if not upheld and True in given:
        raise Refused([Refusal(_("已有异议认定为成立，不能按“异议不成立”继续公示"))])
    waiting = [row for row in rows if row.answered_at is None]
    if upheld and True not in given and not waiting:
        raise Refused([Refusal(_("所有异议均已认定为不成立，不能终止公示"))])
    for row in waiting:
        _answer(actor, row, upheld, reason.strip())
        record(actor, "objection.answer", row, detail={"upheld": upheld}, reason=reason)


def withdraw(actor: Actor, valley: Valley) -> None:
    """End the notice before its time; inside the move's transaction."""
    notice = current_notice(valley)
    if notice is None:
        return
    notice.withdrawn_at = timezone.now()
    notice.save(update_fields=["withdrawn_at"])
    record(actor, "notice.withdraw", notice)


def get_public_notice(pk: int) -> PublicNotice:
    """Any notice that was ever published, withdrawn ones too: they say so. Raises Http404."""
    notice = PublicNotice.objects.select_related("valley__region").filter(pk=pk).first()
    if notice is None:
        raise Http404
    return notice


def is_running(notice: PublicNotice) -> bool:
    """Whether objections are taken today: both days included, not withdrawn."""
    today = timezone.localdate()
    return notice.withdrawn_at is None and notice.starts_on <= today <= notice.ends_on


def _check(raised_by: str, contact: str, text: str) -> None:
    problems: dict[str, str] = {}
    if len(raised_by) < 2:
        problems["raised_by"] = _("请填写真实姓名或单位名称")
    if len(contact) < 5:
        problems["contact"] = _("请填写电话、邮箱或通信地址，以便答复")
    if len(text) < 10:
        problems["text"] = _("请写明异议的具体内容和依据（不少于 10 个字）")
    for name, value, most in (("raised_by", raised_by, 80), ("contact", contact, 120), ("text", text, 5000)):
        if len(value) > most:
            problems[name] = _("不超过 %(most)s 个字") % {"most": most}
    if problems:
        raise ValidationError(problems)


def _hold_back(address: str, notice: PublicNotice) -> None:
    limits = read("plaque.v1")["objections"]
    key = f"objections:{address}"
    cache.add(key, 0, 3600)
    try:
        sent = cache.incr(key)
    except ValueError:  # it expired in between
        cache.set(key, 1, 3600)
        sent = 1
    day_ago = timezone.now() - timedelta(days=1)
    today = Objection.objects.filter(notice=notice, raised_at__gte=day_ago).count()
    if sent > limits["per_address_per_hour"] or today >= limits["per_notice_per_day"]:
        raise TooMany(_("提交过于频繁，请一小时后再试；已提交的异议可凭回执号查询"))


def _receipt() -> str:
    """YY-1126-XXXXXXXX: the month it came and eight signs without look-alikes."""
    signs = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    while True:
        receipt = f"YY-{timezone.localdate():%m%y}-{''.join(secrets.choice(signs) for _ in range(8))}"
        if not Objection.objects.filter(receipt=receipt).exists():
            return receipt


def _tell_office(objection: Objection) -> None:
    valley = objection.valley
    for organisation_id in registry.holders[PROCESS](valley, Role.PROVINCIAL_OFFICE)[:1]:
        open_task(
            kind="objection", key=f"objection:{objection.pk}", role=Role.PROVINCIAL_OFFICE,
            organisation_id=organisation_id, url=reverse("approval", args=[valley.pk]),
            title={"zh": f"处理异议 {objection.receipt}：{valley}", "en": f"Answer objection {objection.receipt}: {valley}"},
            due_on=objection.notice.ends_on, origin=valley.origin,
        )  # fmt: skip


def _answer(actor: Actor, row: Objection, upheld: bool, answer: str) -> None:
    row.upheld, row.answer, row.answered_at, row.answered_by = (
        upheld,
        answer,
        timezone.now(),
        actor.label[:240],
    )
    row.save()
    close_task(f"objection:{row.pk}")


def _text(valley: Valley) -> str:
    parts = [
        f"根据《晋创谷创新驱动平台建设工作方案》（晋政办发〔2024〕40号），{valley.region}提出认定申请，"
        f"经省级工作专班办公室组织评估合格并报省政府同意，拟认定{valley.name}为晋创谷创新驱动平台，现予公示。",
    ]
    if valley.key_fields:
        parts.append(f"重点领域：{'、'.join(valley.key_fields)}。")
    if valley.operator_id:
        parts.append(f"运营机构：{valley.operator}。")
    return "\n".join(parts)


def by_receipt(receipt: str) -> Objection | None:
    """An objection by its receipt number, forgiving case and surrounding space."""
    with transaction.atomic():
        return (
            Objection.objects.filter(Q(receipt=receipt.strip().upper()))
            .select_related("notice", "valley")
            .first()
        )
