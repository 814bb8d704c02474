"""Guards of yearly monitoring."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jinchuanggu.foundation.workflow.engine import say
from jinchuanggu.foundation.workflow.registry import Attempt, Refusal, guard
from jinchuanggu.programme.cases import find_case
from jinchuanggu.programme.models import AnnualReport, ReportScore
from jinchuanggu.programme.monitoring.scheme import scheme_of
from jinchuanggu.programme.monitoring.settings import settings


def _texts(report: AnnualReport) -> dict[str, str]:
    return {key: str(text) for key, text in report.sections.items()}


@guard
def report_sections_are_written(attempt: Attempt) -> list[Refusal] | None:
    """Every chapter has at least the length the settings ask for."""
    texts = _texts(attempt.subject)
    return [
        Refusal(_("“%(title)s”至少写 %(n)d 字") % {"title": say(section.title), "n": section.minimum},
                url=f"{attempt.subject.get_absolute_url()}#s-{section.key}")
        for section in settings().sections
        if len(texts.get(section.key, "").strip()) < section.minimum
    ] or None  # fmt: skip


@guard
def report_sections_are_confirmed(attempt: Attempt) -> list[Refusal] | None:
    """No chapter stands as the system drafted it: a person wrote or confirmed each."""
    report: AnnualReport = attempt.subject
    return [
        Refusal(_("“%(title)s”还是系统草稿，请核对后保存") % {"title": say(section.title)},
                url=f"{report.get_absolute_url()}#s-{section.key}")
        for section in settings().sections
        if section.key not in report.edited
    ] or None  # fmt: skip


@guard
def judged_criteria_are_scored(attempt: Attempt) -> list[Refusal] | None:
    report: AnnualReport = attempt.subject
    scored = dict(ReportScore.objects.filter(report=report).values_list("criterion", "points"))
    return [
        Refusal(_("“%(title)s”尚未打分") % {"title": say(one.title)})
        for one in scheme_of(report.cycle).criteria
        if one.judged and scored.get(one.id) is None
    ] or None


@guard
def result_is_worked_out(attempt: Attempt) -> Refusal | None:
    """Publishing goes through the ranking of the whole cycle, which works the result out."""
    report = AnnualReport.objects.get(pk=attempt.subject.pk)
    return None if report.evaluation else Refusal(_("请在年度监测页汇总排名并公布"))


@guard
def items_are_listed(attempt: Attempt) -> Refusal | None:
    return None if attempt.payload.get("items") or not attempt.reason else Refusal(_("请至少列一项整改事项"))


@guard
def items_are_answered(attempt: Attempt) -> list[Refusal] | None:
    rows = attempt.subject.items.filter(answered_at__isnull=True).exclude(accepted=True)
    return [
        Refusal(_("整改事项“%(title)s”还没有填写整改情况") % {"title": one.title}) for one in rows
    ] or None


@guard
def items_are_accepted(attempt: Attempt) -> list[Refusal] | None:
    rows = attempt.subject.items.exclude(accepted=True)
    return [Refusal(_("整改事项“%(title)s”尚未复核通过") % {"title": one.title}) for one in rows] or None


@guard
def some_item_is_not_accepted(attempt: Attempt) -> Refusal | None:
    found = attempt.subject.items.filter(accepted=False).exists()
    return None if found else Refusal(_("请先写明哪一项未通过、还差什么"))


@guard
def valley_may_be_revoked(attempt: Attempt) -> Refusal | None:
    """The valley stands in a state of its course from which it may be revoked."""
    from jinchuanggu.foundation.workflow.engine import process_of

    case = find_case(attempt.subject.valley)
    if case is None or process_of(case).move(case.state, "revoke", case.variant) is None:
        return Refusal(_("该谷当前所处阶段不能撤销"))
    return None


@guard
def revocation_is_approved(attempt: Attempt) -> Refusal | None:
    """Only the approval of the monitoring's proposal revokes a valley."""
    approved = AnnualReport.objects.filter(valley_id=attempt.subject.pk, state="revoking").exists()
    return (
        None
        if approved and attempt.payload.get("by_monitoring")
        else Refusal(_("撤销须经年度监测程序报省政府审定"))
    )
