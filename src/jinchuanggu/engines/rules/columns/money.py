"""What a benefit comes to over a chunk: yuan rounded to the fen as the exact evaluation rounds, NaN where not known."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from jinchuanggu.engines.rules.columns.chunk import ULP, Chunk
from jinchuanggu.engines.rules.columns.exactly import Exactly
from jinchuanggu.engines.rules.columns.numbers import number
from jinchuanggu.engines.rules.columns.population import Array
from jinchuanggu.engines.rules.schedule import share_paid


def amounts(chunk: Chunk, share: Fraction | None = None) -> tuple[Array, Array]:
    """Least and most in yuan; one array where they are the same."""
    benefit = chunk.program.rule_set.benefit
    if benefit is None or benefit.low is None or benefit.high is None:
        none = np.full(chunk.rows, np.nan)
        return none, none
    paid = share_paid(benefit, chunk.on) if share is None else share
    low = _yuan(chunk, benefit.low, paid)
    if benefit.high == benefit.low:
        return low, low
    high = _yuan(chunk, benefit.high, paid)
    gone = np.isnan(low) | np.isnan(high)
    if gone.any():
        low, high = np.where(gone, np.nan, low), np.where(gone, np.nan, high)
    return low, high


def _yuan(chunk: Chunk, name: str, share: Fraction) -> Array:
    num = number(chunk, name)
    fen = num.x * float(share * 100)
    halves = np.abs(fen - np.floor(fen) - 0.5)
    error = 4 * (num.rho + 4 * ULP) * np.maximum(num.size() * 100, np.abs(fen))
    whole = np.rint(fen)
    near = np.flatnonzero(halves <= error)
    if near.size:
        exact = Exactly(chunk, near).number(name).scaled(share * 100)
        # half up: the floor of twice as much and one more, halved
        doubled = exact.scaled(Fraction(2)).plus(exact.constant_like(Fraction(1))).scaled(Fraction(1, 2))
        whole[near] = doubled.floors().astype(np.float64)
    return np.maximum(whole, 0.0) / 100
