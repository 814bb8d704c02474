"""Addresses of the public site."""

from __future__ import annotations

from django.urls import URLPattern, path

from jinchuanggu.portal import draws, grants, notices, open_data, screens

urlpatterns: list[URLPattern] = [
    path("", screens.home, name="home"),
    path("about/", screens.about, name="about"),
    path("public/valleys/", screens.valleys, name="public_valleys"),
    path("public/valleys/<int:pk>/", screens.valley, name="public_valley"),
    path("public/plaques/", screens.plaque, name="public_plaque"),
    path("public/notices/", notices.notices, name="public_notices"),
    path("public/notices/<int:pk>/", notices.notice, name="public_notice"),
    path("public/objections/", notices.receipt, name="public_receipt"),
    path("public/draws/<int:pk>/", draws.draw, name="public_draw"),
    path("public/draws/<int:pk>.json", draws.draw_json, name="public_draw_json"),
    path("public/grants/", grants.public_grants, name="public_grants"),
    path("public/data/", open_data.index, name="open_data"),
    path("public/data/valleys.json", open_data.valleys_json, name="open_data_valleys_json"),
    path("public/data/valleys.csv", open_data.valleys_csv, name="open_data_valleys_csv"),
    path("public/data/figures.csv", open_data.figures_csv, name="open_data_figures_csv"),
]
