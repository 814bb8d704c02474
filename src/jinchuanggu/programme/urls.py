"""Addresses of this room. The plan half comes last: its tabs take any word behind a valley."""

from __future__ import annotations

from django.urls import URLPattern

from jinchuanggu.programme import urls_assessment, urls_figures, urls_monitoring, urls_plan

urlpatterns: list[URLPattern] = [
    *urls_assessment.urlpatterns,
    *urls_monitoring.urlpatterns,
    *urls_figures.urlpatterns,
    *urls_plan.urlpatterns,
]
