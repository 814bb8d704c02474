"""Points from figures, pure: each kind of criterion turns a snapshot into a share of its full mark, or into "no data".

A share is None where nothing is known. Unknown is never zero and never full: the scheme shares its weight out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from jinchuanggu.programme.monitoring.scheme import Criterion, Scheme

CENT = Decimal("0.01")
Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Share:
    """`share` from 0 to 1, or None without data; `parts`: what it is made of, as rows (title, text, share in percent or None)."""

    share: Decimal | None
    parts: tuple[tuple[str, str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """`score` out of 100 after sharing out the weight of what has no data; None where nothing is scored at all."""

    score: Decimal | None
    coverage: Decimal
    points: dict[str, Decimal | None] = field(default_factory=dict)


def rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def _mean(shares: Sequence[Decimal]) -> Decimal | None:
    return sum(shares, Decimal(0)) / len(shares) if shares else None


def _percent(share: Decimal | None) -> str | None:
    return None if share is None else f"{rounded(share * 100).normalize():f}"


def _conditions(figures: Figures, rule: Mapping[str, Any]) -> Share:
    shares, parts = [], []
    for row in figures.get("conditions", []):
        known = {"met": Decimal(1), "not_met": Decimal(0)}.get(row["status"])
        if known is not None:
            shares.append(known)
        parts.append((row["title"], row["text"], _percent(known)))
    return Share(_mean(shares), tuple(parts))


def _targets(figures: Figures, rule: Mapping[str, Any]) -> Share:
    cap = Decimal(str(rule["cap_percent"])) / 100
    shares, parts = [], []
    for row in figures.get("targets", []):
        target = Decimal(row["target"])
        share = None
        if row["actual"] is not None and target > 0:
            share = max(Decimal(0), min(cap, Decimal(row["actual"]) / target))  # a loss earns nothing
            shares.append(share)
        parts.append((row["title"], row["text"], _percent(share)))
    found = _mean(shares)
    return Share(None if found is None else min(found, Decimal(1)), tuple(parts))


def _band(value: Decimal, bands: Sequence[Mapping[str, Any]]) -> Decimal:
    """The share of the first band that the value reaches; bands go from the highest down."""
    for band in bands:
        if value >= Decimal(str(band["from"])):
            return Decimal(str(band["share"])) / 100
    return Decimal(0)


def _growth(figures: Figures, rule: Mapping[str, Any]) -> Share:
    shares, parts = [], []
    for row in figures.get("growth", []):
        share = None
        if row["percent"] is not None:
            share = _band(Decimal(row["percent"]), rule["bands"])
            shares.append(share)
        parts.append((row["title"], row["text"], _percent(share)))
    return Share(_mean(shares), tuple(parts))


def _milestones(figures: Figures, rule: Mapping[str, Any]) -> Share:
    worth = {"on_time": Decimal(1), "late": Decimal(str(rule["late_share"])) / 100, "open": Decimal(0)}
    rows = [row for row in figures.get("milestones", []) if row["counts"]]
    parts = tuple((row["title"], row["text"], _percent(worth[row["counts"]])) for row in rows)
    return Share(_mean([worth[row["counts"]] for row in rows]), parts)


def _filings(figures: Figures, rule: Mapping[str, Any]) -> Share:
    found = figures.get("filings") or {}
    due = int(found.get("due", 0))
    if not due:
        return Share(None)
    late = Decimal(str(rule["late_share"])) / 100
    share = (Decimal(found["on_time"]) + late * Decimal(found["late"])) / due
    return Share(share, ((found["title"], found["text"], _percent(share)),))


def _report_on_time(figures: Figures, rule: Mapping[str, Any]) -> Share:
    found = figures.get("report") or {}
    if found.get("days_late") is None:
        return Share(None)
    days = int(found["days_late"])
    share = next(
        (Decimal(str(band["share"])) / 100 for band in rule["bands"] if days <= int(band["to"])), Decimal(0)
    )
    return Share(share, ((found["title"], found["text"], _percent(share)),))


_KINDS: dict[str, Callable[[Figures, Mapping[str, Any]], Share]] = {
    "conditions": _conditions,
    "targets": _targets,
    "growth": _growth,
    "milestones": _milestones,
    "filings": _filings,
    "report_on_time": _report_on_time,
}


def share_of(criterion: Criterion, figures: Figures) -> Share:
    """What the figures say of a computed criterion; a judged one has no share of its own."""
    return Share(None) if criterion.judged else _KINDS[criterion.kind](figures, criterion.rule)


def points_of(criterion: Criterion, share: Share) -> Decimal | None:
    return None if share.share is None else rounded(criterion.max * share.share)


def result_of(scheme: Scheme, points: Mapping[str, Decimal | None]) -> Result:
    """The score out of 100: points over the weight that has data. `coverage` is that weight in percent."""
    known = {
        criterion.id: value
        for criterion in scheme.criteria
        if (value := points.get(criterion.id)) is not None
    }
    weight = sum((c.max for c in scheme.criteria if c.id in known), Decimal(0))
    listed = {criterion.id: known.get(criterion.id) for criterion in scheme.criteria}
    if not weight:
        return Result(None, Decimal(0), listed)
    score = rounded(sum(known.values(), Decimal(0)) * 100 / weight)
    return Result(score, rounded(weight * 100 / scheme.full), listed)


def ranks(scores: Iterable[tuple[int, Decimal | None]]) -> dict[int, int | None]:
    """`{id: rank}` from the highest score down: equal scores share a rank, the next ranks follow on; None is not ranked."""
    rows = list(scores)
    known = sorted((score for _key, score in rows if score is not None), reverse=True)
    return {key: None if score is None else known.index(score) + 1 for key, score in rows}
