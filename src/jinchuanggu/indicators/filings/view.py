"""A filing as its page shows it: sections of cells with the last period beside them, findings, comments, totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.ui.formats import english
from jinchuanggu.indicators.filings.context import SENT
from jinchuanggu.indicators.filings.typed import Typed, field_of
from jinchuanggu.indicators.filings.words import decimal_of
from jinchuanggu.indicators.forms.model import Cell, Form, words
from jinchuanggu.indicators.models import CellComment, Filing

SOURCE_ICONS = {"before": "history", "record": "database", "value": "math", "sum": "math", "last": "history"}


def change_words(before: Decimal | None, now: Decimal | None) -> str:
    """The change against the last period: in percent, or as a difference from nothing."""
    if before is None or now is None:
        return ""
    if before == now:
        return _("持平")
    if before == 0:
        return f"{now:+,f}"
    percent = ((now - before) / abs(before) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return (
        f"{percent:+,f}%"
        if abs(percent) < 1000
        else f"×{(now / before).quantize(Decimal('0.1'), ROUND_HALF_UP):,f}"
    )


def before_of(row: Filing) -> dict[str, Decimal | None]:
    """The figures of the unit's filing one period earlier."""
    period = Period.numbered(row.period).shift(-1).number
    sent = Filing.objects.filter(form=row.form, unit_id=row.unit_id, period=period, state__in=SENT)
    found = sent.values_list("cells", flat=True).first()
    return {key: decimal_of(value) for key, value in (found or {}).items()}


def talks_of(row: Filing) -> dict[str, dict[str, Any]]:
    """`{cell: {rows, count, open}}` of the comments, the open ones first; "" for those on the whole filing."""
    by_cell: defaultdict[str, list[CellComment]] = defaultdict(list)
    for one in row.comments.all():
        by_cell[one.cell].append(one)
    return {cell: talk(rows) for cell, rows in by_cell.items()}


def talk(rows: Iterable[CellComment]) -> dict[str, Any]:
    """`{rows, count, open}`: the comments of one cell, open ones first."""
    listed = sorted(rows, key=lambda one: (one.resolved_at is not None, one.pk))
    return {"rows": listed, "count": len(listed), "open": sum(one.resolved_at is None for one in listed)}


def sections_of(
    form: Form,
    row: Filing,
    typed: Typed,
    findings: Sequence[Any],
    before: Mapping[str, Decimal | None],
    talks: Mapping[str, dict[str, Any]],
    derived: Mapping[str, Decimal | None],
) -> list[dict[str, Any]]:
    """Sections for `indicators/filings/filing.html`; what the system works out stands in a section of its own."""
    at_cell, asked = _placed(form, findings)
    shown = []
    for section in form.sections:
        cells = [
            _cell(form, row, cell, typed, at_cell.get(cell.key, []), asked, before, talks.get(cell.key))
            for cell in section.cells
        ]
        shown.append({"key": section.id, "title": section.name, "cells": cells})
    totals = [_total(form, name, value, before) for name, value in derived.items()]
    if totals:
        shown.append({"key": "totals", "title": _("系统计算，不用填"), "cells": totals})
    return shown


def _placed(form: Form, findings: Sequence[Any]) -> tuple[dict[str, list[Any]], dict[str, str]]:
    """Findings by the cell they are told at, and for each soft one the cell that asks for its explanation."""
    at_cell: defaultdict[str, list[Any]] = defaultdict(list)
    asked: dict[str, str] = {}
    for one in findings:
        told = [key for key in one.cells if key in form.cells] or [next(iter(form.cells))]
        for key in told:
            at_cell[key].append(one)
        asked.setdefault(one.id, told[0])
    return at_cell, asked


def _cell(
    form: Form, row: Filing, cell: Cell, typed: Typed, findings: list[Any], asked: Mapping[str, str],
    before: Mapping[str, Decimal | None], talk_: dict[str, Any] | None,
) -> dict[str, Any]:  # fmt: skip
    offered = row.prefilled.get(cell.key) or {}
    value = decimal_of(offered.get("value")) if cell.readonly else typed.cells.get(cell.key)
    told = [
        {
            "id": one.id, "severity": str(one.severity), "message": one.message, "explained": one.explained,
            "asks": str(one.severity) == "soft" and asked.get(one.id) == cell.key,
            "home": asked.get(one.id) == cell.key,
            "explanation": typed.explanations.get(one.id, ""),
        }
        for one in findings
    ]  # fmt: skip
    hard = cell.key in typed.errors or any(one["severity"] == "hard" for one in told)
    soft = any(one["severity"] == "soft" and not one["explained"] for one in told)
    return {
        "key": cell.key, "id": field_of(cell.key), "label": cell.name, "unit": cell.unit_label, "help": cell.help,
        "why": cell.reason, "required": cell.required, "total": cell.readonly, "value": value, "shown": value,
        "text": typed.texts.get(cell.key, ""), "before": before.get(cell.key),
        "change": change_words(before.get(cell.key), value), "source": _source(form, cell, offered, value),
        "error": typed.errors.get(cell.key, ""), "findings": told, "found": "hard" if hard else "soft" if soft else "",
        "talk": talk_ or talk(()),
    }  # fmt: skip


def _total(
    form: Form, name: str, value: Decimal | None, before: Mapping[str, Decimal | None]
) -> dict[str, Any]:
    from jinchuanggu.engines.rules.units import UNITS

    return {
        "key": name, "id": field_of(name), "label": words(form.title_of(name)), "help": "", "why": "",
        "unit": words(UNITS[form.unit_of(name)].label), "required": False, "total": True, "value": value,
        "shown": value, "text": "", "before": before.get(name), "change": change_words(before.get(name), value),
        "source": None, "error": "", "findings": [], "found": "", "talk": None, "derived": True,
    }  # fmt: skip


def _source(
    form: Form, cell: Cell, offered: Mapping[str, Any], value: Decimal | None
) -> dict[str, str] | None:
    """The chip of a prefilled or offered figure."""
    if not offered or cell.prefill not in form.references:
        return None
    reference = form.references[cell.prefill]
    if reference.take == "before" and reference.back == 1 and not cell.fill:
        return None  # it stands beside the cell already
    source = offered.get("source")
    said = _either(source) if isinstance(source, dict) else str(source or words(reference.source))
    number = decimal_of(offered.get("value"))
    if number is None:
        return None
    if cell.readonly or (cell.fill and number == value):
        text = _("预填自%(source)s") % {"source": said}
    else:
        text = _("%(source)s：%(value)s") % {"source": said, "value": f"{number:,f}"}
    return {"icon": SOURCE_ICONS.get(reference.take, "math"), "words": text}


def _either(text: Mapping[str, Any]) -> str:
    return str((text.get("en") if english() else "") or text.get("zh", ""))


def quieten(sections: Sequence[Mapping[str, Any]]) -> None:
    """A form that nobody has tried to send does not scold for what is only not filled in yet."""
    for section in sections:
        for cell in section["cells"]:
            for one in cell["findings"]:
                one["quiet"] = one["id"].startswith("required:")
            if (
                cell["found"] == "hard"
                and not cell["error"]
                and all(one["quiet"] for one in cell["findings"])
            ):
                cell["found"] = ""


def blockers_of(form: Form, sections: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What stands between this filing and its being sent, each with the field to jump to, said once; what is only not
    filled in yet as one line.
    """
    found: dict[str, dict[str, str]] = {}
    blank = [
        cell
        for section in sections
        for cell in section["cells"]
        if any(one.get("quiet") for one in cell["findings"])
    ]
    if blank:
        said = ngettext("还有 %(n)d 个必填项没有填", "还有 %(n)d 个必填项没有填", len(blank)) % {
            "n": len(blank)
        }
        found["required"] = {"target": blank[0]["id"], "text": said}
    for section in sections:
        for cell in section["cells"]:
            if cell["error"]:
                said = _("%(cell)s：%(problem)s") % {"cell": cell["label"], "problem": cell["error"]}
                found.setdefault(f"error-{cell['key']}", {"target": cell["id"], "text": said})
            for one in cell["findings"]:
                if not one["home"] or one.get("quiet"):
                    continue
                if one["severity"] == "hard":
                    found.setdefault(one["id"], {"target": cell["id"], "text": one["message"]})
                elif not one["explained"]:
                    target = f"e-{one['id']}" if one["asks"] else cell["id"]
                    said = _("请核实，或说明：%(what)s") % {"what": one["message"]}
                    found.setdefault(one["id"], {"target": target, "text": said})
    return list(found.values())
