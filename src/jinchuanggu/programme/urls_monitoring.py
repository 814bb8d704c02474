"""Addresses of yearly monitoring."""

from __future__ import annotations

from django.urls import URLPattern, path

from jinchuanggu.programme.screens import monitoring, monitoring_items, monitoring_report

urlpatterns: list[URLPattern] = [
    path("monitoring/", monitoring.monitoring, name="monitoring"),
    path("monitoring/open/", monitoring.monitoring_open, name="monitoring_open"),
    path("monitoring/<int:year>/", monitoring.monitoring_cycle, name="monitoring_cycle"),
    path("monitoring/<int:year>/publish/", monitoring.monitoring_publish, name="monitoring_publish"),
    path("monitoring/<int:year>/scheme/", monitoring.monitoring_scheme, name="monitoring_scheme"),
    path(
        "monitoring/<int:year>/summary-<slug:origin>.<slug:extension>",
        monitoring.monitoring_summary,
        name="monitoring_summary",
    ),
    path("monitoring/reports/<int:pk>/", monitoring_report.annual_report, name="annual_report"),
    path("monitoring/reports/<int:pk>/edit/", monitoring_report.report_edit, name="report_edit"),
    path(
        "monitoring/reports/<int:pk>/sections/<slug:section>/",
        monitoring_report.report_section,
        name="report_section",
    ),
    path(
        "monitoring/reports/<int:pk>/moves/<slug:event>/", monitoring_report.report_move, name="report_move"
    ),
    path(
        "monitoring/reports/<int:pk>/report.<slug:extension>",
        monitoring_report.report_file,
        name="report_file",
    ),
    path("monitoring/reports/<int:pk>/scores/", monitoring_report.report_scores, name="report_scores"),
    path("monitoring/reports/<int:pk>/decision/", monitoring_report.report_decide, name="report_decide"),
    path("monitoring/items/<int:pk>/", monitoring_items.rectification_item, name="rectification_item"),
]
