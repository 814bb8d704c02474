"""When the conditions that a valley doesn't meet will be met at its present pace: for its dossier and for the cockpit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from jinchuanggu.engines.forecast import Reach
from jinchuanggu.indicators.outlook import conditions, outlook
from jinchuanggu.indicators.outlook_words import error_words, model_words, words_of
from jinchuanggu.programme import facts
from jinchuanggu.programme.facts import ASSUMED_KIND
from jinchuanggu.programme.models import Valley


@dataclass(frozen=True, slots=True)
class Outlook:
    """One unmet condition. `words`: month, interval and past error in a sentence; `method`, `error`: for a table."""

    criterion: str
    title: dict[str, str]
    unit: str
    reach: Reach
    words: str
    method: str
    error: str


def unmet(result: dict[str, Any]) -> Iterator[str]:
    """Ids of the criteria of a verdict tree that are not met and have no parts."""
    for criterion in result.get("criteria", ()):
        yield from _unmet(criterion)


def _unmet(criterion: dict[str, Any]) -> Iterator[str]:
    children = criterion.get("children") or ()
    if not children and criterion.get("status") == "not_met":
        yield str(criterion["id"])
    for child in children:
        yield from _unmet(child)


def outlooks(valley: Valley, on: date | None = None) -> list[Outlook]:
    """The conditions on figures that the verdict finds unmet, each with its outlook; none for one known from pages only.

    Judges the valley (a few queries); the forecasts themselves are kept until a value changes.
    """
    if valley.published_only:
        return []
    today = on or timezone.localdate()
    wanted = set(unmet(dict(facts.judge(valley, on).as_dict())))
    kind = valley.kind or ASSUMED_KIND
    found = outlook(valley.pk, today, kind=kind, only=wanted)
    criteria = {criterion.id: criterion for criterion in conditions(kind, today)}
    return [
        Outlook(
            criterion=name,
            title={"zh": str(criteria[name].title.zh), "en": str(criteria[name].title.en)},
            unit=criteria[name].test.unit,  # type: ignore[union-attr]
            reach=reach,
            words=words_of(reach),
            method=model_words(reach) if reach.model else "",
            error=error_words(reach.error),
        )
        for name, reach in found.items()
    ]
