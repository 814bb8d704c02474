"""All firms of a form and a period in one table: key figures with their change, what was found, the worst first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count

from jinchuanggu.engines.periods import Period
from jinchuanggu.indicators.filings.batches import OPEN
from jinchuanggu.indicators.filings.context import SENT
from jinchuanggu.indicators.filings.findings import findings_many
from jinchuanggu.indicators.filings.view import change_words
from jinchuanggu.indicators.filings.words import decimal_of, place_words, state_label
from jinchuanggu.indicators.forms.model import Cell, Form
from jinchuanggu.indicators.models import CellComment, Filing
from jinchuanggu.indicators.places import directory
from jinchuanggu.indicators.store.units import names_of

HEADS = 5


def key_cells(form: Form) -> list[Cell]:
    """The cells a checker looks at first: those compared with the firm's own past, else the first ones."""
    named = [key for check in form.checks if check.kind in ("outlier", "change") for key in check.cells]
    keys = [key for key in dict.fromkeys(named) if key in form.cells and not form.cells[key].readonly]
    chosen = keys or [cell.key for cell in form.typed]
    return [form.cells[key] for key in chosen[:HEADS]]


def severity_of(findings: Iterable[Any]) -> tuple[int, int, int]:
    """How bad: hard ones, soft ones that nobody explained, soft ones explained."""
    listed = list(findings)
    hard = sum(str(one.severity) == "hard" for one in listed)
    soft = sum(str(one.severity) == "soft" and not one.explained for one in listed)
    return hard, soft, len(listed) - hard - soft


def ready(findings: Sequence[Any]) -> bool:
    """Nothing hard, nothing that waits for an explanation."""
    return severity_of(findings)[:2] == (0, 0)


def before_many(form: Form, filings: Sequence[Filing]) -> dict[int, Mapping[str, Any]]:
    """The cells of the period before by unit; one query."""
    if not filings:
        return {}
    period = Period.numbered(filings[0].period).shift(-1).number
    rows = Filing.objects.filter(
        form=form.id, period=period, unit_id__in=[row.unit_id for row in filings], state__in=SENT
    )
    return dict(rows.values_list("unit_id", "cells"))


def lines(
    form: Form, filings: Sequence[Filing], today: date, findings: Mapping[int, Sequence[Any]], ticked: set[int],
    states: Sequence[str],
) -> list[dict[str, Any]]:  # fmt: skip
    """Rows for `indicators/filings/batch.html`, in the order given; `states`: those of which rows can be ticked."""
    names = names_of([row.unit for row in filings])
    before = before_many(form, filings)
    places = directory().places({row.valley_id for row in filings if row.valley_id})
    comments = dict(
        CellComment.objects.filter(filing__in=[row.pk for row in filings], resolved_at__isnull=True)
        .order_by().values_list("filing_id").annotate(n=Count("pk"))
    )  # fmt: skip
    cells, shown = key_cells(form), []
    for row in filings:
        old = before.get(row.unit_id, {})
        values = [(decimal_of(old.get(cell.key)), decimal_of(row.cells.get(cell.key))) for cell in cells]
        shown.append(
            {
                "pk": row.pk, "url": row.get_absolute_url(), "unit": names.get(row.unit_id, ""), "origin": row.origin,
                "place": place_words(places.get(row.valley_id or 0)),
                "findings": [_said(one, row) for one in findings.get(row.pk, ())],
                "empty": not row.revision, "values": [{"value": now, "change": change_words(was, now)} for was, now in values],
                "state": state_label(row.state), "late": bool(row.late) and row.state not in OPEN,
                "overdue": row.submitted_at is None and row.due_on < today, "comments": comments.get(row.pk, 0),
                "tick": row.state in states, "ticked": row.pk in ticked,
            }
        )  # fmt: skip
    return shown


def _said(one: Any, row: Filing) -> dict[str, Any]:
    return {
        "severity": str(one.severity), "message": one.message, "explained": one.explained,
        "explanation": row.explanations.get(one.id, "") if one.explained else "",
    }  # fmt: skip


def ordered(form: Form, filings: list[Filing]) -> tuple[list[Filing], dict[int, list[Any]]]:
    """The filings with what was found in them, outliers first; untouched ones last."""
    filled = [row for row in filings if row.revision]
    findings = {pk: list(found) for pk, found in findings_many(form, filled).items()}

    def weight(row: Filing) -> tuple[int, int, int, int, int]:
        hard, soft, said = severity_of(findings.get(row.pk, ()))
        return (0 if row.revision else 1, -hard, -soft, -said, row.pk)

    return sorted(filings, key=weight), findings
