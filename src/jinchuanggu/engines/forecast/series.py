"""A series as the models take it: without gaps, in its own scale, long enough - or the reason why nothing can be said."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Number = float | int | Decimal
SHORTEST = 8
"""Points below which a pace is an impression, not an estimate."""
_DIGITS = 12


class Reason(StrEnum):
    """Why nothing can be said."""

    NO_DATA = "no_data"
    TOO_SHORT = "too_short"
    GAPS = "gaps"
    CONSTANT = "constant"
    NOT_FINITE = "not_finite"


@dataclass(frozen=True, slots=True)
class Clean:
    """`values` divided by `scale`, the largest of them in size, so that yuan and 亿元 give the same answer."""

    values: Floats
    scale: float


def clean(values: Sequence[Number | None]) -> Clean | Reason:
    """The series without what is missing before its first and after its last value; a reason where it is of no use."""
    listed = list(values)
    while listed and listed[0] is None:
        listed.pop(0)
    while listed and listed[-1] is None:
        listed.pop()
    if not listed:
        return Reason.NO_DATA
    known = [float(value) for value in listed if value is not None]
    if len(known) < len(listed):
        return Reason.GAPS
    if not all(math.isfinite(value) for value in known):
        return Reason.NOT_FINITE
    if len(known) < SHORTEST:
        return Reason.TOO_SHORT
    scale = max(abs(value) for value in known)
    if scale == 0:
        return Reason.CONSTANT
    # rounded, so that the same series in another unit takes the same path through the optimiser
    scaled = np.round(np.asarray(known, dtype=np.float64) / scale, _DIGITS)
    return Reason.CONSTANT if np.ptp(scaled) < 10 ** -(_DIGITS - 2) else Clean(scaled, scale)
