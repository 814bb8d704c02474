"""What a changed rule would do."""

from __future__ import annotations

from django.urls import URLPattern, path

from jinchuanggu.policies.screens.simulation import simulate
from jinchuanggu.policies.screens.simulation_draft import rule_draft_from_simulation
from jinchuanggu.policies.screens.simulation_export import simulation_export
from jinchuanggu.policies.screens.simulation_scenarios import (
    simulation,
    simulation_compare,
    simulation_save,
)

urlpatterns: list[URLPattern] = [
    path("policies/simulation/", simulation, name="simulation"),
    path("policies/simulation/compare/", simulation_compare, name="simulation_compare"),
    path("policies/simulation/<str:rule_set>/", simulate, name="simulate"),
    path("policies/simulation/<str:rule_set>/export/", simulation_export, name="simulation_export"),
    path("policies/simulation/<str:rule_set>/save/", simulation_save, name="simulation_save"),
    path(
        "policies/simulation/<str:rule_set>/draft/",
        rule_draft_from_simulation,
        name="rule_draft_from_simulation",
    ),
]
