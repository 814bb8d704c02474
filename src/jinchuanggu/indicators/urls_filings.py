"""Addresses of filings."""

from __future__ import annotations

from django.urls import URLPattern, path

from jinchuanggu.indicators.screens import filing, filing_batch, filing_completeness, filing_sheets, filings

ONE_BATCH = "filings/forms/<slug:form>/<str:period>/"

urlpatterns: list[URLPattern] = [
    path("filings/", filings.filings, name="filings"),
    path("filings/<int:pk>/", filing.filing, name="filing"),
    path("filings/<int:pk>/save/", filing.filing_save, name="filing_save"),
    path("filings/<int:pk>/check/", filing.filing_check, name="filing_check"),
    path("filings/<int:pk>/move/<slug:event>/", filing.filing_move, name="filing_move"),
    path("filings/<int:pk>/comments/", filing.filing_comment, name="filing_comment"),
    path("filings/<int:pk>/versions/", filing.filing_versions, name="filing_versions"),
    path("filings/<int:pk>/template/", filing_sheets.template_one, name="filing_template_one"),
    path("filings/<int:pk>/upload/", filing_sheets.upload_one, name="filing_upload_one"),
    path(ONE_BATCH, filing_batch.filing_batch, name="filing_batch"),
    path(f"{ONE_BATCH}act/", filing_batch.filing_bulk_act, name="filing_bulk"),
    path(f"{ONE_BATCH}template/", filing_sheets.template_many, name="filing_template"),
    path(f"{ONE_BATCH}upload/", filing_sheets.upload_many, name="filing_upload"),
    path("filings/results/<int:job_id>/", filing_batch.filing_result, name="filing_result"),
    path("filings/imports/<int:run_id>/", filing_sheets.result, name="filing_import"),
    path("filings/imports/<int:run_id>/commit/", filing_sheets.commit, name="filing_import_commit"),
    path("filings/imports/<int:run_id>/errors/", filing_sheets.errors, name="filing_import_errors"),
    path("filings/completeness/", filing_completeness.completeness, name="completeness"),
    path("filings/completeness/download/", filing_completeness.download, name="completeness_download"),
    path("filings/completeness/remind/", filing_completeness.remind, name="filing_remind"),
]
