"""The pivot table and its files."""

from __future__ import annotations

from django.urls import URLPattern, path

from jinchuanggu.indicators.screens import explore

urlpatterns: list[URLPattern] = [
    path("indicators/explore/", explore.explore, name="explore"),
    path("indicators/explore.<str:form>", explore.explore_file, name="explore_file"),
]
