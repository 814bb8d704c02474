"""What is wrong with a cell or a column, where it stands, and what would be right."""

from __future__ import annotations

from dataclasses import dataclass

from jinchuanggu.engines.rules.texts import Lang, Text


class Unfit(Exception):
    """A value that does not fit its column; ``text`` says what would."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One cell. ``row`` counts as Excel does; ``column`` is its letter, ``head`` the words above it."""

    sheet: str
    row: int
    column: str
    head: str
    value: str
    text: Text

    def render(self, lang: Lang = "zh") -> str:
        return f"{self.sheet}!{self.column}{self.row} {self.head}={self.value!r}：{self.text.get(lang)}"

    def as_dict(self) -> dict[str, object]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "head": self.head,
            "value": self.value,
            "message": self.text.as_dict(),
        }


class BadBook(Exception):
    """The file cannot be used at all."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def letter(position: int) -> str:
    """The letter of a column by its position from 0: A, B, … Z, AA."""
    letters, position = "", position + 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
