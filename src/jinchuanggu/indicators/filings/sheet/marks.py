"""What a workbook says about itself in a sheet that nobody sees: which form, version, period, and whose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.exchange.problems import BadFile
from jinchuanggu.indicators.filings.words import period_words
from jinchuanggu.indicators.forms.library import title_of_form

SHEET = "jcg"
ONE, MANY = "one", "many"


@dataclass(frozen=True, slots=True)
class Marks:
    """`kind`: ONE form of the filing `subject`, or MANY firms of the valley `subject`."""

    kind: str
    form: str
    version: int
    period: str
    subject: int

    def rows(self) -> list[tuple[str, str]]:
        return [
            ("kind", self.kind), ("form", self.form), ("version", str(self.version)), ("period", self.period),
            ("subject", str(self.subject)),
        ]  # fmt: skip


def write(book: Any, marks: Marks) -> None:
    """Put the hidden sheet into an XlsxWriter workbook."""
    sheet = book.add_worksheet(SHEET)
    for row, (name, value) in enumerate(marks.rows()):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
    sheet.very_hidden()


def read(workbook: Any) -> Marks:
    """The marks of a calamine workbook. Raises BadFile when it is none of our templates."""
    if SHEET not in workbook.sheet_names:
        raise BadFile(
            _("这不是报送模板：文件里没有报表、版本和报告期的标记。请从本页下载模板，填好后原样上传")
        )
    found = {}
    for line in workbook.get_sheet_by_name(SHEET).to_python():
        if len(line) >= 2:
            found[str(line[0]).strip()] = str(line[1]).strip().removesuffix(".0")
    try:
        return Marks(
            found["kind"], found["form"], int(found["version"]), str(Period.parse(found["period"])),
            int(found["subject"]),
        )  # fmt: skip
    except (KeyError, ValueError) as problem:
        raise BadFile(_("模板的标记已损坏，请重新下载模板")) from problem


def expect(found: Marks, wanted: Marks, names: dict[int, str] | None = None) -> None:
    """Refuse a workbook that belongs elsewhere; everything that differs is said at once. Raises BadFile.

    `names`: what a subject is called, where the reader may know it.
    """
    if found == wanted:
        return
    names = names or {}
    problems = []
    if found.form != wanted.form:
        problems.append(_("这是“%(found)s”的模板，本页要的是“%(wanted)s”") % {
            "found": title_of_form(found.form), "wanted": title_of_form(wanted.form)})  # fmt: skip
    elif found.version != wanted.version:
        problems.append(_("模板是第 %(found)d 版，现在用第 %(wanted)d 版，请下载新模板") % {
            "found": found.version, "wanted": wanted.version})  # fmt: skip
    if found.period != wanted.period:
        problems.append(_("模板是 %(found)s 的，本页是 %(wanted)s") % {
            "found": period_words(Period.parse(found.period)), "wanted": period_words(Period.parse(wanted.period))})  # fmt: skip
    if found.kind != wanted.kind:
        problems.append(_("单家的表和多家的汇总表不能互用"))
    elif found.subject != wanted.subject:
        whose = names.get(wanted.subject, "")
        where = _("别的晋创谷") if wanted.kind == MANY else _("别的单位或别的一期")
        said = _("模板属于%(where)s，不属于“%(whose)s”") % {"where": where, "whose": whose}
        problems.append(said if whose else _("模板属于%(where)s") % {"where": where})
    raise BadFile(*problems)
