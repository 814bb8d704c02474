"""What a person typed into a filing: figures by cell, explanations by check, and what in it is no figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict

from jinchuanggu.engines.cells import plain
from jinchuanggu.foundation.exchange.cells import Unfit
from jinchuanggu.indicators.filings.sheet.values import figure
from jinchuanggu.indicators.filings.words import decimal_of
from jinchuanggu.indicators.forms.model import Form
from jinchuanggu.indicators.models import Filing

LONGEST = 500


@dataclass
class Typed:
    """`texts` as they stand in the fields, `cells` the figures of those that are some, `errors` words for the others.

    `revision` is what the page showed.
    """

    texts: dict[str, str] = field(default_factory=dict)
    cells: dict[str, Decimal | None] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    explanations: dict[str, str] = field(default_factory=dict)
    revision: int = 0

    @property
    def kept(self) -> dict[str, str]:
        """The figures as a filing keeps them, for checking; empty cells left out."""
        return {key: plain(value) for key, value in self.cells.items() if value is not None}


def of_filing(form: Form, row: Filing) -> Typed:
    """What is kept, as fields show it."""
    found = Typed(explanations=dict(row.explanations), revision=row.revision)
    for cell in form.typed:
        value = decimal_of(row.cells.get(cell.key))
        found.cells[cell.key] = value
        found.texts[cell.key] = "" if value is None else plain(value)
    return found


def of_post(form: Form, row: Filing, post: QueryDict) -> Typed:
    """What was sent; a field that was not sent keeps its figure."""
    found = of_filing(form, row)
    found.revision = _number(post.get("version", ""), row.revision)
    for cell in form.typed:
        name = field_of(cell.key)
        if name not in post:
            continue
        found.texts[cell.key] = text = str(post[name]).strip()[:60]
        try:
            found.cells[cell.key] = figure(cell, text)
        except Unfit as unfit:
            found.errors[cell.key] = str(unfit)
    checks = {check.id for check in form.checks}
    for name, words in post.items():
        if name.startswith("e-") and name[2:].partition(":")[0] in checks:
            found.explanations[name[2:62]] = str(words).replace("\x00", "").strip()[:LONGEST]
    return found


def field_of(key: str) -> str:
    """The name and id of a cell's field."""
    return f"c-{key}"


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else default


def differences(form: Form, mine: Typed, theirs: Mapping[str, Decimal | None]) -> list[dict[str, str]]:
    """Where two people disagree: `{label, old (theirs), new (mine)}` for each cell."""
    rows = []
    for cell in form.typed:
        old, new = theirs.get(cell.key), mine.cells.get(cell.key)
        if old != new or cell.key in mine.errors:
            rows.append(
                {
                    "label": cell.name,
                    "old": "" if old is None else plain(old),
                    "new": mine.texts.get(cell.key, ""),
                }
            )
    return rows
