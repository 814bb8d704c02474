"""A letter as plain JSON data and back, so that it can be kept exactly before anybody asks for a file of it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from .model import Attachment, Chart, Heading, KeyValue, Letter, Paragraph, Table
from .numbers import IssuingNumber

_PARTS = {
    part.__name__: part
    for part in (Letter, Paragraph, Heading, Table, KeyValue, Chart, Attachment, IssuingNumber)
}


def dump(value: Any) -> Any:
    """JSON-safe data of a letter or a part of one."""
    if is_dataclass(value) and not isinstance(value, type):
        return {"part": type(value).__name__, **{f.name: dump(getattr(value, f.name)) for f in fields(value)}}
    if isinstance(value, tuple | list):
        return [dump(item) for item in value]
    if isinstance(value, date):
        return {"part": "date", "day": value.isoformat()}
    return value


def load(data: Any) -> Any:
    """The letter (or part) that `dump` was given. Raises KeyError, TypeError or LetterError for anything else."""
    if isinstance(data, dict):
        if data["part"] == "date":
            return date.fromisoformat(data["day"])
        return _PARTS[data["part"]](**{name: load(item) for name, item in data.items() if name != "part"})
    if isinstance(data, list):
        return tuple(load(item) for item in data)
    return data
