"""Guards of concluding an assessment."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from jinchuanggu.foundation.workflow.registry import Attempt, Refusal, guard
from jinchuanggu.programme.actions.scoring import unchanged
from jinchuanggu.programme.assessment_access import current_assessment
from jinchuanggu.programme.assessment_state import is_in, sheets_of, tally_of
from jinchuanggu.programme.conflicts import conflicts_of


def _url(attempt: Attempt) -> str:
    return reverse("assessment", args=[attempt.subject.pk])


@guard
def sheets_are_in(attempt: Attempt) -> list[Refusal] | None:
    """A full panel without conflicts, every sheet submitted and as sealed."""
    assessment = current_assessment(attempt.subject)
    if assessment is None or assessment.drawn_at is None:
        return [Refusal(_("尚未抽取评估专家"), "P3", _url(attempt))]
    sheets, found = sheets_of(assessment), []
    if len(sheets.seats) < assessment.seats:
        found.append(
            Refusal(
                _("评估专家 %(n)s 人，应为 %(seats)s 人") % {"n": len(sheets.seats), "seats": assessment.seats},
                "P3", _url(attempt),
            )
        )  # fmt: skip
    if sheets.waiting:
        found.append(
            Refusal(_("还有 %(n)s 份评分表未提交") % {"n": len(sheets.waiting)}, "P3", _url(attempt))
        )
    conflicts = conflicts_of(attempt.subject, [seat.expert for seat in sheets.seats])
    for seat in sheets.seats:
        if seat.expert_id in conflicts:
            found.append(
                Refusal(
                    _("专家 %(code)s 核出利益冲突（%(kind)s），请先办理回避替换")
                    % {"code": seat.code, "kind": conflicts[seat.expert_id][0].label},
                    "P3", _url(attempt),
                )
            )  # fmt: skip
        elif is_in(seat) and not unchanged(seat.sheet):
            found.append(
                Refusal(
                    _("专家 %(code)s 的评分表与提交时的封印不符") % {"code": seat.code}, "X2", _url(attempt)
                )
            )
    return found or None


@guard
def visits_are_done(attempt: Attempt) -> Refusal | None:
    assessment = current_assessment(attempt.subject)
    if assessment is None:
        return None  # sheets_are_in says so
    left = assessment.visits.filter(visited_on__isnull=True).count()
    if left:
        return Refusal(_("现场查看还有 %(n)s 项没有记录") % {"n": left}, "P3", _url(attempt))
    return None


@guard
def score_passes(attempt: Attempt) -> Refusal | None:
    """Judged on the exact sum, after the highest and the lowest are dropped."""
    assessment = current_assessment(attempt.subject)
    found = tally_of(assessment, sheets_of(assessment)) if assessment and assessment.drawn_at else None
    if found is None:
        return None  # sheets_are_in says so
    if not found.passed:
        return Refusal(
            _("综合得分 %(score)s，低于合格线 %(mark)s") % {"score": found.score, "mark": found.pass_mark},
            "P3", _url(attempt),
        )  # fmt: skip
    return None
