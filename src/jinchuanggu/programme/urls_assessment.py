"""Addresses of the second half of the course: building, application, assessment, approval."""

from __future__ import annotations

from django.urls import URLPattern, path

from jinchuanggu.programme.screens import application, approval, assessment, building, scoring

urlpatterns: list[URLPattern] = [
    path("valleys/<int:pk>/building/", building.show, name="building"),
    path("valleys/<int:pk>/milestones/new/", building.add, name="milestone_new"),
    path("milestones/<int:pk>/", building.edit, name="milestone_edit"),
    path("milestones/<int:pk>/progress/", building.progress, name="milestone_progress"),
    path("valleys/<int:pk>/application/", application.show, name="application"),
    path("valleys/<int:pk>/assessment/", assessment.show, name="assessment"),
    path("assessments/<int:pk>/commit/", assessment.commit, name="draw_commit"),
    path("assessments/<int:pk>/draw/", assessment.make_draw, name="draw_make"),
    path("assessments/<int:pk>/units/", assessment.invite, name="assessment_invite"),
    path("assessments/<int:pk>/visits/", assessment.visit_add, name="visit_add"),
    path("assessments/<int:pk>/conclusion/", assessment.conclude, name="assessment_conclude"),
    path("seats/<int:pk>/excuse/", assessment.excuse, name="seat_excuse"),
    path("visits/<int:pk>/", assessment.visit, name="visit"),
    path("score-sheets/", scoring.mine, name="score_sheets"),
    path("score-sheets/<int:pk>/", scoring.sheet, name="score_sheet"),
    path("score-sheets/<int:pk>/declaration/", scoring.declare, name="score_declare"),
    path("score-sheets/<int:pk>/save/", scoring.save, name="score_sheet_save"),
    path("score-sheets/<int:pk>/write/", scoring.write, name="score_sheet_write"),
    path("valleys/<int:pk>/approval/", approval.show, name="approval"),
    path("valleys/<int:pk>/award/", approval.award, name="plaque_award"),
    path("objections/<int:pk>/answer/", approval.answer, name="objection_answer"),
]
