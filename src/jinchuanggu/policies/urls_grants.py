"""Applications, grants, payments and recoveries."""

from __future__ import annotations

from django.urls import URLPattern, path

from jinchuanggu.policies.screens import grants_apply, grants_budget, grants_case, grants_list

urlpatterns: list[URLPattern] = [
    path("policies/grants/", grants_list.grants, name="grants"),
    path("policies/grants/batch/", grants_list.grant_batch, name="grant_batch"),
    path(
        "policies/grants/apply/<int:organisation>/<str:rule_set>/",
        grants_apply.grant_apply,
        name="grant_apply",
    ),
    path("policies/grants/<int:pk>/", grants_case.grant, name="grant"),
    path("policies/grants/<int:pk>/move/<slug:event>/", grants_case.grant_move, name="grant_move"),
    path("policies/grants/<int:pk>/confirm/", grants_case.grant_confirm, name="grant_confirm"),
    path("policies/grants/<int:pk>/papers/", grants_case.grant_paper, name="grant_paper"),
    path("policies/grants/<int:pk>/decision/", grants_case.grant_decide, name="grant_decide"),
    path("policies/grants/<int:pk>/supplement/", grants_case.grant_supplement, name="grant_supplement"),
    path("policies/grants/<int:pk>/payments/", grants_case.grant_pay, name="grant_pay"),
    path("policies/grants/<int:pk>/recovery/", grants_case.grant_recover, name="grant_recover"),
    path("policies/grants/<int:pk>/receipts/", grants_case.grant_receive, name="grant_receive"),
    path("policies/budgets/", grants_budget.grant_budgets, name="grant_budgets"),
    path("policies/budgets/<int:pk>/", grants_budget.grant_budget, name="grant_budget"),
    path("policies/budgets/<int:pk>/proposals/", grants_budget.grant_propose, name="grant_propose"),
]
