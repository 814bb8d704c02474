"""Addresses of the plan half: valleys, dossier, plan, argument, consultation, process, clauses, map."""

from __future__ import annotations

from django.urls import URLPattern, path

from jinchuanggu.programme.screens import (
    argument,
    clauses,
    consultation,
    dossier,
    map,
    moves,
    outlook,
    plan,
    process,
    valleys,
)

urlpatterns: list[URLPattern] = [
    path("valleys/", valleys.valleys, name="valleys"),
    path("valleys/new/", valleys.valley_new, name="valley_new"),
    path("valleys/map/", map.valley_map, name="valley_map"),
    path("valleys/<int:pk>/", dossier.valley, name="valley"),
    path("valleys/<int:pk>/edit/", dossier.valley_edit, name="valley_edit"),
    path("valleys/<int:pk>/members/", dossier.member_add, name="member_add"),
    path("valleys/<int:pk>/members/<int:member>/remove/", dossier.member_remove, name="member_remove"),
    path("valleys/<int:pk>/services/", dossier.service_body_add, name="service_body_add"),
    path(
        "valleys/<int:pk>/services/<int:body>/remove/",
        dossier.service_body_remove,
        name="service_body_remove",
    ),
    path("valleys/<int:pk>/papers/", dossier.document_add, name="valley_document_add"),
    path("valleys/<int:pk>/figures/add/", dossier.figure_add, name="figure_add"),
    path("valleys/<int:pk>/figures/recompute/", dossier.figures_recompute, name="figures_recompute"),
    path("valleys/<int:pk>/figures/<int:figure>/choose/", dossier.figure_choose, name="figure_choose"),
    path("valleys/<int:pk>/plan/edit/", plan.plan_edit, name="plan_edit"),
    path("valleys/<int:pk>/plan/autosave/", plan.plan_autosave, name="plan_autosave"),
    path("valleys/<int:pk>/plan/preview/", plan.plan_preview, name="plan_preview"),
    path("valleys/<int:pk>/plan/v<int:number>/", plan.plan_version, name="plan_version"),
    path("valleys/<int:pk>/plan/diff/<int:old>/<int:new>/", plan.plan_diff, name="plan_diff"),
    path("valleys/<int:pk>/argument/", argument.argument, name="argument"),
    path("valleys/<int:pk>/argument/plan/", argument.argument_plan, name="argument_plan"),
    path("valleys/<int:pk>/argument/minutes/", argument.argument_minutes, name="argument_minutes"),
    path(
        "valleys/<int:pk>/argument/<int:opinion>/release/", argument.argument_release, name="argument_release"
    ),
    path("valleys/<int:pk>/consultation/", consultation.consultation, name="consultation"),
    path(
        "valleys/<int:pk>/consultation/<int:opinion>/answer/",
        consultation.opinion_answer,
        name="opinion_answer",
    ),
    path("valleys/<int:pk>/move/<slug:event>/", moves.move, name="move"),
    path("valleys/<int:pk>/outlook/", outlook.valley_outlook, name="valley_outlook"),
    path("valleys/<int:pk>/<slug:tab>/", dossier.valley_tab, name="valley_tab"),
    path("argument-opinions/<int:pk>/", argument.expert_opinion, name="expert_opinion"),
    path("opinions/<int:pk>/", consultation.opinion, name="opinion"),
    path("process/", process.process, name="process"),
    path("clauses/", clauses.clauses, name="clauses"),
]
