"""Reading data files strictly: every mistake of a file is found and said at once, with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from typing import Any

import yaml

from jinchuanggu.demo import partial_dates
from jinchuanggu.demo.partial_dates import PartialDate

Row = dict[str, Any]


class DataError(ValueError):
    """A data file that cannot be used; the message lists all that is wrong with it."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages."""

    zh: str
    en: str


@dataclass(slots=True)
class Reader:
    """Collects the errors of one file; `finish` raises them together."""

    file: str
    errors: list[str] = field(default_factory=list)

    def load(self) -> Row:
        text = (files("jinchuanggu.demo") / "data" / self.file).read_text(encoding="utf-8")
        data = yaml.safe_load(text)
        if not isinstance(data, dict):
            raise DataError(f"{self.file}: expected a mapping at the top")
        return data

    def error(self, where: str, what: str) -> None:
        self.errors.append(f"{self.file}: {where}: {what}")

    def finish(self) -> None:
        if self.errors:
            raise DataError("\n".join(self.errors))

    def keys(self, row: object, where: str, required: str, optional: str = "") -> Row:
        """The row itself, after saying which keys are missing or unknown (with the nearest name)."""
        if not isinstance(row, dict):
            self.error(where, f"expected a mapping, got {row!r}")
            return dict.fromkeys(required.split())
        known = [*required.split(), *optional.split()]
        for key in row:
            if key not in known:
                near = difflib.get_close_matches(str(key), known, 1)
                self.error(where, f"unknown key {key!r}" + (f", did you mean {near[0]!r}?" if near else ""))
        for key in required.split():
            if key not in row:
                self.error(where, f"missing key {key!r}")
        return {**dict.fromkeys(known), **row}

    def text(self, value: object, where: str) -> Text | None:
        if value is None:
            return None
        row = self.keys(value, where, "zh en")
        if not row["zh"] or not row["en"]:
            self.error(where, "both zh and en are needed")
        return Text(str(row["zh"]), str(row["en"]))

    def must_text(self, value: object, where: str) -> Text:
        text = self.text(value, where)
        if text is None:
            self.error(where, "a text {zh, en} is needed")
        return text or Text("", "")

    def date(self, value: object, where: str) -> PartialDate:
        try:
            return partial_dates.parse(value)
        except ValueError as wrong:
            self.error(where, str(wrong))
            return partial_dates.parse(None)

    def number(self, value: object, where: str) -> Decimal:
        try:
            if isinstance(value, bool):
                raise InvalidOperation
            number = Decimal(str(value))
        except InvalidOperation:
            self.error(where, f"expected a number, got {value!r}")
            return Decimal(0)
        if not number.is_finite() or number < 0:
            self.error(where, f"must be zero or more, got {value!r}")
        return number

    def one_of(self, value: object, allowed: Iterable[str], where: str) -> str:
        names = list(allowed)
        if value not in names:
            near = difflib.get_close_matches(str(value), names, 1)
            hint = f", did you mean {near[0]!r}?" if near else f"; allowed: {', '.join(names[:12])}"
            self.error(where, f"unknown {value!r}{hint}")
        return str(value)
