"""Lists: columns hold an index of the distinct lists, so each distinct one is looked at once."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from jinchuanggu.engines.rules.columns.chunk import Chunk
from jinchuanggu.engines.rules.columns.population import Array, Listing
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.model import Count, Includes
from jinchuanggu.engines.rules.outcome import holds
from jinchuanggu.engines.rules.sets import qualifies


def counted(chunk: Chunk, name: str, where: Mapping[str, tuple[str, ...]]) -> Array:
    """How many items qualify; NaN while an item may or may not, or no list was given."""
    values = []
    for listing in chunk.population.listings.get(name, ()):
        found = [qualifies(item, where) for item in listing]
        values.append(np.nan if Status.NOT_EVIDENCED in found else float(found.count(Status.MET)))
    return _spread(chunk, name, np.array([*values, np.nan]))


def count(chunk: Chunk, test: Count) -> tuple[Array, Array]:
    """Surely and possibly met."""
    return _both(chunk, test.input, [_count(listing, test) for listing in _distinct(chunk, test.input)])


def includes(chunk: Chunk, test: Includes) -> tuple[Array, Array]:
    found = []
    for listing in _distinct(chunk, test.input):
        there = any(item.name == test.item for item in listing)
        found.append((there, there))
    return _both(chunk, test.input, found)


def _count(listing: Listing, test: Count) -> tuple[bool, bool]:
    if not listing:
        return False, False
    found = [qualifies(item, test.where) for item in listing]
    sure, open_ = found.count(Status.MET), found.count(Status.NOT_EVIDENCED)
    ends = [holds(Fraction(number), test.operator, test.limit) for number in range(sure, sure + open_ + 1)]
    return all(ends), any(ends)


def _distinct(chunk: Chunk, name: str) -> tuple[Listing, ...]:
    return chunk.population.listings.get(name, ())


def _both(chunk: Chunk, name: str, found: list[tuple[bool, bool]]) -> tuple[Array, Array]:
    sure = np.array([*(one for one, _ in found), False])
    possible = np.array([*(two for _, two in found), True])
    return _spread(chunk, name, sure), _spread(chunk, name, possible)


def _spread(chunk: Chunk, name: str, table: Array) -> Array:
    """The entry of the table for each row; its last one where no list was given."""
    column = chunk.column(name)
    found: Array = np.full(chunk.rows, table[-1]) if column is None else table[column]
    return found
