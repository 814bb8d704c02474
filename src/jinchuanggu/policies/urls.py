"""Addresses of this room, one file for each of its four doors."""

from __future__ import annotations

from django.urls import URLPattern

from jinchuanggu.policies import urls_eligibility, urls_grants, urls_library, urls_simulation

urlpatterns: list[URLPattern] = [
    *urls_simulation.urlpatterns,
    *urls_eligibility.urlpatterns,
    *urls_grants.urlpatterns,
    *urls_library.urlpatterns,
]
