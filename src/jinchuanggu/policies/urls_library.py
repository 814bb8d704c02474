"""The policy library and the rule editor."""

from __future__ import annotations

from datetime import date

from django.urls import URLPattern, path, register_converter

from jinchuanggu.policies.screens import editor, editor_steps, library, library_edit, library_rules


class DayConverter:
    """A day in an address: 2026-01-31."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


class RuleConverter:
    """The id of a rule set: measure.sx.rent_relief."""

    regex = r"[a-z][a-z0-9_.]{0,118}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DayConverter, "policy_day")
register_converter(RuleConverter, "rule_id")

urlpatterns: list[URLPattern] = [
    path("policies/", library.policies, name="policies"),
    path("policies/new/", library_edit.policy_new, name="policy_new"),
    path("policies/rules/", library.rule_sets, name="rule_sets"),
    path("policies/rules/<rule_id:rule_set>/", library_rules.rule_set, name="rule_set"),
    path("policies/rules/<rule_id:rule_set>/rules.yaml", library_rules.rule_set_yaml, name="rule_set_yaml"),
    path("policies/rules/<rule_id:rule_set>/rules.xlsx", library_rules.rule_set_xlsx, name="rule_set_xlsx"),
    path(
        "policies/rules/<rule_id:rule_set>/diff/<policy_day:old>/<policy_day:new>/",
        library_rules.rule_set_diff,
        name="rule_set_diff",
    ),
    path("policies/drafts/", editor.rule_drafts, name="rule_drafts"),
    path("policies/drafts/new/", editor_steps.rule_draft_new, name="rule_draft_new"),
    path("policies/drafts/start/<int:entry>/", editor_steps.rule_version_start, name="rule_version_start"),
    path("policies/drafts/<int:pk>/", editor.rule_draft, name="rule_draft"),
    path("policies/drafts/<int:pk>/check/", editor.rule_draft_check, name="rule_draft_check"),
    path("policies/drafts/<int:pk>/submit/", editor_steps.rule_draft_submit, name="rule_draft_submit"),
    path("policies/drafts/<int:pk>/publish/", editor_steps.rule_draft_publish, name="rule_draft_publish"),
    path("policies/drafts/<int:pk>/return/", editor_steps.rule_draft_return, name="rule_draft_return"),
    path("policies/drafts/<int:pk>/withdraw/", editor_steps.rule_draft_withdraw, name="rule_draft_withdraw"),
    path("policies/drafts/<int:pk>/diff/", editor_steps.rule_draft_diff, name="rule_draft_diff"),
    path("policies/drafts/<int:pk>/rules.yaml", editor_steps.rule_draft_yaml, name="rule_draft_yaml"),
    path("policies/<int:pk>/", library.policy, name="policy"),
    path("policies/<int:pk>/edit/", library_edit.policy_edit, name="policy_edit"),
    path("policies/<int:pk>/budget/", library_edit.policy_budget, name="policy_budget"),
    path("policies/<int:pk>/articles/", library_edit.policy_article, name="policy_article"),
    path("policies/<int:pk>/diff/<int:old>/<int:new>/", library.policy_diff, name="policy_diff"),
]
