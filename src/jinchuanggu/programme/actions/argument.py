"""The expert argument (专家咨询论证): plan a session, opinions of the experts, minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import close_task
from jinchuanggu.programme.access import get_own_valley
from jinchuanggu.programme.actions.valley import city_office_only, plan_is_writable
from jinchuanggu.programme.conflicts import Found, conflicts_of
from jinchuanggu.programme.models import ArgumentSession, Expert, ExpertOpinion, Valley
from jinchuanggu.programme.models.plan import Conclusion
from jinchuanggu.programme.plan_data import plan_data
from jinchuanggu.programme.process.subject import current_session


def task_key(opinion: ExpertOpinion) -> str:
    """The key of the expert's entry in the work queue."""
    return f"argument-opinion-{opinion.pk}"


def bank(valley: Valley) -> list[tuple[Expert, list[Found]]]:
    """Experts of the bank for this valley, each with the conflicts that exclude them; the free ones first."""
    experts = list(
        Expert.objects.filter(active=True, person__origin=valley.origin)
        .select_related("person__employer__parent")
        .order_by("category", "person__name")
    )
    against = conflicts_of(valley, experts)
    return sorted(
        ((expert, against.get(expert.pk, [])) for expert in experts), key=lambda pair: bool(pair[1])
    )


def plan_session(
    actor: Actor, *, valley_id: int, held_on: date | None, place: str, experts: Sequence[int]
) -> ArgumentSession:
    """Set day, place and experts of the coming session; may be changed until the plan is submitted to it.

    Raises ValidationError by field: an expert with a conflict is refused by name and reason.
    """
    city_office_only(actor)
    valley = get_own_valley(actor, valley_id)
    session = current_session(valley)
    if not plan_is_writable(valley) or (session and session.version_id):
        raise ValidationError(_("方案已提交论证，不能再改论证安排"))
    errors: dict[str, str] = {}
    if held_on is None or held_on < timezone.localdate():
        errors["held_on"] = _("请填写今天或以后的日期")
    if not place.strip():
        errors["place"] = _("请填写地点")
    chosen = _free_experts(valley, experts, errors)
    if errors:
        raise ValidationError(errors)
    with act(actor, "argument.plan", session) as deed:
        if session is None:
            session = ArgumentSession(valley=valley)
        assert held_on is not None
        session.held_on, session.place = held_on, place.strip()
        session.save()
        session.opinions.exclude(expert__in=chosen).delete()
        known = set(session.opinions.values_list("expert_id", flat=True))
        ExpertOpinion.objects.bulk_create(
            ExpertOpinion(session=session, expert=expert) for expert in chosen if expert.pk not in known
        )
        deed.target = session
        deed.detail["experts"] = [str(expert) for expert in chosen]
    return session


def _free_experts(valley: Valley, ids: Sequence[int], errors: dict[str, str]) -> list[Expert]:
    wanted, data = {int(pk) for pk in ids}, plan_data()
    chosen, refused = [], []
    for expert, conflicts in bank(valley):
        if expert.pk not in wanted:
            continue
        chosen.append(expert)
        refused += [f"{expert}：{found.label}（{found.with_whom}）" for found in conflicts[:1]]
    if refused:
        errors["experts"] = _("下列专家应当回避：%(names)s") % {"names": _("；").join(refused)}
    elif len(chosen) != len(wanted):
        errors["experts"] = _("所选专家不在专家库内")
    elif not data.experts_min <= len(chosen) <= data.experts_max:
        errors["experts"] = _("请选 %(least)s 至 %(most)s 位专家，现选 %(n)s 位") % {
            "least": data.experts_min, "most": data.experts_max, "n": len(chosen),
        }  # fmt: skip
    return chosen


def my_opinions(actor: Actor) -> QuerySet[ExpertOpinion]:
    """What this expert was asked for: sessions whose plan has been submitted."""
    if actor.role != Role.EXPERT or actor.person_id is None:
        return ExpertOpinion.objects.none()
    return ExpertOpinion.objects.filter(
        expert__person_id=actor.person_id, session__version__isnull=False
    ).select_related("session__valley__region", "session__version", "expert__person")


def get_my_opinion(actor: Actor, pk: int) -> ExpertOpinion:
    """One's own opinion, through one's own assignments. Raises Http404."""
    opinion = my_opinions(actor).filter(pk=pk).first()
    if opinion is None:
        raise Http404
    return opinion


def give_expert_opinion(actor: Actor, *, opinion_id: int, verdict: str, text: str) -> ExpertOpinion:
    """The expert's verdict and words; may be changed until the session is concluded.

    Raises ValidationError, Http404.
    """
    opinion = get_my_opinion(actor, opinion_id)
    errors: dict[str, str] = {}
    if opinion.session.concluded_at:
        raise ValidationError(_("论证已形成结论，不能再改意见"))
    if verdict not in Conclusion.values:
        errors["verdict"] = _("请选择意见")
    if len(text.strip()) < 5:
        errors["text"] = _("请写明理由（不少于 5 字）")
    if errors:
        raise ValidationError(errors)
    with act(actor, "argument.opinion", opinion):
        opinion.verdict, opinion.text, opinion.given_at = verdict, text.strip(), timezone.now()
        opinion.save(update_fields=["verdict", "text", "given_at"])
        close_task(task_key(opinion))
    return opinion


def release_expert(actor: Actor, *, valley_id: int, opinion_id: int, reason: str) -> None:
    """Let an expert go who cannot give an opinion; those left must still be enough.

    Raises ValidationError, Http404.
    """
    city_office_only(actor)
    valley = get_own_valley(actor, valley_id)
    session = current_session(valley)
    opinion = session.opinions.filter(pk=opinion_id).first() if session else None
    if session is None or opinion is None:
        raise Http404
    if opinion.given_at:
        raise ValidationError(_("该专家已提交意见，不能移出"))
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因")})
    if session.version_id and session.opinions.count() <= plan_data().experts_min:
        raise ValidationError(_("移出后不足 %(n)s 位专家") % {"n": plan_data().experts_min})
    with act(actor, "argument.release", session, reason=reason, detail={"expert": str(opinion.expert)}):
        close_task(task_key(opinion), "released")
        opinion.delete()


def write_minutes(actor: Actor, *, valley_id: int, minutes: str) -> ArgumentSession:
    """Write the minutes of the running session; the system keeps them as 专家论证意见.

    Raises ValidationError, Http404.
    """
    from jinchuanggu.programme.plan_letters import keep_minutes

    city_office_only(actor)
    valley = get_own_valley(actor, valley_id)
    session = current_session(valley)
    if session is None or session.version_id is None:
        raise ValidationError(_("没有进行中的专家论证会"))
    if len(minutes.strip()) < 20:
        raise ValidationError({"minutes": _("纪要不少于 20 字")})
    with act(actor, "argument.minutes", session):
        session.minutes = minutes.strip()
        session.save(update_fields=["minutes"])
        keep_minutes(actor, session)
    return session
