"""The five comparisons of official texts."""

from __future__ import annotations

from enum import StrEnum


class Operator(StrEnum):
    """Stored in the file with the words of the document that justify it."""

    AT_LEAST = ">="
    MORE = ">"
    AT_MOST = "<="
    LESS = "<"
    EQUAL = "=="
