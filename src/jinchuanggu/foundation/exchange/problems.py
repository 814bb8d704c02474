"""What is wrong in a workbook: where, what stands there, and what would be right."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

KEPT = 1000
"""So many problems are kept with the run; the handed-back workbook carries all of them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. `row` counts as Excel does; 0 means the sheet, `column` "" the row as a whole."""

    sheet: str
    row: int
    column: str
    value: str
    message: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class BadFile(Exception):
    """The file cannot be read at all; every message is said to the person who sent it."""

    def __init__(self, *messages: str) -> None:
        super().__init__("；".join(messages))
        self.messages = list(messages)
