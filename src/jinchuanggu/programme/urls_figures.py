"""Published figures of all valleys."""

from __future__ import annotations

from django.urls import URLPattern, path

from jinchuanggu.programme.screens import figures

urlpatterns: list[URLPattern] = [
    path("figures/", figures.figures, name="figures"),
    path("figures/export.xlsx", figures.export, name="figures_export"),
    path("figures/template.xlsx", figures.blank, name="figures_template"),
    path("figures/import/", figures.panel, name="figures_import"),
    path("figures/import/<int:run_id>/", figures.result, name="figures_run"),
    path("figures/import/<int:run_id>/commit/", figures.commit, name="figures_commit"),
    path("figures/import/<int:run_id>/errors.xlsx", figures.errors, name="figures_errors"),
    path("figures/<int:pk>/<int:figure>/choose/", figures.choose, name="figures_choose"),
]
