"""What a plan or a dossier still lacks, item by item (C1).

Read by the editor, by the guards and by the dossier.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from jinchuanggu.foundation.workflow.engine import say
from jinchuanggu.indicators.definitions.library import title_of
from jinchuanggu.programme.models import Plan, Valley
from jinchuanggu.programme.plan_data import plan_data


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that has to be there; `missing` says what to do, empty when it is there."""

    key: str
    title: str
    missing: str
    clause: str = ""
    url: str = ""

    @property
    def done(self) -> bool:
        return not self.missing


def percent(items: Iterable[Item]) -> int:
    """Share of items that are there, rounded down, so that 100 means all."""
    listed = list(items)
    return 100 * sum(item.done for item in listed) // len(listed) if listed else 100


def target_years(plan: Plan | None, first: int) -> list[int]:
    """The years of the table of targets: those written, else the coming ones."""
    written = sorted(int(year) for year in (plan.targets if plan else {}))
    start = min([*written, first])
    return list(range(start, start + plan_data().target_years))


def plan_items(valley: Valley, plan: Plan | None) -> list[Item]:
    """Chapters, targets, budget, policies and task force of the plan being written."""
    data, edit = plan_data(), reverse("plan_edit", args=[valley.pk])
    sections = plan.sections if plan else {}
    items = []
    for section in data.sections_of(valley.kind):
        length = len("".join(str(sections.get(section.key, "")).split()))
        missing = (
            _("还差 %(n)s 字（至少 %(minimum)s 字）")
            % {"n": section.minimum - length, "minimum": section.minimum}
            if length < section.minimum
            else ""
        )
        items.append(
            Item(f"section-{section.key}", say(section.title), missing, url=f"{edit}#section-{section.key}")
        )
    blank = _blank_targets(plan)
    items.append(
        Item("targets", _("年度目标表"), _("未填：%(names)s") % {"names": _("、").join(blank)} if blank else "",
             url=f"{edit}#targets")
    )  # fmt: skip
    items.append(
        Item("budget", _("经费预算"), "" if plan and plan.budget_cny else _("未填写"), url=f"{edit}#budget")
    )
    items.append(
        Item(
            "policies",
            _("配套政策清单"),
            "" if plan and plan.policies else _("至少列一项"),
            "C1",
            f"{edit}#policies",
        )
    )
    items.append(_task_force(valley))
    return items


def _blank_targets(plan: Plan | None) -> list[str]:
    data, targets = plan_data(), (plan.targets if plan else {})
    filled = [
        {name for name, value in row.items() if value not in (None, "")}
        for row in targets.values()
    ]  # fmt: skip
    short = len(filled) < data.target_years
    return [
        title_of(name) for name in data.target_indicators if short or not all(name in row for row in filled)
    ]


def _task_force(valley: Valley) -> Item:
    leader = valley.task_force.filter(leader=True).exists()
    return Item(
        "task_force",
        _("市级工作专班成员"),
        "" if leader else _("至少登记组长"),
        "C1",
        reverse("valley_tab", args=[valley.pk, "people"]),
    )


def dossier_items(valley: Valley, kinds: set[str]) -> list[Item]:
    """The checklist of C1: the papers with a clause, and the members of the city's task force."""
    url = reverse("valley_tab", args=[valley.pk, "documents"])
    items = [
        Item(paper.kind, say(paper.title), "" if paper.kind in kinds else _("未上传"), paper.clause, url)
        for paper in plan_data().papers
        if paper.clause
    ]
    return [*items, _task_force(valley)]
