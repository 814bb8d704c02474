"""The provincial consultation (征求意见): opinions of member units, answers of the city."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import close_task
from jinchuanggu.programme.access import get_own_valley
from jinchuanggu.programme.actions.valley import city_office_only
from jinchuanggu.programme.models import Consultation, Opinion, Valley
from jinchuanggu.programme.models.plan import OpinionStand
from jinchuanggu.programme.process.plan_guards import current_consultation, member_units

__all__ = [
    "answer_opinion",
    "answering",
    "get_my_opinion",
    "give_opinion",
    "is_late",
    "member_units",
    "my_opinions",
    "rounds",
    "task_key",
]


def task_key(opinion: Opinion) -> str:
    """The key of the member unit's entry in the work queue."""
    return f"consultation-opinion-{opinion.pk}"


def is_late(opinion: Opinion) -> bool:
    """Given after the last day asked for; late ones count, and are marked."""
    return opinion.given_at is not None and timezone.localdate(opinion.given_at) > opinion.consultation.due_on


def my_opinions(actor: Actor) -> QuerySet[Opinion]:
    """What this member unit was or is asked."""
    if actor.role != Role.MEMBER_UNIT:
        return Opinion.objects.none()
    return Opinion.objects.filter(organisation_id=actor.organisation_id).select_related(
        "consultation__valley__region", "consultation__version", "organisation"
    )


def get_my_opinion(actor: Actor, pk: int) -> Opinion:
    """The unit's own opinion. Raises Http404."""
    opinion = my_opinions(actor).filter(pk=pk).first()
    if opinion is None:
        raise Http404
    return opinion


def give_opinion(actor: Actor, *, opinion_id: int, stand: str, text: str) -> Opinion:
    """The unit's stand and words; may be changed until the round closes, late ones too.

    Raises ValidationError.
    """
    opinion = get_my_opinion(actor, opinion_id)
    if opinion.consultation.closed_at:
        raise ValidationError(_("本轮征求意见已结束"))
    errors: dict[str, str] = {}
    if stand not in OpinionStand.values:
        errors["stand"] = _("请选择态度")
    if stand in (OpinionStand.SUGGEST, OpinionStand.OBJECT) and len(text.strip()) < 5:
        errors["text"] = _("请写明具体意见和依据（不少于 5 字）")
    if errors:
        raise ValidationError(errors)
    with act(actor, "consultation.opinion", opinion):
        opinion.stand, opinion.text = stand, text.strip()
        opinion.given_at, opinion.given_by = timezone.now(), actor.label[:240]
        opinion.save(update_fields=["stand", "text", "given_at", "given_by"])
        close_task(task_key(opinion))
    return opinion


def answer_opinion(
    actor: Actor, *, valley_id: int, opinion_id: int, adopted: bool | None, answer: str
) -> Opinion:
    """The city says whether it takes an opinion up, and how.

    Raises ValidationError, Http404, PermissionDenied.
    """
    city_office_only(actor)
    valley = get_own_valley(actor, valley_id)
    round_ = current_consultation(valley.pk)
    opinion = round_.opinions.filter(pk=opinion_id, given_at__isnull=False).first() if round_ else None
    if round_ is None or opinion is None:
        raise Http404
    if not answering(valley):
        raise ValidationError(_("现在不是答复意见的阶段"))
    errors: dict[str, str] = {}
    if adopted is None:
        errors["adopted"] = _("请选择是否采纳")
    if len(answer.strip()) < 5:
        errors["answer"] = _("请写明采纳情况或不采纳的理由（不少于 5 字）")
    if errors:
        raise ValidationError(errors)
    with act(actor, "consultation.answer", opinion):
        opinion.adopted, opinion.answer, opinion.answered_at = adopted, answer.strip(), timezone.now()
        opinion.save(update_fields=["adopted", "answer", "answered_at"])
    return opinion


def answering(valley: Valley) -> bool:
    """Whether the city may answer now: the process has the move `answer` from where the valley stands."""
    from jinchuanggu.foundation.workflow.engine import process_of
    from jinchuanggu.programme.cases import find_case

    case = find_case(valley)
    return case is not None and process_of(case).move(case.state, "answer", case.variant) is not None


def rounds(actor: Actor, valley: Valley) -> QuerySet[Consultation]:
    """The rounds of a valley whose file the actor may see.

    A member unit reads the others' words only after the end.
    """
    if actor.role == Role.MEMBER_UNIT:
        raise PermissionDenied
    return (
        Consultation.objects.filter(valley=valley)
        .select_related("version")
        .prefetch_related("opinions__organisation")
    )
