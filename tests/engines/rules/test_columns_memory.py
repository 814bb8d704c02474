"""Memory of a run is bounded by its results, whatever the number of rows."""

from __future__ import annotations

import tracemalloc

import numpy as np

from jinchuanggu.engines.rules.columns import Population, evaluate_columns
from jinchuanggu.engines.rules.formulas import Quotient
from tests.engines.rules.strategies import ON
from tests.engines.rules.test_columns_edges import rules_of


def peak(rows: int) -> int:
    columns = {"a": np.arange(rows, dtype=float) % 97, "b": np.arange(rows, dtype=float) % 89}
    rules, population = rules_of(Quotient("a", "b"), "30", "60"), Population(rows, columns)
    tracemalloc.start()
    evaluate_columns(rules, population, ON, chunk=2000, criteria=(), scores=False)
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def test_ten_times_the_rows_need_only_room_for_ten_times_the_results() -> None:
    small, great = peak(20_000), peak(200_000)
    assert great - small < 2 * 180_000  # a verdict is one byte a row
