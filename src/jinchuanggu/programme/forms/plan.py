"""The plan as it comes from its page: chapters, targets in the units people write them in, budget in 万元,
policies.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from jinchuanggu.indicators.definitions.library import indicators, title_of
from jinchuanggu.programme.models import Plan
from jinchuanggu.programme.plan_data import plan_data

WAN = Decimal(10_000)


def in_wan(indicator: str) -> bool:
    """Money is written in 万元 on this page."""
    return indicator.endswith("_cny")


def _scaled(text: str, factor: Decimal) -> str:
    """The number times a factor; what isn't a number goes on as it is, for the action to refuse."""
    try:
        value = Decimal(text.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        return text
    return format((value * factor).normalize(), "f") if value.is_finite() else text


@dataclass(slots=True)
class PlanInput:
    """What somebody typed, as text: shown again when it is refused, handed to the action when it isn't."""

    revision: int
    sections: dict[str, str]
    targets: dict[str, dict[str, str]]
    budget_wan: str
    policies: str
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_plan(cls, plan: Plan, years: list[int]) -> PlanInput:
        targets = {
            str(year): {
                name: _scaled(str(value), 1 / WAN) if in_wan(name) else str(value)
                for name, value in plan.targets.get(str(year), {}).items()
            }
            for year in years
        }
        budget = format((plan.budget_cny / WAN).normalize(), "f") if plan.budget_cny is not None else ""
        return cls(plan.revision, dict(plan.sections), targets, budget, "\n".join(plan.policies))

    @classmethod
    def of_post(cls, data: QueryDict, kind: str, years: list[int]) -> PlanInput:
        version = data.get("version", "0")
        return cls(
            int(version) if version.isdecimal() else 0,
            {
                section.key: data.get(f"section-{section.key}", "")
                for section in plan_data().sections_of(kind)
            },
            {
                str(year): {
                    name: data.get(f"target-{name}-{year}", "") for name in plan_data().target_indicators
                }
                for year in years
            },
            data.get("budget_cny", ""),
            data.get("policies", ""),
        )

    def for_action(self) -> dict[str, Any]:
        """Keyword arguments of `save_plan`."""
        return {
            "revision": self.revision,
            "sections": self.sections,
            "targets": {
                year: {
                    name: _scaled(text, WAN) if in_wan(name) and text.strip() else text
                    for name, text in row.items()
                }
                for year, row in self.targets.items()
            },
            "budget_cny": _scaled(self.budget_wan, WAN) if self.budget_wan.strip() else "",
            "policies": self.policies.splitlines(),
        }

    def section_rows(self, kind: str) -> list[dict[str, Any]]:
        """For the template: each chapter with its text and error."""
        return [
            {
                "key": section.key,
                "id": f"section-{section.key}",
                "title": section.title,
                "guidance": section.guidance,
                "minimum": section.minimum,
                "text": self.sections.get(section.key, ""),
                "length": len("".join(self.sections.get(section.key, "").split())),
                "error": self.errors.get(f"section-{section.key}", ""),
            }
            for section in plan_data().sections_of(kind)
        ]

    def target_rows(self, years: list[int]) -> list[dict[str, Any]]:
        """For the template: a row per indicator, a cell per year."""
        rows = []
        for name in plan_data().target_indicators:
            indicator = indicators()[name]
            rows.append(
                {
                    "title": title_of(name),
                    "unit": "万元" if in_wan(name) else indicator.unit_label,
                    "in_wan": in_wan(name),
                    "cells": [
                        {
                            "id": f"target-{name}-{year}",
                            "year": year,
                            "text": self.targets.get(str(year), {}).get(name, ""),
                            "error": self.errors.get(f"target-{name}-{year}", ""),
                        }
                        for year in years
                    ],
                }
            )
        return rows
