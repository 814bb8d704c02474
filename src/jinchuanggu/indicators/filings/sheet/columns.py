"""The heads of both workbooks, as written and as recognised in either language."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from jinchuanggu.foundation.exchange.fields import IGNORED, LANGUAGES, bare, error_head
from jinchuanggu.indicators.forms.model import Cell, Form

USCC, NAME, SAID = "uscc", "name", "said"
CODE, VALUE = "code", "value"


def head_of(cell: Cell) -> str:
    """The column of a cell: its name with its unit."""
    return f"{cell.name}（{cell.unit_label}）" if cell.unit_label else cell.name


def note_of(cell: Cell) -> str:
    """What may stand in the cell."""
    parts = [_("整数") if cell.whole else _("数字，至多 %(n)d 位小数") % {"n": cell.places}]
    if cell.required:
        parts.append(_("必填"))
    if not cell.negative:
        parts.append(_("不小于 0"))
    if cell.low is not None:
        parts.append(_("不小于 %(n)s") % {"n": f"{cell.low:f}"})
    if cell.high is not None:
        parts.append(_("不大于 %(n)s") % {"n": f"{cell.high:f}"})
    if cell.help:
        parts.append(cell.help)
    return _("；").join(parts)


def firm_heads() -> dict[str, str]:
    return {USCC: _("统一社会信用代码"), NAME: _("企业名称"), SAID: _("说明（对疑点的解释）")}


def form_heads() -> dict[str, str]:
    return {CODE: _("代码"), NAME: _("项目"), "unit": _("单位"), "before": _("上期"), VALUE: _("本期"),
            SAID: _("说明（对疑点的解释）")}  # fmt: skip


def known_firm_heads(form: Form) -> dict[str, str]:
    """`{bare head: key}` of the sheet of many firms, in every language of the product."""
    known: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            known |= {bare(head): key for key, head in firm_heads().items()}
            for cell in form.typed:
                known |= {bare(head_of(cell)): cell.key, bare(cell.name): cell.key}
            known |= {bare(error_head()): IGNORED, bare(_("原行号")): IGNORED, bare(_("状态")): IGNORED}
    return known | {bare(cell.key): cell.key for cell in form.typed}


def known_form_heads() -> dict[str, str]:
    """`{bare head: key}` of the sheet of one form."""
    known: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            known |= {bare(head): key for key, head in form_heads().items()}
            known |= {bare(error_head()): IGNORED, bare(_("原行号")): IGNORED}
    return known
