"""Indicators: their definitions, the reports of figures, the store of values, and the filings that fill it."""

from jinchuanggu.indicators.models.definitions import (
    Aggregation,
    IndicatorDefinition,
    OverTime,
    PeriodType,
    Source,
)
from jinchuanggu.indicators.models.figures import Figure, SourceKind
from jinchuanggu.indicators.models.filings import CellComment, Filing, FilingVersion
from jinchuanggu.indicators.models.store import Breakdown, Unit, UnitLevel, Value, ValueSource

__all__ = [
    "Aggregation",
    "Breakdown",
    "CellComment",
    "Figure",
    "Filing",
    "FilingVersion",
    "IndicatorDefinition",
    "OverTime",
    "PeriodType",
    "Source",
    "SourceKind",
    "Unit",
    "UnitLevel",
    "Value",
    "ValueSource",
]
