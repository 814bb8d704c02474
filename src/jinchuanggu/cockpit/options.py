"""What the reader may choose: the months of the slider, the indicators by group."""

from __future__ import annotations

from typing import Any

from jinchuanggu.cockpit.page import Page
from jinchuanggu.cockpit.settings import settings
from jinchuanggu.indicators.definitions.library import LEVELS
from jinchuanggu.indicators.definitions.words import group_word
from jinchuanggu.indicators.models import UnitLevel


def months(page: Page) -> list[str]:
    """The newest last, back as far as lines go."""
    return [str(page.newest.shift(-back)) for back in range(settings().trend_months - 1, -1, -1)]


def indicator_groups(page: Page) -> list[dict[str, Any]]:
    """Every indicator with a value at the level looked at, by group in the order of the catalogue.

    Of a real province only what no record computes: pages publish it.
    """
    lowest = {UnitLevel.FIRM: 0, UnitLevel.VALLEY: 1, UnitLevel.CITY: 2, UnitLevel.PROVINCE: 3}[
        UnitLevel(page.place.level)
    ]
    groups: dict[str, list[dict[str, Any]]] = {}
    for key, one in page.known.items():
        if one.level not in LEVELS or LEVELS.index(one.level) > lowest:
            continue
        if page.published and not (one.judged or one.source == "published"):
            continue
        if not page.published and one.source == "published" and not one.judged:
            continue
        groups.setdefault(one.group, []).append({"value": key, "label": one.name, "on": key == page.key})
    return [
        {"label": group_word(name) if name else "", "options": options} for name, options in groups.items()
    ]
