"""Rows that were read as a population of the engine, built from lists of cells without a record for each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from jinchuanggu.commands.sheets.batch import Batch
from jinchuanggu.engines.rules.columns import Population
from jinchuanggu.engines.rules.model import Input, InputType


def population(batch: Batch, inputs: Mapping[str, Input]) -> Population:
    """The rows that can be judged (``batch.good``), in their order."""
    rows = batch.good if batch.bad else None
    count = len(batch) if rows is None else len(rows)
    columns: dict[str, Any] = {}
    codes: dict[str, tuple[str, ...]] = {}
    for key, values in batch.values.items():
        chosen = values if rows is None else [values[index] for index in rows]
        declared = inputs[key.partition("@")[0]]
        match declared.type:
            case InputType.NUMBER | InputType.SERIES | InputType.EXPERT:
                columns[key] = np.array(chosen, dtype=np.float64)
            case InputType.BOOLEAN:
                columns[key] = np.array([-1 if v is None else int(v) for v in chosen], dtype=np.int8)
            case InputType.DATE:
                columns[key] = np.array(chosen, dtype="datetime64[D]")
            case InputType.CODE:
                columns[key], codes[key] = _coded(chosen, declared)
            case _:
                continue
    return Population(count, columns, codes)


def _coded(values: Sequence[str | None], declared: Input) -> tuple[Any, tuple[str, ...]]:
    table = list(declared.options) or list(dict.fromkeys(v for v in values if v is not None))
    at = {code: index for index, code in enumerate(table)}
    return np.array([-1 if v is None else at[v] for v in values], dtype=np.int32), tuple(table)
