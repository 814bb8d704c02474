"""The state of a simulation as an address: which rules, which day, which numbers, which list. A link is a scenario."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.dateparse import parse_date

from jinchuanggu.engines.cells import plain

LISTS = ("winners", "losers", "more", "less", "uncertain")
PAY = "pay:"
WAN = "wan:"
"""Before the key of an amount in yuan that a field shows in 万元; an address that the screen writes is in yuan."""
_KEY = re.compile(r"^[a-z_]+:[^\s=&]{1,160}$")
MOST_TURNS = 200
_MOST = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks of a rule set. `turns`: knob key to number; `pay`: year to the share paid, in percent;
    `unread`: keys whose value is no number, with what was typed."""

    rule_set: str
    version: date | None
    on: date
    today: date
    turns: Mapping[str, Decimal] = field(default_factory=dict)
    pay: Mapping[int, Decimal] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    show: str = LISTS[0]
    page: int = 1

    def only(self, turns: Mapping[str, Decimal], pay: Mapping[int, Decimal]) -> Asked:
        """With only what differs from the rules in force, so that the address holds nothing idle."""
        return replace(self, turns=turns, pay=pay)

    def query(self, **changed: Any) -> str:
        """The query string; `show` and `page` may be changed, `numbers=False` leaves the turned numbers out."""
        numbers = changed.pop("numbers", True)
        pairs: list[tuple[str, str]] = []
        if self.version is not None:
            pairs.append(("v", self.version.isoformat()))
        if self.on != self.today:
            pairs.append(("on", self.on.isoformat()))
        if numbers:
            pairs += [(key, plain(value)) for key, value in sorted(self.turns.items())]
            pairs += [(f"{PAY}{year}", plain(value)) for year, value in sorted(self.pay.items())]
        show, page = changed.get("show", self.show), changed.get("page", 1)
        if show != LISTS[0]:
            pairs.append(("show", show))
        if page > 1:
            pairs.append(("page", str(page)))
        return urlencode(pairs, safe=":")

    def url(self, name: str = "simulate", **changed: Any) -> str:
        query = self.query(**changed)
        path = reverse(name, args=[self.rule_set])
        return f"{path}?{query}" if query else path


def read(rule_set: str, data: QueryDict, today: date) -> Asked:
    """Out of an address; what cannot be read is kept as `unread`, unknown names are left alone."""
    turns: dict[str, Decimal] = {}
    pay: dict[int, Decimal] = {}
    unread: dict[str, str] = {}
    for key in list(data)[:MOST_TURNS]:
        typed = str(data[key]).strip()
        if not _KEY.match(key) or typed == "":
            continue
        value = number(typed)
        if key.startswith(WAN):
            key, value = key.removeprefix(WAN), value if value is None else number(plain(value * 10_000))
            if not _KEY.match(key):
                continue
        if value is None:
            unread[key] = typed[:40]
        elif key.startswith(PAY):
            if key.removeprefix(PAY).isdecimal() and len(key) == len(PAY) + 4:
                pay[int(key.removeprefix(PAY))] = value
        else:
            turns[key] = value
    show, page = data.get("show", ""), data.get("page", "")
    return Asked(
        rule_set=rule_set,
        version=_day(data.get("v")),
        on=_day(data.get("on")) or today,
        today=today,
        turns=turns,
        pay=pay,
        unread=unread,
        show=show if show in LISTS else LISTS[0],
        page=int(page) if page.isdecimal() and 0 < len(page) < 6 and int(page) > 0 else 1,
    )


def number(typed: str) -> Decimal | None:
    """An exact number of a sensible size, or None."""
    try:
        value = Decimal(typed.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value) >= _MOST or len(value.as_tuple().digits) > 18:
        return None
    exponent = value.as_tuple().exponent
    return value if isinstance(exponent, int) and exponent >= -9 else None


def _day(typed: str | None) -> date | None:
    try:
        found = parse_date(typed or "")
    except ValueError:
        return None
    return found if found is None or 1990 <= found.year <= 2100 else None
