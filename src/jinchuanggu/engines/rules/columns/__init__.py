"""Rule sets over many subjects at once, in columns (numpy); the results are those of ``evaluate`` row by row."""

from __future__ import annotations

from jinchuanggu.engines.rules.columns.population import Population
from jinchuanggu.engines.rules.columns.run import CHUNK, Columns, evaluate_columns

__all__ = ["CHUNK", "Columns", "Population", "evaluate_columns"]
