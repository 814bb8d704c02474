"""The scheme of the evaluation as typed data: from its file, or from the text a cycle keeps since it opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from jinchuanggu.foundation.documents.made import digest_of
from jinchuanggu.programme.models import MonitoringCycle, ReportOutcome
from jinchuanggu.programme.monitoring.settings import settings
from jinchuanggu.programme.schemes.loading import SchemeError, Text, read

KINDS = ("conditions", "targets", "growth", "milestones", "filings", "report_on_time", "judged")
_KEYS = {"id", "version", "title", "basis", "settled", "missing", "ranking", "public", "levels", "criteria"}


@dataclass(frozen=True, slots=True)
class Criterion:
    """`rule`: the numbers of this kind of criterion (bands, caps, shares), as in the file."""

    id: str
    title: Text
    how: Text
    clause: str
    max: Decimal
    kind: str
    rule: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def judged(self) -> bool:
        return self.kind == "judged"


@dataclass(frozen=True, slots=True)
class Level:
    """A band of scores with its name, and the outcome it suggests (the task force decides)."""

    start: Decimal
    key: str
    title: Text
    suggests: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """`coverage_min`: percent of the weight that must be scored for a rank. `settled`: False while it awaits confirmation."""

    key: str
    version: int
    title: Text
    basis: Text
    settled: bool
    missing: Text
    coverage_min: Decimal
    ties: Text
    public: bool
    levels: tuple[Level, ...]
    criteria: tuple[Criterion, ...]

    @property
    def full(self) -> Decimal:
        return sum((criterion.max for criterion in self.criteria), Decimal(0))

    def criterion(self, key: str) -> Criterion | None:
        return next((criterion for criterion in self.criteria if criterion.id == key), None)

    def level(self, score: Decimal) -> Level:
        """The band a score lies in."""
        return next(level for level in self.levels if score >= level.start)


def _text(value: Any, where: str) -> Text:
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        raise SchemeError(f"{where}: expected a text with zh and en, got {value!r}")
    return {"zh": str(value["zh"]), "en": str(value["en"])}


def parse(raw: Mapping[str, Any], name: str) -> Scheme:
    """Check a scheme as a whole. Raises SchemeError with what is wrong."""
    if unknown := set(raw) - _KEYS:
        raise SchemeError(f"{name}: unknown keys {sorted(unknown)}")
    try:
        if raw["missing"]["rule"] != "share_out" or raw["ranking"]["ties"] != "shared":
            raise SchemeError(f"{name}: unknown rule for missing data or ties")
        found = Scheme(
            key=str(raw["id"]),
            version=int(raw["version"]),
            title=_text(raw["title"], name),
            basis=_text(raw["basis"], name),
            settled=bool(raw["settled"]),
            missing=_text(raw["missing"]["text"], name),
            coverage_min=Decimal(str(raw["missing"]["coverage_min"])),
            ties=_text(raw["ranking"]["text"], name),
            public=bool(raw["public"]),
            levels=tuple(_level(row, name) for row in raw["levels"]),
            criteria=tuple(_criterion(row, name) for row in raw["criteria"]),
        )
    except KeyError as missing:
        raise SchemeError(f"{name}: key {missing} is missing") from missing
    _check(found, name)
    return found


def _level(row: Mapping[str, Any], name: str) -> Level:
    return Level(Decimal(str(row["from"])), str(row["key"]), _text(row["title"], name), str(row["suggests"]))


def _criterion(row: Mapping[str, Any], name: str) -> Criterion:
    known = {"id", "title", "how", "clause", "max", "kind"}
    return Criterion(
        id=str(row["id"]), title=_text(row["title"], name), how=_text(row["how"], name), clause=str(row["clause"]),
        max=Decimal(str(row["max"])), kind=str(row["kind"]),
        rule={key: value for key, value in row.items() if key not in known},
    )  # fmt: skip


def _check(found: Scheme, name: str) -> None:
    ids = [criterion.id for criterion in found.criteria]
    if len(set(ids)) != len(ids) or not ids:
        raise SchemeError(f"{name}: criteria are missing or occur twice")
    if unknown := {criterion.kind for criterion in found.criteria} - set(KINDS):
        raise SchemeError(f"{name}: unknown kinds {sorted(unknown)}")
    if any(criterion.max <= 0 for criterion in found.criteria) or found.full != 100:
        raise SchemeError(f"{name}: the weights add up to {found.full}, not to 100")
    starts = [level.start for level in found.levels]
    if starts != sorted(starts, reverse=True) or not starts or starts[-1] != 0:
        raise SchemeError(f"{name}: levels go from the highest down to 0")
    if bad := {level.suggests for level in found.levels} - set(ReportOutcome.values):
        raise SchemeError(f"{name}: unknown outcomes {sorted(bad)}")
    if not 0 <= found.coverage_min <= 100:
        raise SchemeError(f"{name}: coverage_min is a percentage")


@cache
def current() -> Scheme:
    """The shipped scheme that the next cycle will use."""
    return parse(read(settings().scheme), settings().scheme)


def current_content() -> dict[str, Any]:
    return dict(read(settings().scheme))


def current_digest() -> str:
    return digest_of(current_content())


def scheme_of(cycle: MonitoringCycle) -> Scheme:
    """The scheme as fixed when the cycle opened. Raises SchemeError when the kept text isn't what was fixed."""
    if digest_of(cycle.scheme_content) != cycle.scheme_digest:
        raise SchemeError(
            f"{cycle.scheme} of {cycle.year}: not the text that was fixed when the cycle opened"
        )
    return parse(cycle.scheme_content, cycle.scheme)
