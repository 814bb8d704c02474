"""A rule set as an Excel workbook, for those who read it on paper: head, conditions, numbers, examples."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from jinchuanggu.engines import rules as engine
from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.engines.rules.sureness import how_sure
from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.policies.rule_view import conditions, examples, gives, lang


def workbook(rules: RuleSet) -> bytes:
    """The bytes of the file. Every cell is text or a number, never a formula."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    cell = book.add_format({"text_wrap": True, "valign": "top"})

    def page(
        name: str, heads: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[object]]
    ) -> None:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(number, column, value, cell)
                else:
                    sheet.write_string(number, column, str(value), cell)

    page(_("概况"), (_("项目"), _("内容")), (22, 90), _head(rules))
    page(
        _("条件"),
        (_("编号"), _("条件"), _("要求"), _("条款"), _("条文或转述"), _("核实程度")),
        (24, 30, 46, 22, 70, 16),
        ((one.id, "　" * one.depth + one.title.get(lang()), one.asks, one.clause, one.article, one.sure.words.get(lang())) for one in conditions(rules)),
    )  # fmt: skip
    page(
        _("数值"), (_("编号"), _("名称"), _("数值"), _("单位")), (44, 40, 18, 14),
        ((one.key, one.title.get(lang()), float(one.value), UNITS[one.unit].label.get(lang()) if one.unit in UNITS else one.unit or "") for one in engine.knobs(rules)),
    )  # fmt: skip
    page(
        _("测试"), (_("编号"), _("说明"), _("日期"), _("结果")), (28, 50, 14, 70),
        ((one.id, one.note, one.on, _("通过") if not one.differences else "；".join(one.differences)) for one in examples(rules)),
    )  # fmt: skip
    book.close()
    return file.getvalue()


def _head(rules: RuleSet) -> list[tuple[str, str]]:
    document = rules.document
    return [
        (_("规则"), rules.title.get(lang())), (_("编号"), rules.id), (_("版本"), rules.version),
        (_("给谁什么"), gives(rules) or "—"), (_("文件"), document.title.get(lang())), (_("文号"), document.number),
        (_("发文机关"), document.issuer.get(lang())), (_("认定或兑现机关"), rules.authority.get(lang())),
        (_("生效日"), rules.effective_from.isoformat()),
        (_("失效日"), rules.effective_to.isoformat() if rules.effective_to else "—"),
        (_("核实程度"), how_sure(rules).words.get(lang())), (_("依据来源"), rules.source),
        (_("审核"), f"{rules.review.reviewer or '—'} {rules.review.date or ''}".strip()),
    ]  # fmt: skip
