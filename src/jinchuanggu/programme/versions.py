"""Frozen plans: what a version holds, how it reads as a document, how two of them differ."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.workflow.engine import say
from jinchuanggu.indicators.definitions.library import shown, title_of
from jinchuanggu.programme.models import Plan, PlanVersion, Valley
from jinchuanggu.programme.plan_data import plan_data


def content_of(valley: Valley, plan: Plan) -> dict[str, Any]:
    """Everything the plan says on this day, names included, so that a version reads alone (JSON-safe)."""
    return {
        "basics": {
            "name": valley.name,
            "kind": valley.kind,
            "builder": valley.region.name,
            "universities": [item.name for item in valley.universities.order_by("pk")],
            "zones": [item.name for item in valley.zones.order_by("pk")],
            "operator": valley.operator.name if valley.operator else "",
            "key_fields": list(valley.key_fields or []),
            "whole_chain": valley.whole_chain,
            "task_force": [f"{m.person_name}（{m.unit}，{m.duty}）" for m in valley.task_force.all()],
        },
        "sections": {key: text for key, text in plan.sections.items() if str(text).strip()},
        "targets": plan.targets,
        "budget_cny": str(plan.budget_cny.quantize(Decimal("0.01"))) if plan.budget_cny is not None else None,
        "policies": plan.policies,
    }


def freeze(valley: Valley, plan: Plan, *, by: str, occasion: str) -> tuple[PlanVersion, bool]:
    """The version of the plan as it stands; one with the same words is not made twice.

    (version, newly made).
    """
    content = content_of(valley, plan)
    last = plan.versions.first()
    if last is not None and last.content == content:
        return last, False
    number = (last.number if last else 0) + 1
    version = PlanVersion.objects.create(
        plan=plan, number=number, content=content, made_at=timezone.now(), made_by=by, occasion=occasion
    )
    return version, True


@dataclass(frozen=True, slots=True)
class Line:
    """A heading with its text, or a fact with its value, as a version is read."""

    key: str
    title: str
    text: str


def basics_lines(content: dict[str, Any]) -> list[Line]:
    basics = content["basics"]
    kinds = {"regional": _("区域综合类"), "specialised": _("省域专业类")}
    facts = [
        ("name", _("名称"), basics["name"]),
        ("kind", _("平台类别"), kinds.get(basics["kind"], basics["kind"])),
        ("builder", _("建设主体"), basics["builder"]),
        ("universities", _("共建高校"), "、".join(basics["universities"])),
        ("zones", _("所在开发区、园区"), "、".join(basics["zones"])),
        ("operator", _("运营机构"), basics["operator"]),
        ("key_fields", _("重点领域"), "、".join(basics["key_fields"])),
        ("task_force", _("工作专班"), "；".join(basics["task_force"])),
        (
            "budget",
            _("经费预算"),
            shown("budget_cny", Decimal(content["budget_cny"])) if content["budget_cny"] else "",
        ),
        ("policies", _("配套政策"), "；".join(content["policies"])),
    ]
    return [Line(*fact) for fact in facts]


def section_lines(content: dict[str, Any]) -> list[Line]:
    """The chapters written, in their order, with their words."""
    kind = content["basics"]["kind"]
    return [
        Line(section.key, say(section.title), str(content["sections"].get(section.key, "")))
        for section in plan_data().sections_of(kind)
    ]


def target_table(content: dict[str, Any]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Years, and per indicator its name with the target of each year as text."""
    years = sorted(content["targets"])
    rows = [
        (
            title_of(name),
            [
                shown(name, Decimal(str(value)))
                if (value := content["targets"][year].get(name)) not in (None, "")
                else ""
                for year in years
            ],
        )
        for name in plan_data().target_indicators
    ]
    return years, rows


@dataclass(frozen=True, slots=True)
class Change:
    title: str
    old: str
    new: str


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """What differs between two versions, chapter by chapter; empty when they read alike."""
    changes = []
    for make in (basics_lines, section_lines):
        before = {line.key: line for line in make(old)}
        after = {line.key: line for line in make(new)}
        for key in dict.fromkeys((*before, *after)):
            left, right = before.get(key), after.get(key)
            if (left.text if left else "") != (right.text if right else ""):
                some = right or left
                assert some is not None
                changes.append(Change(some.title, left.text if left else "", right.text if right else ""))
    for year in sorted({*old["targets"], *new["targets"]}):
        a, b = old["targets"].get(year, {}), new["targets"].get(year, {})
        for name in plan_data().target_indicators:
            if (a.get(name) or "") != (b.get(name) or ""):
                texts = [shown(name, Decimal(str(v))) if v else "" for v in (a.get(name), b.get(name))]
                changes.append(Change(f"{title_of(name)} {year}", *texts))
    return changes
