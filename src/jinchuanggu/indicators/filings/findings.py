"""What the checks say about filings as kept, or as they would stand with other figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.indicators.checks.judging import FilingContext, Finding, check, check_many, figure
from jinchuanggu.indicators.filings.access import OPEN, holders_many, variant_of, writers
from jinchuanggu.indicators.filings.context import contexts_of
from jinchuanggu.indicators.forms.model import Form
from jinchuanggu.indicators.models import Filing

Cells = Mapping[str, str]


def findings_of(
    form: Form, row: Filing, *, cells: Cells | None = None, explanations: Mapping[str, str] | None = None
) -> tuple[list[Finding], dict[str, Decimal | None]]:
    """What is found in one filing, and what its values (totals, shares) come to."""
    context = contexts_of(form, [row], cells=None if cells is None else {row.pk: cells})[0]
    if explanations is not None:
        context = replace(context, explanations=explanations)
    return check(form, context), values_of(form, context)


def values_before(form: Form, cells: Mapping[str, Decimal | None]) -> dict[str, Decimal | None]:
    """The values of other figures, such as those of the period before."""
    return values_of(form, FilingContext(cells))


def values_of(form: Form, context: FilingContext) -> dict[str, Decimal | None]:
    """What the system works out from the figures: totals and shares, to two decimal places."""
    values: dict[str, Decimal | None] = {}
    for name in form.values:
        made = figure(form, context, name)
        values[name] = None if made is None else (
            (Decimal(made.numerator) / Decimal(made.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        )  # fmt: skip
    return values


def findings_many(
    form: Form, filings: Sequence[Filing], *, cells: Mapping[int, Cells] | None = None,
    said: Mapping[int, Mapping[str, str]] | None = None,
) -> dict[int, list[Finding]]:  # fmt: skip
    """The same for many filings of one form and period, by filing; `cells` are those they would have."""
    if not filings:
        return {}
    contexts = contexts_of(form, filings, cells=cells)
    if said:
        contexts = [
            replace(one, explanations=said[row.pk]) if row.pk in said else one
            for row, one in zip(filings, contexts, strict=True)
        ]
    return {row.pk: found for row, found in zip(filings, check_many(form, contexts), strict=True)}


def writable_many(actor: Actor, filings: Sequence[Filing]) -> set[int]:
    """Those of the filings that this hat may change now; two queries at most for each level among them."""
    found: set[int] = set()
    by_level: dict[str, list[Filing]] = {}
    for row in filings:
        if row.state in OPEN:
            by_level.setdefault(variant_of(row), []).append(row)
    for level, rows in by_level.items():
        if actor.role in writers(level):
            held = holders_many(rows, actor.role)
            found |= {row.pk for row in rows if actor.organisation_id in held.get(row.pk, set())}
    return found
