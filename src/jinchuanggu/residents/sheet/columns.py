"""The columns of a profile workbook: who the row is about, single facts, and yearly facts once for each year."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.foundation.exchange.fields import IGNORED, LANGUAGES, bare, error_head
from jinchuanggu.residents.inputs import KEPT_YEARS, data_year, key_of, shown_years, typed_inputs
from jinchuanggu.residents.parsing import is_title, label_of, option_words, unit_words

USCC, NAME = "uscc", "name"


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is USCC, NAME or the name of a fact; `declared` is None for the first two."""

    key: str
    declared: Input | None = None
    year: int | None = None

    @property
    def head(self) -> str:
        """The head in the reader's language, with year and unit."""
        if self.declared is None:
            return _("统一社会信用代码") if self.key == USCC else _("企业名称")
        unit = unit_words(self.declared)
        year = f" {self.year}" if self.year is not None else ""
        return f"{label_of(self.declared)}{year}" + (f"（{unit}）" if unit else "")

    @property
    def note(self) -> str:
        """What may stand in the column."""
        if self.declared is None:
            return _("按此找到企业；代码优先于名称") if self.key == USCC else _("没有代码时按登记的全称查找")
        words = {
            InputType.BOOLEAN: _("填“是”“否”，未知留空"),
            InputType.DATE: _("日期，如 2026-01-31"),
            InputType.CODE: _("从下拉中选择"),
        }
        if is_title(self.declared):
            return _("日期，如 2026-01-31；没有此资质的填“无”")
        said = words.get(self.declared.type, _("数字，不带单位"))
        help_text = self.declared.help
        if help_text is not None:
            said += "；" + (help_text.en if translation.get_language() == "en" else help_text.zh)
        return said

    @property
    def options(self) -> list[str]:
        if self.declared is None:
            return []
        if self.declared.type is InputType.BOOLEAN:
            return [_("是"), _("否")]
        return [option_words(self.declared, code) for code in self.declared.options]


def columns(years: list[int] | None = None) -> list[Column]:
    """The columns of a template or an export; yearly facts for these years, latest first."""
    years = years or shown_years(timezone.localdate().year)
    found = [Column(USCC), Column(NAME)]
    for name, declared in typed_inputs().items():
        if declared.type is InputType.SERIES:
            found += [Column(key_of(name, year), declared, year) for year in years]
        else:
            found.append(Column(name, declared))
    return found


def readable_years() -> list[int]:
    """Years that a workbook may bring: as far back as judgements read."""
    last = data_year(timezone.localdate().year)
    return [last - back for back in range(KEPT_YEARS)]


def known_heads() -> dict[str, str]:
    """`{bare head: key or IGNORED}` in every language of the product, with and without the unit, and by id."""
    known: dict[str, str] = {}
    every = columns(readable_years())
    for language in LANGUAGES:
        with translation.override(language):
            known[bare(error_head())] = known[bare(_("原行号"))] = known[bare(_("数据性质"))] = IGNORED
            known[bare(_("区划"))] = IGNORED
            for one in every:
                known[bare(one.head)] = one.key
                if one.declared is not None:
                    year = f" {one.year}" if one.year is not None else ""
                    known.setdefault(bare(f"{label_of(one.declared)}{year}"), one.key)
                known.setdefault(bare(one.key), one.key)
    return known
