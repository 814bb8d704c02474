"""The template to fill in, and the export that can be changed and sent back."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from jinchuanggu.engines.rules.model import InputType
from jinchuanggu.foundation.organisations.models import Organisation, Origin
from jinchuanggu.residents.inputs import refresh
from jinchuanggu.residents.models import FirmStanding, FirmYear
from jinchuanggu.residents.parsing import cell_value
from jinchuanggu.residents.sheet.columns import NAME, USCC, Column, columns

HEAD_ROW, LAST_ROW, CHUNK = 1, 20_000, 1000


def template() -> IO[bytes]:
    """An open temporary file, at its start: heads with notes, drop-downs, a page of explanations."""
    refresh()
    file, book, formats = _book()
    sheet = book.add_worksheet(_("企业情况"))
    explained = book.add_worksheet(_("填写说明"))
    lists = book.add_worksheet(_("选项"))
    lists.hide()
    sheet.write_string(
        0,
        0,
        _("每行一家企业；金额以万元填写；空着的格子表示未知。不需要的列可以删去，多余的列会报错。"),
        formats["note"],
    )
    for at, column in enumerate(columns()):
        _head(sheet, at, column, formats)
        sheet.write_comment(HEAD_ROW, at, column.note)
        if column.options:
            _drop_down(book, sheet, lists, at, column.options)
        explained.write_string(at + 1, 0, column.head, formats["wrap"])
        explained.write_string(at + 1, 1, column.note, formats["wrap"])
        explained.write_string(at + 1, 2, "、".join(column.options), formats["wrap"])
    for at, head in enumerate((_("列"), _("要求"), _("可填"))):
        explained.write_string(0, at, head, formats["head"])
    explained.set_column(0, 2, 42)
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    return _closed(file, book)


def export(firms: QuerySet[Organisation]) -> IO[bytes]:
    """An open temporary file, at its start: what is stated of these firms; sent back unchanged it changes nothing."""
    refresh()
    file, book, formats = _book(constant_memory=True)
    sheet = book.add_worksheet(_("企业情况"))
    every = columns(_years_kept(firms))
    sheet.write_string(0, 0, _("导出于 %(day)s；金额单位为万元；可改好后直接导回。") % {
        "day": timezone.localdate().isoformat()}, formats["note"])  # fmt: skip
    for at, column in enumerate(every):
        _head(sheet, at, column, formats)
    heads = (_("区划"), _("数据性质"))
    for at, head in enumerate(heads, start=len(every)):
        sheet.write_string(HEAD_ROW, at, head, formats["head"])
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    for row, (firm, values) in enumerate(_rows(firms), start=HEAD_ROW + 1):
        for at, column in enumerate(every):
            if column.key == USCC:
                sheet.write_string(row, at, firm.uscc or "", formats["text"])
            elif column.key == NAME:
                sheet.write_string(row, at, firm.name)
            elif column.declared is not None:
                _cell(sheet, row, at, cell_value(column.declared, values.get(column.key)), formats)
        sheet.write_string(row, len(every), firm.region.name)
        sheet.write_string(row, len(every) + 1, str(Origin(firm.origin).label))
    return _closed(file, book)


def _years_kept(firms: QuerySet[Organisation]) -> list[int] | None:
    """The years for which anything is kept; the usual ones when there is nothing yet."""
    last = timezone.localdate().year
    kept = FirmYear.objects.filter(organisation__in=firms.order_by().values("pk"), year__lt=last)
    found = sorted(kept.order_by().values_list("year", flat=True).distinct(), reverse=True)
    return [year for year in found if year > last - 9] or None


def _rows(firms: QuerySet[Organisation]) -> Iterator[tuple[Organisation, dict[str, Any]]]:
    rows = firms.select_related("region").order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        ids = [firm.pk for firm in chunk]
        values: defaultdict[int, dict[str, Any]] = defaultdict(dict)
        for pk, kept in FirmStanding.objects.filter(organisation_id__in=ids).values_list(
            "organisation_id", "values"
        ):
            values[pk] |= kept
        for pk, year, kept in FirmYear.objects.filter(organisation_id__in=ids).values_list(
            "organisation_id", "year", "values"
        ):
            values[pk] |= {f"{name}@{year}": value for name, value in kept.items()}
        for firm in chunk:
            yield firm, values[firm.pk]


def _book(**options: Any) -> tuple[IO[bytes], Any, dict[str, Any]]:
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who reads it
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False, **options})
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#dfeceb", "bottom": 1, "text_wrap": True, "valign": "top"}),
        "note": book.add_format({"font_color": "#5b6472"}),
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "number": book.add_format({"num_format": "#,##0.######"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }  # fmt: skip
    return file, book, formats


def _closed(file: IO[bytes], book: Any) -> IO[bytes]:
    book.close()
    file.seek(0)
    return file


def _head(sheet: Any, at: int, column: Column, formats: dict[str, Any]) -> None:
    kept = formats["text"] if column.key == USCC else None
    if column.declared is not None and column.declared.type is InputType.DATE:
        kept = formats["date"]
    sheet.set_column(at, at, 22 if column.declared is None else 16, kept)
    sheet.write_string(HEAD_ROW, at, column.head, formats["head"])


def _drop_down(book: Any, sheet: Any, lists: Any, at: int, options: list[str]) -> None:
    for row, option in enumerate(options):
        lists.write_string(row, at, option)
    letters = xl_col_to_name(at, col_abs=True)
    sheet.data_validation(
        HEAD_ROW + 1, at, LAST_ROW, at,
        {"validate": "list", "source": f"='{lists.get_name()}'!{letters}$1:{letters}${len(options)}", "error_type": "warning"},
    )  # fmt: skip


def _cell(sheet: Any, row: int, at: int, value: Any, formats: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(row, at, value, formats["date"])
    elif isinstance(value, int | float):
        sheet.write_number(row, at, value, formats["number"])
    else:
        sheet.write_string(row, at, str(value))
