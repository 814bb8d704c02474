"""What the firm is told when something was decided or paid."""

from __future__ import annotations

from typing import Any

from django.utils.translation import override

from jinchuanggu.foundation.notices.actions import Text, notify, people_with_role
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.ui.formats import money
from jinchuanggu.foundation.workflow.registry import Attempt

WORDS: dict[str, tuple[str, str]] = {
    "approve": ("已同意，金额 {amount}", "granted: {amount}"),
    "refuse": ("不予支持：{reason}", "refused: {reason}"),
    "refuse_overdue": ("逾期未补正，不予支持：{reason}", "refused, nothing was supplied in time: {reason}"),
    "pay_part": ("已拨付 {amount}", "{amount} was paid"),
    "pay_rest": ("已拨付 {amount}，全部拨付完毕", "{amount} was paid; that was all"),
    "revoke": ("决定已撤销：{reason}", "the decision was revoked: {reason}"),
    "stop": ("余款停止拨付：{reason}", "the rest will not be paid: {reason}"),
    "recover": ("须退回已拨付资金：{reason}", "what was paid must be returned: {reason}"),
    "receive_rest": ("退回资金已全部到账", "everything was returned"),
}


def tell_firm(attempt: Attempt) -> None:
    """A notice to the people of the firm; once for each revision of the case."""
    application, case = attempt.subject, attempt.case
    zh, en = WORDS[attempt.event]
    people = people_with_role(Role.ENTERPRISE, [application.organisation_id])
    text: Text = {
        "zh": f"{application.title_zh}：{zh.format(**_parts(attempt, 'zh-hans'))}",
        "en": f"{application.title_en or application.title_zh}: {en.format(**_parts(attempt, 'en'))}",
    }
    notify(people, text=text, url=application.get_absolute_url(), key=f"grant:{case.pk}:{case.revision}")


def _parts(attempt: Attempt, language: str) -> dict[str, Any]:
    amount = attempt.payload.get("amount")
    if amount is None and attempt.event == "approve":
        from jinchuanggu.policies.models import Grant

        amount = Grant.objects.values_list("amount", flat=True).get(application=attempt.subject)
    with override(language):
        return {"amount": str(money(amount)), "reason": attempt.reason.strip()}
