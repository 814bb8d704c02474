"""The verifiable draw: commit first, draw later, replace by the next in order. docs/draw.md lets anyone redo it."""

from __future__ import annotations

import secrets

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act
from jinchuanggu.foundation.audit.models import ChainHead
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import close_task, open_task
from jinchuanggu.programme import lottery
from jinchuanggu.programme.assessment_access import get_office_assessment
from jinchuanggu.programme.conflicts import conflicts_of
from jinchuanggu.programme.models import Assessment, Assessor, DrawSecret, Expert, PoolEntry
from jinchuanggu.programme.models.valley import ExpertCategory
from jinchuanggu.programme.pool import select
from jinchuanggu.programme.schemes.loading import scheme


def commit(actor: Actor, *, pk: int, public_fact: str = "") -> Assessment:
    """Fix and publish the pool and the SHA-256 of a secret nobody has seen. Once per assessment.

    `public_fact` names something outside this system, not yet known (say tomorrow's lottery number), that will enter
    the seed; without one the head of the audit chain at the draw alone does. Raises ValidationError.
    """
    assessment = get_office_assessment(actor, pk)
    with act(actor, "draw.commit", assessment) as deed:
        assessment = _locked(assessment)
        if assessment.commitment:
            raise ValidationError(_("种子已承诺，不能重新承诺"))
        _must_be_assessing(assessment)
        chosen = scheme(assessment.scheme)
        selection = select(assessment.valley, chosen)
        codes = _codes(len(selection.free))
        entries = [
            PoolEntry(assessment=assessment, expert=expert, code=code)
            for expert, code in zip(selection.free, codes, strict=True)
        ]
        pool = [lottery.Entry(entry.code, entry.expert.category) for entry in entries]
        if short := lottery.short_of(pool, chosen.panel):
            raise ValidationError([_shortage(category, *numbers) for category, numbers in short.items()])
        PoolEntry.objects.bulk_create(entries)
        secret = secrets.token_hex(32)
        DrawSecret.objects.create(assessment=assessment, secret=secret)
        assessment.commitment = lottery.commitment_of(secret)
        assessment.committed_at = timezone.now()
        assessment.public_fact = public_fact.strip()
        assessment.pool = [
            {"code": entry.code, "category": entry.category}
            for entry in sorted(pool, key=lambda entry: entry.code)
        ]
        assessment.save()
        deed.detail.update(
            {"pool": len(pool), "excluded": len(selection.excluded), "widened": selection.widened}
        )
        deed.target.refresh_from_db()  # type: ignore[union-attr]
    return assessment


def draw(actor: Actor, *, pk: int, public_value: str = "") -> Assessment:
    """Reveal the secret, take the chain head, seat the panel. Conflicts are recomputed first. Once per assessment."""
    assessment = get_office_assessment(actor, pk)
    with act(actor, "draw.make", assessment) as deed:
        assessment = _locked(assessment)
        _must_be_assessing(assessment)
        if not assessment.commitment:
            raise ValidationError(_("请先公布种子承诺和抽取名单，再抽取"))
        if assessment.drawn_at is not None:
            raise ValidationError(_("已经抽取过，不能重抽；需要替换时请登记回避或请假"))
        if assessment.public_fact and not public_value.strip():
            raise ValidationError({"public_value": _("请填写约定的公开事实：%s") % assessment.public_fact})
        secret = DrawSecret.objects.get(assessment=assessment).secret
        if lottery.commitment_of(secret) != assessment.commitment:
            raise ValidationError(_("种子与承诺不符，记录可能被改动；请运行 jcg audit verify"))
        head = ChainHead.objects.select_for_update().first()
        public_value = public_value.strip() if assessment.public_fact else ""
        seed = lottery.seed_of(secret, head.digest if head else "0" * 64, public_value)
        entries = {entry.code: entry for entry in _entries(assessment)}
        kinds = _skipped(assessment, list(entries.values()))
        order = lottery.order_of(published_pool(assessment), seed)
        panel = scheme(assessment.scheme).panel
        seated = lottery.seat(order, panel, kinds)
        assessment.seed, assessment.public_value = seed, public_value
        assessment.skipped = [
            {"code": code, "kind": kind, "when": "draw"} for code, kind in sorted(kinds.items())
        ]
        assessment.drawn_at = timezone.now()
        if len(seated) < sum(panel.values()):
            raise ValidationError(_("名单中有专家新出现利益冲突，剩余专家不足，请补充专家库后重新受理"))
        assessment.save()
        for place, entry in enumerate(seated, start=1):
            _seat(assessment, entries[entry.code].expert, entry.code, place)
        deed.detail["seats"] = [entry.code for entry in seated]
        deed.target.refresh_from_db()  # type: ignore[union-attr]
    return assessment


def excuse(actor: Actor, *, pk: int, reason: str) -> Assessor | None:
    """Excuse a seated expert who has not submitted; the next of the same category in the published order follows.

    Returns the replacement, None when the order has nobody left (the screen then says the panel is short).
    """
    seat = Assessor.objects.select_related("assessment__valley", "expert").filter(pk=pk).first()
    assessment = get_office_assessment(actor, seat.assessment_id if seat else 0)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明回避或请假原因")})
    with act(actor, "draw.excuse", seat, reason=reason.strip()) as deed:
        assessment = _locked(assessment)
        assert seat is not None
        seat.refresh_from_db()
        _must_be_assessing(assessment)
        if seat.excused_at is not None:
            raise ValidationError(_("该专家已经回避"))
        if (
            hasattr(seat, "sheet")
            and seat.sheet.submitted_at
            and not conflicts_of(assessment.valley, [seat.expert])
        ):
            raise ValidationError(_("该专家已提交评分，且未发现利益冲突，不能再替换"))
        return _replace(assessment, seat, reason.strip(), deed.detail)


def recuse(seat: Assessor, note: str, detail: dict[str, object]) -> Assessor | None:
    """The same from the expert's own declaration; inside the caller's transaction."""
    return _replace(_locked(seat.assessment), seat, note, detail)


def published_pool(assessment: Assessment) -> list[lottery.Entry]:
    return [lottery.Entry(item["code"], item["category"]) for item in assessment.pool]


def _replace(
    assessment: Assessment, seat: Assessor, reason: str, detail: dict[str, object]
) -> Assessor | None:
    seat.excused_at, seat.excused_reason = timezone.now(), reason[:200]
    seat.save(update_fields=["excused_at", "excused_reason"])
    close_task(f"score:{seat.pk}", "excused")
    entries = {entry.code: entry for entry in _entries(assessment)}
    kinds = _skipped(assessment, list(entries.values()))
    used = set(assessment.assessors.values_list("code", flat=True))
    order = lottery.order_of(published_pool(assessment), assessment.seed)
    passed_over = {*kinds, *(item["code"] for item in assessment.skipped)}
    following = lottery.next_after(order, seat.expert.category, used, passed_over)
    # what was passed over at the draw stays on record; whoever is passed over now and never sat is added
    known = {item["code"] for item in assessment.skipped}
    fresh = [
        {"code": c, "kind": kind, "when": "later"}
        for c, kind in sorted(kinds.items())
        if c not in used | known
    ]
    if fresh:
        assessment.skipped = [*assessment.skipped, *fresh]
        assessment.save(update_fields=["skipped"])
    detail["replaced_by"] = following.code if following else None
    if following is None:
        return None
    return _seat(assessment, entries[following.code].expert, following.code, len(used) + 1)


def _seat(assessment: Assessment, expert: Expert, code: str, place: int) -> Assessor:
    seat = Assessor.objects.create(assessment=assessment, expert=expert, code=code, order=place)
    open_task(
        kind="score_sheet", key=f"score:{seat.pk}", role=Role.EXPERT, person_id=expert.person_id,
        url=reverse("score_sheet", args=[seat.pk]), due_on=assessment.sheets_due_on,
        title={"zh": f"评估评分：{assessment.valley}", "en": f"Score: {assessment.valley}"},
        origin=assessment.valley.origin,
    )  # fmt: skip
    return seat


def _skipped(assessment: Assessment, entries: list[PoolEntry]) -> dict[str, str]:
    """`{code: kind}` of pool members in conflict now: they are passed over, whatever the order says."""
    conflicts = conflicts_of(assessment.valley, [entry.expert for entry in entries])
    gone = {entry.code: "inactive" for entry in entries if not entry.expert.active}
    return gone | {
        entry.code: conflicts[entry.expert_id][0].kind for entry in entries if entry.expert_id in conflicts
    }


def _entries(assessment: Assessment) -> list[PoolEntry]:
    return list(
        PoolEntry.objects.filter(assessment=assessment).select_related("expert__person__employer__parent")
    )


def _codes(count: int) -> list[str]:
    """Distinct random codes that say nothing about whom they stand for."""
    found: set[str] = set()
    while len(found) < count:
        found.add(f"E-{secrets.token_hex(4).upper()}")
    return list(found)


def _locked(assessment: Assessment) -> Assessment:
    return Assessment.objects.select_for_update().select_related("valley").get(pk=assessment.pk)


def _must_be_assessing(assessment: Assessment) -> None:
    if assessment.conclusion or assessment.valley.state != "assessing":
        raise ValidationError(_("当前不在评估阶段"))


def _shortage(category: str, there: int, needed: int) -> str:
    return _("%(category)s类可抽专家 %(there)s 人，需要 %(needed)s 人：请补充专家库") % {
        "category": ExpertCategory(category).label, "there": there, "needed": needed,
    }  # fmt: skip
