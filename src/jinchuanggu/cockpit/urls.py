"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jinchuanggu.cockpit import screens

urlpatterns: list[URLPattern] = [
    path("cockpit/", screens.cockpit, name="cockpit"),
    path("cockpit/<int:pk>/", screens.cockpit_unit, name="cockpit_unit"),
    path("cockpit/<int:pk>/panel/<slug:panel>/", screens.cockpit_panel, name="cockpit_panel"),
    path("cockpit/<int:pk>/data/<slug:panel>.<slug:form>", screens.cockpit_table, name="cockpit_table"),
]
