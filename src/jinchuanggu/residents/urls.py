"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jinchuanggu.residents.screens import firms, profile, sheets
from jinchuanggu.residents.screens.occupancy import occupancy, occupancy_table

urlpatterns: list[URLPattern] = [
    path("residents/occupancy/", occupancy, name="occupancy"),
    path("residents/occupancy.<slug:form>", occupancy_table, name="occupancy_table"),
    path("firms/", firms.firm_profiles, name="firm_profiles"),
    path("firms/export.xlsx", sheets.export, name="firm_profiles_export"),
    path("firms/import/", sheets.panel, name="firm_profiles_import"),
    path("firms/import/template.xlsx", sheets.blank, name="firm_profiles_template"),
    path("firms/import/<int:run_id>/", sheets.result, name="firm_profiles_run"),
    path("firms/import/<int:run_id>/commit/", sheets.commit, name="firm_profiles_commit"),
    path("firms/import/<int:run_id>/errors.xlsx", sheets.errors, name="firm_profiles_errors"),
    path("firms/<int:pk>/profile/", profile.firm_profile, name="firm_profile"),
    path("firms/<int:pk>/profile/autosave/", profile.firm_profile_autosave, name="firm_profile_autosave"),
]
