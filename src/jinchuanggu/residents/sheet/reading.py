"""A profile workbook as rows of values, each row with all that is wrong in it. Nothing is written here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine as calamine
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.exchange import limits
from jinchuanggu.foundation.exchange.cells import Unfit, text
from jinchuanggu.foundation.exchange.fields import IGNORED, bare, own_sheets
from jinchuanggu.foundation.exchange.heads import take_heads
from jinchuanggu.foundation.exchange.planning import Outcome, Row
from jinchuanggu.foundation.exchange.problems import BadFile, Problem
from jinchuanggu.foundation.exchange.reading import HEAD_WITHIN, Book, Sheet, whole
from jinchuanggu.residents.actions.profile import read_values
from jinchuanggu.residents.models import FirmStanding, FirmYear
from jinchuanggu.residents.parsing import Stored
from jinchuanggu.residents.plausible import implausible
from jinchuanggu.residents.scopes import writable_firms
from jinchuanggu.residents.sheet.columns import NAME, USCC, columns, known_heads

CHUNK = 500
Each = Callable[[list[Row], Sheet], None]
Step = Callable[[int], None]


def read(path: Path) -> Book:
    """Open a workbook and find its heads. Raises BadFile."""
    with whole(path):
        return _read(path)


def _read(path: Path) -> Book:
    workbook = calamine.CalamineWorkbook.from_path(str(path))
    known, book = known_heads(), Book([], [])
    for meta in workbook.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet or meta.visible != calamine.SheetVisibleEnum.Visible:
            continue
        source = workbook.get_sheet_by_name(meta.name)
        sheet = _sheet(meta.name, source, known) if source.start is not None else None
        if sheet is not None:
            book.sheets.append(sheet)
        elif meta.name not in own_sheets():
            book.skipped.append(meta.name)
    if not book.sheets:
        raise BadFile(_("前 %(rows)d 行里没有找到表头；应有“统一社会信用代码”或“企业名称”列，以及至少一列企业情况。可下载模板填写") % {
            "rows": HEAD_WITHIN})  # fmt: skip
    if book.height > limits.MAX_ROWS:
        raise limits.too_many()
    return book


def _sheet(name: str, source: Any, known: dict[str, str]) -> Sheet | None:
    first_row, first_column = source.start
    best, head = 0, (0, [])
    for offset, values in enumerate(islice(source.iter_rows(), HEAD_WITHIN)):
        found = {known[bare(value)] for value in values if bare(value) in known} - {IGNORED}
        if found & {USCC, NAME} and len(found) > best:
            best, head = len(found), (first_row + offset + 1, values)
    if best < 2:
        return None
    sheet = Sheet(name, head[0], [], {}, source.total_height, source)
    take_heads(sheet, head[1], first_column, known, [column.head for column in columns()])
    return sheet


def judge(actor: Actor, book: Book, *, each: Each | None = None, step: Step | None = None) -> Outcome:
    """What every row would do; four queries for each chunk of rows. `each` gets the judged rows."""
    outcome, digest, seen = Outcome(), hashlib.sha256(), {}
    for sheet in book.sheets:
        for problem in sheet.problems:
            outcome.add(problem)
            outcome.sheet_problems += 1
        for chunk in _chunks(sheet):
            _judge_chunk(actor, chunk, seen)
            for row in chunk:
                outcome.counts["total"] += 1
                outcome.counts[row.action] += 1
                digest.update(f"{row.action}|{row.pk}|{sorted(row.values.items())}".encode())
                for key, value, message in row.problems:
                    head = sheet.heads.get(key, "")
                    outcome.add(Problem(sheet.name, row.number, head, value, message))
            if each is not None:
                each(chunk, sheet)
            if step is not None:
                step(len(chunk))
    outcome.digest = digest.hexdigest()
    return outcome


def _chunks(sheet: Sheet) -> Iterator[list[Row]]:
    rows = (Row(sheet.name, number, raw) for number, raw in sheet.rows())
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _judge_chunk(actor: Actor, chunk: list[Row], seen: dict[int, str]) -> None:
    _find(actor, chunk)
    ids = [row.pk for row in chunk if row.pk is not None]
    before = _stored(ids)
    for row in chunk:
        values, wrong = read_values(row.raw)
        for key, words in wrong.items():
            row.wrong(key, words)
        if row.pk is not None:
            place = f"{row.sheet} {row.number}"
            if row.pk in seen and seen[row.pk] != place:
                row.wrong(USCC, _("与 %(place)s 行是同一家企业，请只留一行") % {"place": seen[row.pk]})
            seen.setdefault(row.pk, place)
            old = before.get(row.pk, {})
            after = {k: v for k, v in {**old, **values}.items() if v is not None}
            for key, words in implausible(after):
                row.wrong(key, words)
            row.values = {key: value for key, value in values.items() if old.get(key) != value}
            row.action = "unchanged" if not row.values else "update" if row.pk in before else "create"
        if row.problems:
            row.action = "failed"


def _find(actor: Actor, chunk: list[Row]) -> None:
    """Which firm each row means: by credit code, else by name; only firms whose facts the actor may write."""
    codes, names = {}, {}
    for row in chunk:
        try:
            codes[row.number] = text(row.raw.get(USCC) or "").upper()
            names[row.number] = text(row.raw.get(NAME) or "")
        except Unfit as unfit:
            codes[row.number], names[row.number] = "", ""
            row.wrong(USCC, str(unfit))
    scope = writable_firms(actor)
    by_code = dict(scope.filter(uscc__in={c for c in codes.values() if c}).values_list("uscc", "pk"))
    by_name: dict[str, list[int]] = {}
    wanted = {names[number] for number, code in codes.items() if not code} - {""}
    for name, pk in scope.filter(name__in=wanted).values_list("name", "pk"):
        by_name.setdefault(name, []).append(pk)
    for row in chunk:
        code, name = codes[row.number], names[row.number]
        if row.problems:
            continue
        if code:
            row.pk = by_code.get(code)
            if row.pk is None:
                row.wrong(USCC, _("没有找到这家企业，或不在您的办理范围内；请核对代码"))
        elif name:
            found = by_name.get(name, [])
            row.pk = found[0] if len(found) == 1 else None
            if len(found) > 1:
                row.wrong(NAME, _("有 %(n)d 家企业同名，请填统一社会信用代码") % {"n": len(found)})
            elif not found:
                row.wrong(NAME, _("没有找到这家企业，或不在您的办理范围内；请填登记的全称或代码"))
        else:
            row.wrong(USCC, _("请填统一社会信用代码或企业名称"))


def _stored(ids: list[int]) -> dict[int, dict[str, Stored]]:
    found: dict[int, dict[str, Stored]] = {}
    for pk, values in FirmStanding.objects.filter(organisation_id__in=ids).values_list(
        "organisation_id", "values"
    ):
        found.setdefault(pk, {}).update(values)
    for pk, year, values in FirmYear.objects.filter(organisation_id__in=ids).values_list(
        "organisation_id", "year", "values"
    ):
        found.setdefault(pk, {}).update({f"{name}@{year}": value for name, value in values.items()})
    return found
