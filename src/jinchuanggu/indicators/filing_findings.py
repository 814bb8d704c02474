"""What the checks say about filings as kept, or as they would stand with other figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from jinchuanggu.indicators.checks import Finding, check, check_many, figure
from jinchuanggu.indicators.filing_contexts import contexts_of
from jinchuanggu.indicators.forms_model import Form
from jinchuanggu.indicators.models import Filing

Cells = Mapping[str, str]


def findings_of(
    form: Form, row: Filing, *, cells: Cells | None = None, explanations: Mapping[str, str] | None = None
) -> tuple[list[Finding], dict[str, Decimal | None]]:
    """What is found in one filing, and what its values (totals, shares) come to."""
    context = contexts_of([row])[row.pk]
    if cells is not None:
        context = replace(context, cells=cells)
    if explanations is not None:
        context = replace(context, explanations=explanations)
    values: dict[str, Decimal | None] = {}
    for name in form.values:
        made = figure(form, context, name)
        values[name] = None if made is None else (
            (Decimal(made.numerator) / Decimal(made.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        )  # fmt: skip
    return check(form, context), values


def findings_many(
    form: Form, filings: Sequence[Filing], *, cells: Mapping[int, Cells] | None = None,
    said: Mapping[int, Mapping[str, str]] | None = None,
) -> dict[int, list[Finding]]:  # fmt: skip
    """The same for many filings of one form and period, by filing; `cells` are those they would have."""
    if not filings:
        return {}
    contexts = contexts_of(filings)
    listed = []
    for row in filings:
        context = contexts[row.pk]
        if cells and row.pk in cells:
            context = replace(context, cells=cells[row.pk])
        if said and row.pk in said:
            context = replace(context, explanations=said[row.pk])
        listed.append(context)
    return {row.pk: found for row, found in zip(filings, check_many(form, listed), strict=True)}
