"""Guards of the public notice and the plaque."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.workflow.registry import Attempt, Refusal, guard
from jinchuanggu.programme.actions.notice import current_notice
from jinchuanggu.programme.actions.plaque import next_number
from jinchuanggu.programme.models import Plaque


def _url(attempt: Attempt) -> str:
    return reverse("approval", args=[attempt.subject.pk])


@guard
def objection_is_open(attempt: Attempt) -> Refusal | None:
    if attempt.subject.objections.filter(answered_at__isnull=True).exists():
        return None
    return Refusal(_("没有待处理的异议"), "P3", _url(attempt))


@guard
def notice_has_run(attempt: Attempt) -> Refusal | None:
    """The last day of the notice counts in full: the plaque comes the day after at the earliest."""
    notice = current_notice(attempt.subject)
    if notice is None:
        return Refusal(_("尚未公示"), "P3", _url(attempt))
    if timezone.localdate() <= notice.ends_on:
        return Refusal(_("公示期至 %(day)s，期满后方可授牌") % {"day": notice.ends_on}, "P3", _url(attempt))
    return None


@guard
def no_open_objection(attempt: Attempt) -> Refusal | None:
    left = attempt.subject.objections.filter(answered_at__isnull=True).count()
    if left:
        return Refusal(_("还有 %(n)s 件异议未答复") % {"n": left}, "P3", _url(attempt))
    return None


@guard
def plaque_number_is_given(attempt: Attempt) -> list[Refusal] | None:
    """The name has the form 晋创谷·××, the valley has no plaque yet, and the next number of the year is free."""
    valley, found = attempt.subject, []
    if not valley.name.startswith("晋创谷·"):
        found.append(
            Refusal(_("牌名应为“晋创谷·××”，现为“%(name)s”") % {"name": valley.name}, "P3", _url(attempt))
        )
    if Plaque.objects.filter(valley=valley).exists():
        found.append(Refusal(_("该平台已有牌匾"), "P3", _url(attempt)))
    number = next_number(timezone.localdate().year)
    if Plaque.objects.filter(number=number).exists():
        found.append(
            Refusal(_("编号 %(number)s 已被占用，请核对编号规则") % {"number": number}, "P3", _url(attempt))
        )
    return found or None
