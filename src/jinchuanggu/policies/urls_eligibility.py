"""What a firm is, can get, and is missing."""

from __future__ import annotations

from django.urls import URLPattern, path

from jinchuanggu.policies.screens import eligibility, eligibility_firms

HOME = "policies/eligibility/"
urlpatterns: list[URLPattern] = [
    path(HOME, eligibility_firms.eligibility_firms, name="eligibility_firms"),
    path(f"{HOME}<int:pk>/", eligibility.eligibility, name="eligibility"),
    path(f"{HOME}<int:pk>/print/", eligibility.eligibility_print, name="eligibility_print"),
    path(f"{HOME}<int:pk>/ladder/", eligibility.eligibility_ladder, name="eligibility_ladder"),
    path(f"{HOME}<int:pk>/finance/", eligibility.eligibility_finance, name="eligibility_finance"),
    path(f"{HOME}<int:pk>/listing/", eligibility.eligibility_listing, name="eligibility_listing"),
    path(
        f"{HOME}<int:pk>/measures/<str:rule_set>/",
        eligibility.eligibility_measure,
        name="eligibility_measure",
    ),
    path(
        f"{HOME}<int:pk>/measures/<str:rule_set>/appeal/",
        eligibility.eligibility_appeal,
        name="eligibility_appeal",
    ),
    path("policies/appeals/", eligibility_firms.appeal_list, name="appeals"),
    path("policies/appeals/<int:pk>/answer/", eligibility_firms.appeal_answer, name="appeal_answer"),
]
