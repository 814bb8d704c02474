"""What people are told about filings: one notice for a holder and a period, and each return with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.notices.actions import Text, notify, people_with_role
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.registry import Attempt
from jinchuanggu.indicators.filings.access import holders_of, variant_of, writers
from jinchuanggu.indicators.forms.library import form_of
from jinchuanggu.indicators.forms.model import Form
from jinchuanggu.indicators.models import Filing, UnitLevel
from jinchuanggu.residents.models import Resident


def list_url(form: str, period: int) -> str:
    """The list of filings at one form and period (by its number)."""
    return f"{reverse('filings')}?{urlencode({'form': form, 'period': str(Period.numbered(period))})}"


def address_of(filing: Filing) -> str:
    """The page of one filing."""
    return reverse("filing", args=[filing.pk])


def tell_filler(attempt: Attempt) -> None:
    """Whoever fills it in learns that it came back, and why."""
    filing: Filing = attempt.subject
    form, period = form_of(filing.form, filing.form_version), Period.numbered(filing.period)
    people: set[int] = set()
    for role in writers(variant_of(filing)):
        if holders := holders_of(filing, role):
            people.update(people_with_role(role, holders))
    back = attempt.event == "reopen"
    text: Text = {
        "zh": f"{form.title.zh} {period} {'已打开，请更正后重新提交' if back else '被退回，请修改'}。理由：{attempt.reason}",
        "en": f"{form.title.en} {period} was {'reopened: correct it and submit again' if back else 'returned'}. Reason: {attempt.reason}",
    }
    notify(
        people - {attempt.actor.person_id or 0}, text=text, url=address_of(filing),
        key=f"filing:{filing.pk}:{attempt.case.revision}",
    )  # fmt: skip


def stage_of(form: Form, due: date, today: date) -> str:
    """Which reminder a day calls for: "before", "today", "after-1" …, or "".

    A day missed is not made up for; a stage after the due day holds until the next one, the last for twice its days, so
    that nobody is reminded of what is long past.
    """
    days = (due - today).days
    if days == 0:
        return "today"
    if days > 0:
        return "before" if days <= form.remind_before else ""
    passed = [after for after in form.remind_after if after <= -days]
    if not passed or -days > 2 * max(form.remind_after):
        return ""
    return f"after-{max(passed)}"


def remind_firms(form: Form, period: Period, due: date, today: date, residents: Iterable[int]) -> int:
    """Remind the firms behind these residencies, each person once for a stage. Operators have their work queue."""
    stage = stage_of(form, due, today)
    firms = Resident.objects.filter(pk__in=list(residents)).values_list("organisation_id", flat=True)
    people = people_with_role(Role.ENTERPRISE, set(firms)) if stage else []
    if not people:
        return 0
    days = abs((due - today).days)
    zh = {"before": f"还有 {days} 天到期", "today": "今天到期"}.get(stage, f"已逾期 {days} 天")
    en = {"before": f"due in {days} day(s)", "today": "due today"}.get(stage, f"overdue by {days} day(s)")
    return notify(
        people, url=list_url(form.id, period.number), key=f"filing:{form.id}:{period}:{stage}:{due}",
        text={"zh": f"{form.title.zh} {period} {zh}（{due}）", "en": f"{form.title.en} {period}: {en} ({due})"},
    )  # fmt: skip


def waiting_firms(today: date) -> dict[tuple[str, int, int, date], list[int]]:
    """{(form, version, period, due): residencies} of firms' filings that were not sent; one query."""
    rows = Filing.objects.filter(
        unit__level=UnitLevel.FIRM, submitted_at__isnull=True, state="draft"
    ).values_list("form", "form_version", "period", "due_on", "unit__ref_id")  # fmt: skip
    found: dict[tuple[str, int, int, date], list[int]] = {}
    for form, version, period, due, resident in rows:
        if stage_of(form_of(form, version), due, today):
            found.setdefault((form, version, period, due), []).append(resident)
    return found
