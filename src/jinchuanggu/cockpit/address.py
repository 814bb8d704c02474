"""What the address bar says of the cockpit: which data, which month, which indicator, by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from jinchuanggu.engines.periods import Period, PeriodKind

ORIGINS = ("real", "simulated")
BY = ("valley", "city")
GROUPS = ("field", "kind", "size")


@dataclass(frozen=True, slots=True)
class Asked:
    """`at`: the month looked at, None for the newest; `by`: what is ranked; `group`: how firms are broken down."""

    origin: str
    at: Period | None = None
    key: str = ""
    by: str = "valley"
    group: str = "field"
    wall: bool = False

    def query(self, **changes: Any) -> str:
        """The state as a query string, with some of it changed; what is left to its default is left out."""
        state = replace(self, **changes)
        parts = {
            "origin": state.origin,
            "at": str(state.at) if state.at else "",
            "key": state.key,
            "by": state.by if state.by != "valley" else "",
            "group": state.group if state.group != "field" else "",
            "wall": "1" if state.wall else "",
        }
        return urlencode({name: value for name, value in parts.items() if value})


def read(given: Mapping[str, Any], origin: str) -> Asked:
    """From the address bar; what is unknown is ignored. `origin`: the kind of data shown without being asked for."""

    def one_of(name: str, allowed: tuple[str, ...], otherwise: str) -> str:
        value = str(given.get(name, ""))
        return value if value in allowed else otherwise

    return Asked(
        origin=one_of("origin", ORIGINS, origin),
        at=month(str(given.get("at", ""))),
        key=str(given.get("key", ""))[:60],
        by=one_of("by", BY, "valley"),
        group=one_of("group", GROUPS, "field"),
        wall=str(given.get("wall", "")) == "1",
    )


def month(text: str) -> Period | None:
    try:
        found = Period.parse(text)
    except ValueError:
        return None
    return found if found.kind is PeriodKind.MONTH else None
