"""Which input a column holds, by the words over it: its id, its title in either language, a year, a unit."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from jinchuanggu.commands.sheets import units
from jinchuanggu.commands.sheets.problems import letter
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.texts import Text

if TYPE_CHECKING:
    from jinchuanggu.commands.sheets.mapping import Meant


class Use(StrEnum):
    """What becomes of a column."""

    INPUT = "input"
    LABEL = "label"  # name, code, city, field: carried along and used to group
    UNUSED = "unused"  # known, but of no use on this day
    UNKNOWN = "unknown"
    REFUSED = "refused"  # known, but its unit or its repetition makes it unusable


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``name`` is an input id or a label; ``year`` the calendar year of a series; ``factor`` what a
    number is multiplied by."""

    at: int
    head: str
    use: Use
    name: str = ""
    year: int | None = None
    unit: str | None = None
    factor: Fraction = Fraction(1)
    note: Text | None = None
    near: bool = False

    @property
    def letter(self) -> str:
        return letter(self.at)

    @property
    def doubtful(self) -> bool:
        """Whether somebody should look at the head: meant for an input, as it seems, and not used."""
        return self.use is Use.REFUSED or (self.use is Use.UNKNOWN and self.near)

    def with_head(self, head: str) -> Column:
        return replace(self, head=head)


LABELS: dict[str, tuple[str, ...]] = {
    "name": ("企业名称", "单位名称", "公司名称", "企业", "名称", "name", "firm", "enterprise"),
    "uscc": ("统一社会信用代码", "信用代码", "uscc", "code"),
    "city": ("所在市", "所属市", "城市", "地市", "所属地市", "市", "city", "region"),
    "field": ("所属领域", "领域", "产业领域", "行业", "所属行业", "field", "industry"),
}
# columns that are in every such sheet and say nothing to a rule
IDLE = (
    "备注",
    "序号",
    "编号",
    "联系人",
    "联系电话",
    "电话",
    "地址",
    "注册地址",
    "法定代表人",
    "数据性质",
    "no",
    "remark",
    "note",
)
# what the same figure is called in the sheets people keep, beside its title
ALIASES: dict[str, tuple[str, ...]] = {
    "revenue_cny": ("营业收入", "销售收入", "营收", "营业总收入"),
    "rd_expense_cny": ("研发投入", "研究开发费用", "研发经费", "研发费"),
    "net_profit_cny": ("净利润",),
    "net_assets_cny": ("净资产",),
    "staff_total": ("职工人数", "员工人数", "员工总数", "从业人员", "从业人数", "在职职工数"),
    "tech_staff": ("科技人员数", "科技活动人员"),
    "rd_staff": ("研发人员数", "研究开发人员"),
    "mainland_resident": ("居民企业",),
    "registered_on": ("成立日期", "注册日期", "成立时间", "注册时间"),
    "assets_cny": ("总资产", "资产总计"),
    "liabilities_cny": ("总负债", "负债合计"),
    "ip_class1": ("Ⅰ类知识产权", "发明专利", "有效发明专利"),
    "ip_class2": ("Ⅱ类知识产权", "实用新型"),
    "valuation_cny": ("估值",),
    "valuation_usd": ("估值（美元）", "美元估值"),
}
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)\s*(?:年度|年)?")
_RELATIVE = re.compile(r"@(\d)$")
_PAREN = re.compile(r"[（(][^（）()]*[）)]")


def bare(words: str) -> str:
    """Letters and digits only, in one form, lower case: how heads are compared."""
    return "".join(c for c in unicodedata.normalize("NFKC", words).lower() if c.isalnum())


class Heads:
    """Recognises heads for one list of inputs and one data year."""

    def __init__(self, inputs: Mapping[str, Input], data_year: int) -> None:
        self.inputs, self.data_year = inputs, data_year
        self.known: dict[str, str] = {}
        for name, words in LABELS.items():
            for word in words:
                self.known.setdefault(bare(word), name)
        for name, column in inputs.items():
            forms = [name, column.title.zh, column.title.en, *ALIASES.get(name, ())]
            forms += [_PAREN.sub("", form) for form in forms]
            for form in forms:
                self.known.setdefault(bare(form), name)

    def read(
        self, heads: Sequence[object], mapped: Mapping[str, Meant] | None = None, *, hints: bool = True
    ) -> tuple[Column, ...]:
        """All columns of a sheet; one that comes twice is refused the second time. ``mapped`` goes before what
        the words say. ``hints``: whether to look for what an unknown head may have meant, which takes a while."""
        found: list[Column] = []
        taken: dict[tuple[str, int | None], str] = {}
        for at, raw in enumerate(heads):
            words = str(raw).strip() if raw is not None else ""
            if not words:
                continue
            meant = (mapped or {}).get(words)
            if meant is None:
                column = self.recognise(at, words, hints)
            elif meant.name == "ignore":
                column = Column(
                    at, words, Use.UNUSED, note=Text("按映射文件不用", "left out by the mapping file")
                )
            else:
                column = self.column(at, words, meant.name, meant.year, meant.unit)
            if column.use in (Use.INPUT, Use.LABEL):
                key = (column.name, column.year)
                if key in taken:
                    note = Text(f"与“{taken[key]}”列重复", f"the same as column {taken[key]!r}")
                    column = Column(at, words, Use.REFUSED, column.name, column.year, column.unit, note=note)
                else:
                    taken[key] = words
            found.append(column)
        return tuple(found)

    def recognise(self, at: int, words: str, hints: bool = True) -> Column:
        """One head. An exact title goes first, since a title may itself hold what looks like a unit or a year."""
        text = unicodedata.normalize("NFKC", words).replace("*", "").strip()
        name, year, unit = self.known.get(bare(text)), None, None
        if name is None:
            rest, unit = units.split(text)
            name = self.known.get(bare(rest))
            if name is None:
                rest, year = self._year(rest)
                name = self.known.get(bare(rest))
            if name is None and unit is None:
                rest, unit = units.split(rest.rstrip("_-/ "))
                name = self.known.get(bare(rest))
        if name is None and text.startswith("是否"):
            return self.recognise(at, text.removeprefix("是否"), hints).with_head(words)
        if name is None and bare(text) in IDLE:
            return Column(at, words, Use.UNUSED, note=Text("不参与判断", "nothing to judge by"))
        if name is None:
            near = self.near(text) if hints else None
            note = Text(f"不认识这一列{f'，是不是“{near}”？' if near else ''}",
                        f"unknown column{f', did you mean {near!r}?' if near else ''}")  # fmt: skip
            return Column(at, words, Use.UNKNOWN, note=note, near=near is not None)
        return self.column(at, words, name, year, unit)

    def column(self, at: int, words: str, name: str, year: int | None, unit: str | None) -> Column:
        """A column that holds this input (or label), with its year and its unit as written."""
        if name not in self.inputs:
            return Column(at, words, Use.LABEL, name)
        column = self.inputs[name]
        factor, note = Fraction(1), None
        if unit is not None:
            known = units.factor(unit, column) if units.known(unit) else None
            if known is None:
                wanted = column.unit or column.type.value
                note = Text(
                    f"单位“{unit}”与这一列（{wanted}）不符，未采用",
                    f"unit {unit!r} does not fit ({wanted}); not used",
                )
                return Column(at, words, Use.REFUSED, name, year, unit, note=note)
            factor = known
        elif column.unit in units.MONEY:
            note = Text("表头没有写单位，按元计", "no unit in the head: taken as plain currency units")
        if column.type is InputType.SERIES:
            if year is None:
                year = self.data_year
                note = note or Text(
                    f"表头没有写年份，按 {year} 年计", f"no year in the head: taken as {year}"
                )
            elif year > self.data_year + 1:  # the running year may be read, one after it never
                late = Text(
                    f"{year} 年晚于数据年度 {self.data_year}，未采用",
                    f"{year} is after the data year {self.data_year}; not used",
                )
                return Column(at, words, Use.UNUSED, name, year, unit, factor, late)
        elif year is not None and year != self.data_year and column.type is InputType.NUMBER:
            other = Text(
                f"只用 {self.data_year} 年的数，{year} 年的未采用",
                f"only {self.data_year} is used, not {year}",
            )
            return Column(at, words, Use.UNUSED, name, year, unit, factor, other)
        else:
            year = None
        return Column(at, words, Use.INPUT, name, year, unit, factor, note)

    def near(self, words: str) -> str | None:
        """The title most like these words, or None."""
        rest = units.split(self._year(words)[0])[0]
        close = difflib.get_close_matches(bare(rest)[:60], list(self.known), n=1, cutoff=0.6)
        if not close:
            return None
        name = self.known[close[0]]
        return self.inputs[name].title.zh if name in self.inputs else LABELS[name][0]

    def _year(self, words: str) -> tuple[str, int | None]:
        """The words without the year in them. `@0` is the data year, `@1` the year before it."""
        if relative := _RELATIVE.search(words):
            return words[: relative.start()], self.data_year - int(relative[1])
        years = list(_YEAR.finditer(words))
        if len(years) != 1:
            return words, None
        return words[: years[0].start()] + words[years[0].end() :], int(years[0][1])
