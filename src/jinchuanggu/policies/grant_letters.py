"""The notice of a decision as an official document (Word and PDF)."""

from __future__ import annotations

from django.utils import timezone, translation

from jinchuanggu.foundation.letters import IssuingNumber, KeyValue, Letter, Paragraph
from jinchuanggu.foundation.ui.formats import money
from jinchuanggu.foundation.workflow.registry import Attempt
from jinchuanggu.policies.models import Grant, GrantApplication
from jinchuanggu.programme.papers import keep_letter

# letters go out in Chinese, whoever presses the button
CHINESE = "zh-hans"


def write_decision(attempt: Attempt) -> None:
    """Keep the notice with the application; the firm reads it there."""
    application: GrantApplication = attempt.subject
    text = str(attempt.payload.get("issuing_number") or "").strip()
    number = IssuingNumber.parse(text) if text else None
    grant = Grant.objects.filter(application=application).first() if attempt.event == "approve" else None
    with translation.override(CHINESE):
        keep_letter(
            attempt.actor,
            application,
            kind="grant_decision",
            letter=decision_letter(
                application,
                grant,
                issuer=attempt.actor.organisation_name,
                number=number,
                reason=attempt.reason,
            ),
        )


def decision_letter(
    application: GrantApplication,
    grant: Grant | None,
    *,
    issuer: str,
    number: IssuingNumber | None = None,
    reason: str = "",
) -> Letter:
    """Granted with amount and how it came about, or refused with the reason; says how to object."""
    firm, measure = str(application.organisation), application.title_zh
    asked = f"你单位于{application.applied_on:%Y年%-m月%-d日}" + (
        "确认享受" if application.automatic else "申请"
    )
    rules = f"按{application.basis_on:%Y年%-m月%-d日}有效的规则（版本{application.rule_version}）核算"
    body: list[Paragraph | KeyValue]
    if grant is not None:
        body = [
            Paragraph(f"{asked}“{measure}”。经审核，{rules}，符合条件，同意兑现。"),
            KeyValue(
                (
                    ("兑现编号", grant.number),
                    ("退坡前金额", f"{grant.full:,.2f}元"),
                    ("执行比例", f"{grant.percent.normalize():f}%"),
                    ("兑现金额", f"{grant.amount:,.2f}元（{money(grant.amount)}）"),
                    (
                        "拨付期限",
                        f"{application.pay_by:%Y年%-m月%-d日}前" if application.pay_by else "另行通知",
                    ),
                )
            ),
            Paragraph("你单位应对申报数据的真实性负责。经查实不符的，兑现单位可以追回已拨付的资金。"),
        ]
    else:
        body = [
            Paragraph(f"{asked}“{measure}”。经审核，{rules}，不予支持。"),
            Paragraph(f"理由：{reason.strip() or '不符合条件'}"),
            Paragraph("对规则或数据有异议的，可在系统中提出，由责任单位答复。"),
        ]
    return Letter(
        issuer=issuer or str(application.region),
        number=number,
        title=f"关于{firm}{measure}兑现决定的通知",
        addressee=firm,
        body=tuple(body),
        dated=timezone.localdate(),
        mark="模拟" if application.origin == "simulated" else "",
    )
