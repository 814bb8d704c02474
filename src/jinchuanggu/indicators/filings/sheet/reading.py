"""An uploaded workbook of filings as rows of figures, each row with all that is wrong in it. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine as calamine
from django.utils.translation import gettext as _

from jinchuanggu.foundation.exchange import limits
from jinchuanggu.foundation.exchange.fields import IGNORED, bare, suggestion
from jinchuanggu.foundation.exchange.problems import BadFile, Problem
from jinchuanggu.foundation.exchange.reading import HEAD_WITHIN, Book, Sheet, whole
from jinchuanggu.indicators.filings.sheet import marks as marking
from jinchuanggu.indicators.filings.sheet.columns import (
    CODE,
    NAME,
    SAID,
    USCC,
    VALUE,
    firm_heads,
    form_heads,
    head_of,
    known_firm_heads,
    known_form_heads,
)
from jinchuanggu.indicators.filings.sheet.marks import MANY, Marks
from jinchuanggu.indicators.forms.model import Form


def read(path: Path, form: Form, wanted: Marks, names: dict[int, str] | None = None) -> Book:
    """The sheet of figures of a workbook that belongs here. Raises BadFile, saying all that differs."""
    with whole(path):
        workbook = calamine.CalamineWorkbook.from_path(str(path))
        marking.expect(marking.read(workbook), wanted, names)
        many = wanted.kind == MANY
        known = known_firm_heads(form) if many else known_form_heads()
        own = {USCC, NAME} if many else {CODE}
        labels = [*firm_heads().values(), *map(head_of, form.typed)] if many else list(form_heads().values())
        for meta in workbook.sheets_metadata:
            if meta.visible != calamine.SheetVisibleEnum.Visible:
                continue
            source = workbook.get_sheet_by_name(meta.name)
            sheet = _sheet(meta.name, source, known, own, labels) if source.start is not None else None
            if sheet is not None:
                _complete(sheet, form, many=many)
                book = Book([sheet], [])
                if book.height > limits.MAX_ROWS:
                    raise limits.too_many()
                return book
        raise BadFile(
            _("前 %(rows)d 行里没有找到表头；请使用下载的模板，不要改动表头") % {"rows": HEAD_WITHIN}
        )


def _sheet(
    name: str, source: Any, known: Mapping[str, str], own: set[str], labels: list[str]
) -> Sheet | None:
    first_row, first_column = source.start
    head: tuple[int, list[Any]] | None = None
    for number, line in enumerate(islice(source.iter_rows(), HEAD_WITHIN), start=first_row + 1):
        found = {known[bare(value)] for value in line if bare(value) in known}
        if found & own and len(found) >= 2:
            head = number, line
            break
    if head is None:
        return None
    sheet, values = Sheet(name, head[0], [], {}, source.total_height, source), head[1]
    for at, value in enumerate(values, start=first_column):
        said = str(value).strip()
        key = known.get(bare(said)) if said else IGNORED
        if key is None:
            like = suggestion(said, labels)
            hint = _("是否为“%(like)s”？") % {"like": like} if like else ""
            message = _("没有这一列。%(hint)s列名见模板") % {"hint": hint}
            sheet.problems.append(Problem(name, sheet.head_row, said, said[:200], message))
        elif key in sheet.heads:
            message = _("这一列出现了两次，请只留一列")
            sheet.problems.append(Problem(name, sheet.head_row, said, said[:200], message))
        elif key != IGNORED:
            sheet.columns.append((at, key))
            sheet.heads[key] = said
    return sheet


def _complete(sheet: Sheet, form: Form, *, many: bool) -> None:
    """A template is sent back whole: a column that was cut out is named, so that no figure vanishes unseen."""
    wanted = [(cell.key, head_of(cell)) for cell in form.typed] if many else [(VALUE, form_heads()[VALUE])]
    for key, head in wanted:
        if key not in sheet.heads:
            sheet.problems.append(
                Problem(sheet.name, sheet.head_row, head, "", _("缺少“%(head)s”这一列") % {"head": head})
            )


SAID_LIMIT = 500


def said_in(raw: Any) -> str:
    """The words of the explanation column."""
    text = "" if raw is None else str(raw).replace("\x00", "").strip()
    return text[:SAID_LIMIT]


__all__ = ["CODE", "NAME", "SAID", "USCC", "VALUE", "read", "said_in"]
