"""What every row of an uploaded workbook would do, with everything that is wrong in it. Nothing is written here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.engines.cells import plain
from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.exchange.cells import Unfit, text
from jinchuanggu.foundation.exchange.planning import Outcome, Row
from jinchuanggu.foundation.exchange.problems import Problem
from jinchuanggu.foundation.exchange.reading import Book, Sheet
from jinchuanggu.indicators.filings.access import filings_for, get_filing, may_write
from jinchuanggu.indicators.filings.findings import findings_many, writable_many
from jinchuanggu.indicators.filings.sheet.columns import CODE, NAME, SAID, USCC, VALUE
from jinchuanggu.indicators.filings.sheet.marks import MANY, ONE, Marks
from jinchuanggu.indicators.filings.sheet.reading import said_in
from jinchuanggu.indicators.filings.sheet.values import figure
from jinchuanggu.indicators.filings.words import decimal_of, state_words
from jinchuanggu.indicators.forms.library import form_of
from jinchuanggu.indicators.forms.model import Form, Severity
from jinchuanggu.indicators.models import Filing
from jinchuanggu.residents.models import Resident

Each = Callable[[list[Row], Sheet], None]


@dataclass
class Change:
    """What a workbook would write of one filing."""

    row: Filing
    cells: dict[str, Decimal | None]
    explanations: dict[str, str] = field(default_factory=dict)


@dataclass
class Judged:
    """The outcome of a check, with what would be written."""

    outcome: Outcome
    changes: list[Change] = field(default_factory=list)
    asked: int = 0
    cleared: int = 0


def judge(actor: Actor, marks: Marks, book: Book, *, each: Each | None = None) -> Judged:
    """What every row of the workbook would do, with everything that is wrong in it."""
    form, sheet = form_of(marks.form, marks.version), book.sheets[0]
    judged = Judged(Outcome())
    for problem in sheet.problems:
        judged.outcome.add(problem)
        judged.outcome.sheet_problems += 1
    rows = [Row(sheet.name, number, raw) for number, raw in sheet.rows()]
    if marks.kind == MANY:
        _many(actor, marks, form, rows, judged)
    else:
        _one(actor, marks, form, rows, judged)
    digest = hashlib.sha256()
    for row in rows:
        if row.problems:
            row.action = "failed"
        judged.outcome.counts["total"] += 1
        judged.outcome.counts[row.action] += 1
        kept = sorted((key, str(value)) for key, value in row.values.items())
        digest.update(f"{row.action}|{row.pk}|{kept}".encode())
        for key, value, message in row.problems:
            judged.outcome.add(Problem(sheet.name, row.number, sheet.heads.get(key, ""), value, message))
    judged.outcome.digest = digest.hexdigest()
    if judged.outcome.counts["failed"] and marks.kind == ONE:
        judged.changes = []  # one form is kept whole or not at all
    if each is not None:
        each(rows, sheet)
    return judged


# --- one form of one unit: a row for each cell ---


def _one(actor: Actor, marks: Marks, form: Form, rows: list[Row], judged: Judged) -> None:
    target = get_filing(actor, marks.subject)
    typed = {cell.key: cell for cell in form.typed}
    seen: dict[str, int] = {}
    cells: dict[str, Decimal | None] = {}
    words: list[str] = []
    for row in rows:
        row.pk = target.pk
        code = _code(row)
        if code not in typed:
            row.wrong(CODE, _("没有这一项；请不要改动“代码”列"))
            continue
        if code in seen:
            row.wrong(CODE, _("与第 %(row)d 行重复") % {"row": seen[code]})
            continue
        seen[code] = row.number
        row.seen = code
        try:
            value = figure(typed[code], row.raw.get(VALUE))
        except Unfit as unfit:
            row.wrong(VALUE, str(unfit))
            continue
        cells[code] = value
        if said := said_in(row.raw.get(SAID)):
            words.append(said)
        changed = decimal_of(target.cells.get(code)) != value
        row.action = "update" if changed else "unchanged"
        if changed:
            row.values = {code: "" if value is None else plain(value)}
            judged.cleared += value is None
    if not may_write(actor, target):
        for row in rows:
            row.wrong(VALUE, _("这张表现为“%(state)s”，不能修改") % {"state": state_words(target.state)})
        return
    merged = _merged(target, cells)
    findings = findings_many(form, [target], cells={target.pk: merged}).get(target.pk, [])
    if not words and all(row.action == "unchanged" for row in rows if not row.problems):
        return  # what stands there already is not told again
    at = {row.seen: row for row in rows if row.seen}
    explained = _tell(
        findings, lambda key: at.get(key), lambda _key: VALUE, "；".join(dict.fromkeys(words)), target, judged
    )
    if explained and rows:
        first = next((row for row in rows if row.action in ("update", "unchanged")), rows[0])
        first.action, first.values = "update", {**first.values, SAID: "；".join(explained.values())}
    if any(row.action == "update" for row in rows):
        judged.changes.append(Change(target, cells, explained))


def _code(row: Row) -> str:
    try:
        return text(row.raw.get(CODE) or "").strip()
    except Unfit:
        return ""


# --- many firms: a row for each ---


def _many(actor: Actor, marks: Marks, form: Form, rows: list[Row], judged: Judged) -> None:
    targets = filings_for(actor).filter(
        form=marks.form, period=Period.parse(marks.period).number, valley_id=marks.subject
    ).select_related("unit")  # fmt: skip
    filings = {row.unit.ref_id: row for row in targets}
    residents = Resident.objects.filter(pk__in=filings).select_related("organisation")
    by_code = {
        one.organisation.uscc: one.pk for one in residents if one.organisation and one.organisation.uscc
    }
    by_name: dict[str, list[int]] = {}
    for one in residents:
        if one.organisation:
            by_name.setdefault(one.organisation.name, []).append(one.pk)
    mine = writable_many(actor, list(filings.values()))
    seen: dict[int, int] = {}
    parsed: dict[int, tuple[Row, Filing, dict[str, Decimal | None], str]] = {}
    for row in rows:
        resident = _resident(row, by_code, by_name)
        if resident is None:
            continue
        if resident in seen:
            row.wrong(USCC, _("与第 %(row)d 行是同一家，请只留一行") % {"row": seen[resident]})
            continue
        seen[resident], target = row.number, filings[resident]
        row.pk = target.pk
        cells: dict[str, Decimal | None] = {}
        for cell in form.typed:
            if cell.key not in row.raw:
                continue
            try:
                cells[cell.key] = figure(cell, row.raw[cell.key])
            except Unfit as unfit:
                row.wrong(cell.key, str(unfit))
        changed = {key: value for key, value in cells.items() if decimal_of(target.cells.get(key)) != value}
        row.action = "update" if changed else "unchanged"
        row.values = {key: "" if value is None else plain(value) for key, value in changed.items()}
        judged.cleared += sum(value is None for value in changed.values())
        said = said_in(row.raw.get(SAID))
        if changed and target.pk not in mine:
            row.wrong(
                next(iter(changed)), _("这家现为“%(state)s”，不能修改") % {"state": state_words(target.state)}
            )
        elif changed or (said and target.pk in mine):
            parsed[target.pk] = (row, target, cells, said)
    known = {pk: _merged(target, cells) for pk, (_row, target, cells, _said) in parsed.items()}
    found = findings_many(form, [target for _row, target, _cells, _said in parsed.values()], cells=known)
    for pk, (row, target, cells, said) in parsed.items():
        explained = _tell(found.get(pk, []), lambda _key, row=row: row, lambda key: key, said, target, judged)
        if explained and row.action == "unchanged":
            row.action, row.values = "update", {SAID: said}
        if not row.problems and row.action == "update":
            judged.changes.append(Change(target, cells, explained))


def _resident(row: Row, by_code: dict[str, int], by_name: dict[str, list[int]]) -> int | None:
    try:
        code, name = text(row.raw.get(USCC) or "").upper(), text(row.raw.get(NAME) or "")
    except Unfit as unfit:
        row.wrong(USCC, str(unfit))
        return None
    if code:
        if code not in by_code:
            row.wrong(USCC, _("这家不在本期应报名单内；请核对代码"))
        return by_code.get(code)
    found = by_name.get(name, [])
    if len(found) > 1:
        row.wrong(NAME, _("有 %(n)d 家同名，请填统一社会信用代码") % {"n": len(found)})
    elif not found:
        row.wrong(NAME if name else USCC, _("这家不在本期应报名单内；请填登记的全称或代码"))
    return found[0] if len(found) == 1 else None


def _merged(target: Filing, cells: dict[str, Decimal | None]) -> dict[str, str]:
    """The figures as they would stand."""
    kept = {key: str(value) for key, value in target.cells.items() if value not in (None, "")}
    for key, value in cells.items():
        if value is None:
            kept.pop(key, None)
        else:
            kept[key] = plain(value)
    return kept


def _tell(
    findings: Any, row_of: Callable[[str], Row | None], column_of: Callable[[str], str], said: str, target: Filing,
    judged: Judged,
) -> dict[str, str]:  # fmt: skip
    """Hard findings become problems at their cells, save for what is only not filled in yet; soft ones are explained
    by the words of the row, or counted as asked.
    """
    explained: dict[str, str] = {}
    for one in findings:
        if one.severity == Severity.HARD:
            if one.id.startswith("required"):
                continue
            row = next((r for key in one.cells if (r := row_of(key)) is not None), None)
            if row is not None:
                row.wrong(column_of(one.cells[0]), one.message)
        elif said:
            if target.explanations.get(one.id) != said:
                explained[one.id] = said
        elif not target.explanations.get(one.id):
            judged.asked += 1
    return explained
