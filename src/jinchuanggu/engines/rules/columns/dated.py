"""Days: ages and remaining times, in whole numbers, NaN where the day is not known."""

from __future__ import annotations

from datetime import date

import numpy as np

from jinchuanggu.engines.rules.columns.chunk import Chunk
from jinchuanggu.engines.rules.columns.population import Array
from jinchuanggu.engines.rules.dates import NEVER

_EPOCH = date(1970, 1, 1)
_NONE = np.iinfo(np.int64).min


def days_of(day: date) -> int:
    """Days since 1970, as datetime64[D] counts."""
    return (day - _EPOCH).days


def days(chunk: Chunk, name: str) -> Array | None:
    """A column of dates as days since 1970 (the least int64 where not known); None: known of nobody."""
    column = chunk.column(name)
    return None if column is None else column.view(np.int64)


def age(chunk: Chunk, since: str, unit: str, begun: bool = False) -> Array:
    """Full (or begun) days, months or years up to the day of the judgement."""
    column = chunk.column(since)
    if column is None:
        return np.full(chunk.rows, np.nan)
    counts = column.view(np.int64)
    gone = (counts == _NONE) | (counts == days_of(NEVER))
    if unit == "days":
        found = (days_of(chunk.on) - counts).astype(np.float64)
    else:
        months = column.astype("datetime64[M]")
        day = (column - months.astype("datetime64[D]")).view(np.int64) + 1
        now = (chunk.on.year - 1970) * 12 + chunk.on.month - 1
        passed = now - months.view(np.int64)
        if begun:
            passed = passed + (chunk.on.day > day)
            found = (passed if unit == "months" else -(-passed // 12)).astype(np.float64)
        else:
            passed = passed - (chunk.on.day < day)
            found = (passed if unit == "months" else passed // 12).astype(np.float64)
    if gone is not None:
        found[gone] = np.nan
    return found


def remaining(chunk: Chunk, until: str) -> Array:
    """Days from the day of the judgement to a date."""
    counts = days(chunk, until)
    if counts is None:
        return np.full(chunk.rows, np.nan)
    found = (counts - days_of(chunk.on)).astype(np.float64)
    gone = counts == _NONE
    if gone.any():
        found[gone] = np.nan
    return found
