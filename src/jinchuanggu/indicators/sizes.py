"""How large a firm is, by the bands of `sizes.yaml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from jinchuanggu.indicators.definitions.library import _lang


@cache
def _read() -> dict[str, Any]:
    return dict(yaml.safe_load(files(__package__).joinpath("sizes.yaml").read_text("utf-8")))


def size_of(staff: int | None) -> str:
    """Code of the band in which a number of people lies; empty where it is unknown."""
    if staff is None:
        return ""
    return next(str(b["code"]) for b in _read()["bands"] if "below" not in b or staff < b["below"])


def size_label(code: str) -> str:
    """The band's name in the reader's language; an unknown code as it is."""
    return next((str(b["title"][_lang()]) for b in _read()["bands"] if b["code"] == code), code)
