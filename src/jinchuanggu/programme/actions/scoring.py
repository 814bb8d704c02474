"""An expert's own sheet: declare, save drafts, submit once. Others' sheets are out of reach by construction.

No score and no reason goes into the audit before its time: the history holds that a sheet was saved, and for a
submitted one the SHA-256 of its content, against which the conclusion checks it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act, record
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.workflow.engine import close_task, say
from jinchuanggu.programme.actions import draw
from jinchuanggu.programme.assessment_access import get_own_seat
from jinchuanggu.programme.conflicts import conflicts_of
from jinchuanggu.programme.models import Assessor, Conflict, ScoreLine, ScoreSheet
from jinchuanggu.programme.schemes.loading import Scheme, scheme

TENTH = Decimal("0.1")


@dataclass
class Saved:
    """The sheet after saving, and what could not be kept: `{field: why}`; everything else was kept."""

    sheet: ScoreSheet
    problems: dict[str, str] = field(default_factory=dict)


def declare(actor: Actor, *, pk: int, free_of_conflict: bool, note: str = "") -> Assessor:
    """The expert says that no conflict exists, or which one does; the latter frees the seat for the next in order."""
    seat = get_own_seat(actor, pk)
    _must_be_scoring(seat)
    if not free_of_conflict and not note.strip():
        raise ValidationError({"note": _("请说明与哪个单位有何种关系")})
    verb = "seat.declare_free" if free_of_conflict else "seat.declare_conflict"
    with act(actor, verb, seat) as deed:
        if free_of_conflict:
            if seat.declared_at is None:
                seat.declared_at = timezone.now()
                seat.save(update_fields=["declared_at"])
                ScoreSheet.objects.get_or_create(assessor=seat)
        else:
            Conflict.objects.create(
                expert=seat.expert, valley=seat.assessment.valley, note=note.strip()[:200],
                declared_on=timezone.localdate(),
            )  # fmt: skip
            draw.recuse(seat, _("本人申报利益冲突"), deed.detail)
    return seat


def save_draft(
    actor: Actor,
    *,
    pk: int,
    scores: Mapping[str, str],
    reasons: Mapping[str, str],
    comment: str = "",
    revision: int,
) -> Saved:
    """Keep what was typed so far. `revision` is what the page showed: a page that is behind raises, keeping both.

    `scores` are texts as typed; one that isn't a number within its criterion is reported and not kept.
    """
    seat = _writable_seat(actor, pk)
    chosen = scheme(seat.assessment.scheme)
    with transaction.atomic():
        sheet = _locked(seat)
        if sheet.revision != revision:
            raise ValidationError(_("评分表已在别处保存，请核对后重新填写"), code="stale")
        saved = Saved(sheet)
        _write_lines(saved, chosen, scores, reasons)
        sheet.comment, sheet.revision = comment.strip(), sheet.revision + 1
        sheet.save()
        record(actor, "sheet.save", sheet, detail={"revision": sheet.revision})
    return saved


def submit(actor: Actor, *, pk: int, revision: int) -> ScoreSheet:
    """Close the own sheet: every criterion scored with a reason, an overall comment. Sent twice it stays submitted.

    Raises ValidationError with every field that is missing.
    """
    seat = get_own_seat(actor, pk)
    if hasattr(seat, "sheet") and seat.sheet.submitted_at:
        return seat.sheet
    seat = _writable_seat(actor, pk)
    chosen = scheme(seat.assessment.scheme)
    with transaction.atomic():
        sheet = _locked(seat)
        if sheet.revision != revision:
            raise ValidationError(_("评分表已在别处保存，请核对后重新提交"), code="stale")
        if problems := missing(sheet, chosen):
            raise ValidationError(problems)
        sheet.submitted_at = timezone.now()
        sheet.save(update_fields=["submitted_at"])
        record(actor, "sheet.submit", sheet, detail={"digest": digest_of(sheet)})
        close_task(f"score:{seat.pk}")
    return sheet


def missing(sheet: ScoreSheet, chosen: Scheme) -> dict[str, str]:
    """`{field: what is missing}` before a sheet can be submitted."""
    lines = {line.criterion: line for line in sheet.lines.all()}
    problems: dict[str, str] = {}
    for criterion in chosen.criteria:
        line = lines.get(criterion.id)
        title = say(criterion.title)
        if line is None or line.score is None:
            problems[f"score-{criterion.id}"] = _("“%(title)s”未打分") % {"title": title}
        if line is None or not line.reason.strip():
            problems[f"reason-{criterion.id}"] = _("“%(title)s”未写评分理由") % {"title": title}
    if not sheet.comment.strip():
        problems["comment"] = _("未写总体意见")
    return problems


def digest_of(sheet: ScoreSheet) -> str:
    """SHA-256 over the canonical content of a sheet."""
    lines = [[line.criterion, str(line.score), line.reason] for line in sheet.lines.order_by("criterion")]
    content = json.dumps([sheet.pk, sheet.comment, lines], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def unchanged(sheet: ScoreSheet) -> bool:
    """Whether a submitted sheet still has the content that was sealed when it was submitted."""
    event = AuditEvent.objects.filter(
        verb="sheet.submit", target_type="programme.scoresheet", target_id=str(sheet.pk)
    ).first()
    return event is not None and event.detail.get("digest") == digest_of(sheet)


def read_score(text: str, most: Decimal) -> Decimal:
    """A score as typed, 0 to `most` with at most one decimal. Raises ValueError saying what would be right."""
    rule = _("请填 0 至 %(most)s 的分数，最多一位小数") % {"most": most}
    try:
        score = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(rule) from None
    if not score.is_finite() or not 0 <= score <= most or score != score.quantize(TENTH):
        raise ValueError(rule)
    return score.quantize(TENTH)


def _write_lines(saved: Saved, chosen: Scheme, scores: Mapping[str, str], reasons: Mapping[str, str]) -> None:
    lines = {line.criterion: line for line in saved.sheet.lines.all()}
    for criterion in chosen.criteria:
        line = lines.get(criterion.id) or ScoreLine(sheet=saved.sheet, criterion=criterion.id)
        text = scores.get(criterion.id, "").strip()
        try:
            line.score = read_score(text, criterion.max) if text else None
        except ValueError as problem:
            saved.problems[f"score-{criterion.id}"] = str(problem)
        line.reason = reasons.get(criterion.id, "").strip()
        line.save()


def _writable_seat(actor: Actor, pk: int) -> Assessor:
    seat = get_own_seat(actor, pk)
    _must_be_scoring(seat)
    if seat.declared_at is None:
        raise ValidationError(_("请先声明有无利益冲突"))
    if conflicts_of(seat.assessment.valley, [seat.expert]):
        raise ValidationError(_("核出利益冲突，不能评分；请联系省级专班办公室办理回避"))
    if hasattr(seat, "sheet") and seat.sheet.submitted_at:
        raise ValidationError(_("评分表已提交，不能再改"))
    return seat


def _must_be_scoring(seat: Assessor) -> None:
    if seat.assessment.conclusion or seat.assessment.valley.state != "assessing":
        raise ValidationError(_("评估已结束，评分表不能再改"))


def _locked(seat: Assessor) -> ScoreSheet:
    sheet = ScoreSheet.objects.select_for_update().get(assessor=seat)
    if sheet.submitted_at:
        raise ValidationError(_("评分表已提交，不能再改"))
    return sheet
