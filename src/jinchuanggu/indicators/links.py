"""Addresses of the pages behind figures, for whoever shows one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from jinchuanggu.engines.periods import Period

Group = tuple[str, str]


def indicator_url(key: str) -> str:
    """The page of an indicator."""
    return reverse("indicator", args=[key])


def records_url(key: str, unit_id: int, period: Period | str, group: Group | str | None = None) -> str:
    """The page of what is behind one value. `group`: dimension and code, or "field:新材料"."""
    keys = {"unit": str(unit_id), "period": str(period)}
    if group:
        keys["group"] = group if isinstance(group, str) else ":".join(group)
    return f"{reverse('indicator_records', args=[key])}?{urlencode(keys)}"


def parse_group(text: str) -> Group | None:
    """The group of an address; None for the total. Raises ValueError for a text that is no group."""
    if not text:
        return None
    dimension, colon, code = text.partition(":")
    if not colon or not dimension:
        raise ValueError(text)
    return dimension, code
