"""Where a computed indicator comes from: one query of records that gives both its value and the list behind it.

A room registers a function that returns the records of a period; the value of a valley is the sum of what each record
contributes, so the sum of the list is the value by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import Actor


@dataclass(frozen=True)
class Records:
    """`rows`: the records of the period, of every valley. All others are paths of fields in a row.

    `valley`: the valley's id. `amount`: what a row contributes, in the unit of the indicator; "" counts rows.
    `distinct`: count different values of this path instead. `dimensions`: {breakdown dimension: path}.
    `columns`: what the list shows of a record, as (path, heading). `resource`: name of the declared resource whose
    detail page opens a record, with `key` the path of its id. `firm`: the resident's id, where there is one.
    Who may see a record is what the resource says; without one `scope` gives the rows an actor may open, under the
    address called `page`.
    `undated`: the records say only how it is today, so what was computed for a past period is not computed again.
    """

    rows: QuerySet[Any]
    valley: str
    amount: str = ""
    distinct: str = ""
    dimensions: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[tuple[str, Any], ...] = ()
    resource: str = ""
    key: str = "pk"
    firm: str = ""
    scope: Callable[[Actor], QuerySet[Any]] | None = None
    page: str = ""
    undated: bool = False


Records_of = Callable[[Period], Records]
_sources: dict[str, Records_of] = {}


def source(*keys: str) -> Callable[[Records_of], Records_of]:
    """Register `function(period) -> Records` for one indicator. Two sources for one indicator are refused."""

    def register(function: Records_of) -> Records_of:
        for key in keys:
            if _sources.get(key, function) is not function:
                raise ValueError(f"two sources give {key!r}")
            _sources[key] = function
        return function

    return register


def sources() -> Mapping[str, Records_of]:
    """All registered sources by indicator key."""
    return _sources


def records_of(key: str, period: Period) -> Records:
    """The records behind a computed indicator in a period, unscoped. Raises KeyError for one that nobody computes."""
    return _sources[key](period)
