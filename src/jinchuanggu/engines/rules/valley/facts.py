"""What is known of one valley. None means "not given", which is never the same as empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jinchuanggu.engines.rules.facts import Facts, Figure, Item, Judgement, Statement


@dataclass(frozen=True, slots=True)
class Report:
    """One report of one indicator; its unit is that of the indicator (see ``vocabulary.INDICATORS``)."""

    indicator: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Zone:
    """A development zone or park; ``level`` national, provincial, municipal or county, None if not known."""

    name: str
    level: str | None = None


@dataclass(frozen=True, slots=True)
class OperatorBody:
    """The team that runs the valley."""

    name: str
    legal_person: bool | None = None


@dataclass(frozen=True, slots=True)
class ValleyFacts:
    """The same structure as the file ``jcg assess`` reads; build it with ``from_mapping`` or directly."""

    kind: str
    name: str | None = None
    builder: str | None = None
    partner_universities: tuple[str, ...] | None = None
    host_zones: tuple[Zone, ...] | None = None
    key_fields: tuple[str, ...] | None = None
    operator: OperatorBody | None = None
    documents: tuple[str, ...] | None = None
    service_bodies: tuple[str, ...] | None = None
    reports: tuple[Report, ...] | None = None
    expert: Mapping[str, Judgement] = field(default_factory=dict)

    @classmethod
    def from_mapping(cls, data: Mapping[str, object], name: str = "valley") -> ValleyFacts:
        """Check and read plain data of the file's structure. Raises Refused with every problem.

        Numbers may be int, Decimal or float (counting as the decimal it prints as), dates ``date`` or text.
        """
        from jinchuanggu.engines.rules.valley.reading import read_mapping

        return read_mapping(data, name)

    def as_facts(self) -> Facts:
        """As the evaluator reads them."""
        reports: dict[str, list[Figure]] = {}
        for report in self.reports or ():
            reports.setdefault(report.indicator, []).append(report.figure)
        named = {
            "partner_universities": self.partner_universities,
            "key_fields": self.key_fields,
            "documents": self.documents,
            "service_bodies": self.service_bodies,
        }
        lists = {
            key: tuple(Item(name) for name in names) for key, names in named.items() if names is not None
        }
        if self.host_zones is not None:
            lists["host_zones"] = tuple(
                Item(zone.name, {} if zone.level is None else {"level": zone.level})
                for zone in self.host_zones
            )
        statements = {}
        if self.operator is not None:
            statements["operator_legal_person"] = Statement(self.operator.legal_person, self.operator.name)
        codes = {} if self.builder is None else {"builder": self.builder}
        return Facts(
            {key: tuple(found) for key, found in reports.items()}, lists, statements, codes, dict(self.expert)
        )
