"""How a raw value looks on a screen and what it is in a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.ui.formats import money

FORMATS = (
    "text", "choice", "bool", "date", "datetime", "integer", "decimal", "money", "reference", "many", "tags", "url",
    "origin", "code",
)  # fmt: skip
NUMERIC = frozenset({"integer", "decimal", "money"})
EMPTY = "—"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value ready to be set: `exact` is the full value where `text` is shortened."""

    text: str
    exact: str = ""
    numeric: bool = False
    kind: str = "text"
    raw: Any = None


def show(kind: str, value: Any, choices: dict[Any, Any] | None = None) -> Cell:
    """The cell of one value. An absent value is a dash, never a zero."""
    if value is None or value == "" or value == []:
        return Cell(EMPTY, numeric=kind in NUMERIC, kind=kind)
    if kind in {"choice", "origin"}:
        return Cell(str((choices or {}).get(value, value)), kind=kind, raw=value)
    if kind == "money":
        figure = money(value)
        return Cell(str(figure), exact=figure.exact, numeric=True, kind=kind, raw=value)
    return Cell(plain(kind, value), numeric=kind in NUMERIC, kind=kind, raw=value)


def plain(kind: str, value: Any) -> str:
    """The text of a value in the reader's language, without markup."""
    if isinstance(value, bool) or kind == "bool":
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return (
            timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if timezone.is_aware(value) else str(value)
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "；".join(str(item) for item in value)
    if kind == "integer" and isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    return str(value)
