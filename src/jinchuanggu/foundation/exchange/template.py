"""The workbook to fill in: heads with notes, drop-downs, text cells for codes, and a page that explains every column."""

from __future__ import annotations

import tempfile
from typing import IO, Any

import xlsxwriter
from django.db import models
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.exchange.fields import ImportField, fields_of
from jinchuanggu.foundation.exchange.limits import MAX_ROWS
from jinchuanggu.foundation.resources import references
from jinchuanggu.foundation.resources.declare import Resource

FIRST_ROW, LAST_ROW = 2, 20_000


def workbook(actor: Actor, resource: Resource) -> IO[bytes]:
    """An open temporary file, at its start, holding the empty template for this actor."""
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who reads it
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False})
    sheet = book.add_worksheet(str(resource.label)[:28])
    explained = book.add_worksheet(_("填写说明"))
    lists = book.add_worksheet(_("选项"))
    lists.hide()
    fields = fields_of(resource)
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#dfeceb", "bottom": 1, "text_wrap": True, "valign": "top"}),
        "must": book.add_format({"bold": True, "bg_color": "#0f5f5c", "font_color": "#ffffff", "bottom": 1, "text_wrap": True,
                                 "valign": "top"}),
        "note": book.add_format({"font_color": "#5b6472"}),
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }  # fmt: skip
    sheet.write_string(
        0,
        0,
        _("带 * 的列必填；从第 3 行填起；每列的要求见列头批注和“填写说明”。多余的列会报错。"),
        formats["note"],
    )
    offered = {f.name: _options(f, actor) for f in fields}
    for at, field in enumerate(fields):
        _column(sheet, lists, at, field, offered[field.name], formats)
    sheet.freeze_panes(FIRST_ROW, 1)
    _explain(explained, resource, fields, offered, formats)
    book.close()
    file.seek(0)
    return file


def _options(field: ImportField, actor: Actor) -> list[str]:
    if field.choices:
        return [str(label) for label in field.choices.values()]
    if isinstance(field.field, models.BooleanField):
        return [_("是"), _("否")]
    if field.reference is not None and not field.field.many_to_many:
        few = references.few(field.reference, actor)
        return list(references.texts(field.reference, [pk for pk, _name in few]).values()) if few else []
    return []


def _column(
    sheet: Any, lists: Any, at: int, field: ImportField, options: list[str], formats: dict[str, Any]
) -> None:
    head = f"{field.label}*" if field.required else field.label
    sheet.write_string(1, at, head, formats["must" if field.required else "head"])
    sheet.write_comment(1, at, describe(field, options), {"x_scale": 2.2, "y_scale": 1.4})
    number = isinstance(field.field, models.DecimalField | models.IntegerField) and field.reference is None
    date = isinstance(field.field, models.DateField)
    cells = formats["date"] if date else None if number else formats["text"]
    sheet.set_column(at, at, 20 if field.is_text or field.reference else 14, cells)
    if not options:
        return
    letter = xl_col_to_name(at)
    for row, option in enumerate(options):
        lists.write_string(row, at, option)
    sheet.data_validation(
        FIRST_ROW, at, LAST_ROW, at,
        {"validate": "list", "source": f"='{lists.get_name()}'!${letter}$1:${letter}${len(options)}",
         "error_title": _("不在可选范围内"), "error_message": _("请从下拉列表中选择"), "error_type": "warning"},
    )  # fmt: skip


def describe(field: ImportField, options: list[str]) -> str:
    """What a column takes, in a few short sentences."""
    column, parts = field.field, [_("必填。") if field.required else _("可不填。")]
    if help_text := field.resource.help.get(field.name):
        parts.append(f"{help_text}。".replace("。。", "。"))
    if options:
        parts.append(
            _("可填：%(options)s。")
            % {"options": _("、").join(options[:12]) + ("…" if len(options) > 12 else "")}
        )
    elif field.reference is not None and column.many_to_many:
        parts.append(_("填全称，多个用分号隔开。"))
    elif field.reference is not None:
        parts.append(_("填登记的全称；有同名的写成“名称 #编号”。"))
    elif isinstance(column, models.DateField):
        parts.append(_("日期，如 2026-01-31。"))
    elif isinstance(column, models.DecimalField):
        parts.append(_("数字，不带单位，最多 %(places)d 位小数。") % {"places": column.decimal_places})
    elif isinstance(column, models.IntegerField):
        parts.append(_("整数，不带单位。"))
    elif isinstance(column, models.JSONField):
        parts.append(_("多项用分号隔开。"))
    elif column.max_length:
        parts.append(_("最多 %(max)d 个字。") % {"max": column.max_length})
    return "".join(str(part) for part in parts)


def _explain(
    sheet: Any,
    resource: Resource,
    fields: list[ImportField],
    offered: dict[str, list[str]],
    formats: dict[str, Any],
) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 8)
    sheet.set_column(2, 2, 90)
    known = _("；").join(" + ".join(str(resource.label_of(n)) for n in key) for key in resource.keys)
    lines = [
        _("一份文件最多 %(rows)s 行，20 MB。") % {"rows": f"{MAX_ROWS:,}"},
        _("上传后先预检，不写入任何数据；全部问题一次列出，并可下载标出错误的原表。"),
        _("已有记录按以下各列辨认并更新：%(known)s。从列表导出的表可改后直接导回（按“编号”辨认）。")
        % {"known": known or "—"},
        _("列中单元格留空：新记录取默认值，已有记录则清空该项；不想改动的列请整列删去。"),
        _("口径版本 %(version)s") % {"version": resource.version},
    ]
    for row, line in enumerate(lines):
        sheet.merge_range(row, 0, row, 2, line, formats["wrap"])
    top = len(lines) + 1
    for at, head in enumerate((_("列名"), _("必填"), _("填什么"))):
        sheet.write_string(top, at, head, formats["head"])
    for row, field in enumerate(fields, start=top + 1):
        sheet.write_string(row, 0, field.label, formats["wrap"])
        sheet.write_string(row, 1, _("是") if field.required else "", formats["wrap"])
        sheet.write_string(row, 2, describe(field, offered[field.name]), formats["wrap"])
