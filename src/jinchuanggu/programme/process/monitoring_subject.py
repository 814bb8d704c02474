"""What yearly monitoring needs to know: who stands behind a role, the page, the papers, the mirror."""

from __future__ import annotations

from django.db.models import Model

from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.foundation.workflow import registry
from jinchuanggu.programme.models import AnnualReport
from jinchuanggu.programme.monitoring.cases import PROCESS
from jinchuanggu.programme.process import subject as valleys


def holders_of(report: AnnualReport, role: str) -> list[int]:
    """Ids of the organisations that act as this role for the report's valley."""
    return valleys.holders_of(report.valley, role)


def papers_of(report: Model) -> set[str]:
    rows = Document.objects.filter(subject_label="programme.annualreport", subject_id=report.pk)
    return set(rows.values_list("kind", flat=True))


def mirror(report: AnnualReport, state: str, stage: str) -> None:
    AnnualReport.objects.filter(pk=report.pk).update(state=state, stage=stage)


registry.subject(
    PROCESS,
    holders_of=holders_of,
    address_of=lambda report: report.get_absolute_url(),
    documents_of=papers_of,
    on_state=mirror,
)
registry.document_titles.update(
    {
        "annual_report": {"zh": "年度建设情况报告", "en": "Yearly report"},
        "monitoring_decision": {"zh": "后续支持决定", "en": "Decision to go on supporting"},
        "rectification_notice": {"zh": "整改通知", "en": "Notice of rectification"},
        "recheck_letter": {"zh": "整改复核意见", "en": "Finding of the re-check"},
        "revocation_request": {"zh": "撤销请示", "en": "Request for revocation"},
        "revocation_decision": {"zh": "撤销决定", "en": "Decision of revocation"},
        "rectification_evidence": {"zh": "整改佐证材料", "en": "Evidence of rectification"},
        "monitoring_summary": {"zh": "全省年度监测总结", "en": "Summary of the province"},
    }
)
