"""The catalogue of indicators: the shipped definitions as rows of the database, and those that offices have added.

Values refer to rows; what a shipped definition says is read from its file, so an upgrade needs no data migration.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act
from jinchuanggu.indicators.definitions import library
from jinchuanggu.indicators.definitions.library import Indicator, indicators
from jinchuanggu.indicators.models import IndicatorDefinition

COPIED = (
    "title", "counts", "unit", "period", "level", "aggregation", "over_time", "source", "owner", "group", "clause",
    "basis", "confidence", "valid_from", "valid_to",
)  # fmt: skip
KEPT_SECONDS = 3.0


def catalogue() -> dict[str, Indicator]:
    """All indicators by key: the shipped ones in their order, then the authored ones. One query."""
    return {**indicators(), **read_authored()}


def read_authored() -> dict[str, Indicator]:
    """What offices have added, as it stands now. One query."""
    return {row.key: of_row(row) for row in IndicatorDefinition.objects.filter(shipped=False)}


def of_row(row: IndicatorDefinition) -> Indicator:
    """An authored row as a definition."""
    return Indicator(
        key=row.key,
        breakdowns=tuple(row.breakdowns),
        formula=row.formula,
        judged=False,
        shipped=False,
        computed=row.source == "computed",
        **{name: getattr(row, name) for name in COPIED},
    )


def definition_ids() -> dict[str, int]:
    """The row of each indicator by key; shipped ones without a row get theirs. One query when none is missing."""
    found = dict(IndicatorDefinition.objects.values_list("key", "pk"))
    missing = [indicator for key, indicator in indicators().items() if key not in found]
    if missing:
        IndicatorDefinition.objects.bulk_create(
            (IndicatorDefinition(**row_of(indicator)) for indicator in missing), ignore_conflicts=True
        )
        found = dict(IndicatorDefinition.objects.values_list("key", "pk"))
    return found


def sync_definitions(actor: Actor) -> int:
    """Bring the rows of shipped definitions to what the files say; returns how many were new or changed. Idempotent.

    One audit event names the keys. A key that an office took before it was shipped stays the office's.
    """
    rows = {row.key: row for row in IndicatorDefinition.objects.all()}
    new: list[IndicatorDefinition] = []
    changed: list[IndicatorDefinition] = []
    for key, indicator in indicators().items():
        wanted = row_of(indicator)
        row = rows.get(key)
        if row is None:
            new.append(IndicatorDefinition(**wanted))
        elif row.shipped and any(getattr(row, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(row, name, value)
            changed.append(row)
    if new or changed:
        with act(actor, "indicators.sync", detail={"keys": sorted(row.key for row in (*new, *changed))}):
            IndicatorDefinition.objects.bulk_create(new)
            IndicatorDefinition.objects.bulk_update(changed, [*COPIED, "breakdowns", "formula"])
    return len(new) + len(changed)


def row_of(indicator: Indicator) -> dict[str, Any]:
    """The columns of a definition's row."""
    return {
        "key": indicator.key,
        "breakdowns": list(indicator.breakdowns),
        "formula": dict(indicator.formula),
        "shipped": indicator.shipped,
        **{name: getattr(indicator, name) for name in COPIED},
    }


class _Kept:
    """Authored definitions as words need them: read anew after a few seconds, at once after a change here."""

    def __init__(self) -> None:
        self.until, self.rows = 0.0, dict[str, Indicator]()

    def __call__(self) -> Mapping[str, Indicator]:
        now = time.monotonic()
        if now >= self.until:
            self.rows, self.until = read_authored(), now + KEPT_SECONDS
        return self.rows

    def forget(self) -> None:
        self.until = 0.0


kept = _Kept()


def connect() -> None:
    """Names and units of authored indicators are found wherever a figure is shown."""
    library.authored = kept


def named(keys: Iterable[str]) -> dict[str, Indicator]:
    """Those of the keys that are known."""
    known = catalogue()
    return {key: known[key] for key in keys if key in known}
