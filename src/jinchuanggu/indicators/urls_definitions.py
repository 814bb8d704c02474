"""The catalogue of indicators, what is behind their values, and adding one's own."""

from __future__ import annotations

from django.urls import URLPattern, path

from jinchuanggu.indicators.screens import authoring, definitions, records

urlpatterns: list[URLPattern] = [
    path("indicators/", definitions.indicators, name="indicators"),
    path("indicators/new/", authoring.indicator_new, name="indicator_new"),
    path("indicators/compute/", records.recompute, name="indicators_compute"),
    path("indicators/<slug:key>/", definitions.indicator, name="indicator"),
    path("indicators/<slug:key>/edit/", authoring.indicator_edit, name="indicator_edit"),
    path("indicators/<slug:key>/records/", records.indicator_records, name="indicator_records"),
    path("indicators/<slug:key>/records.xlsx", records.indicator_workbook, name="indicator_workbook"),
]
