"""The columns a workbook of a resource may have: by which words they are known, and what they take."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from jinchuanggu.foundation.resources.declare import Reference, Resource
from jinchuanggu.foundation.resources.export import number_head, origin_head

NUMBER = "#"
"""The column that names a row by its number in the system (as exports carry it)."""
IGNORED = "-"
LANGUAGES = ("zh-hans", "en")


def error_head() -> str:
    return _("错误信息")


def own_sheets() -> set[str]:
    """Names of the sheets that our templates and exports add beside the rows."""
    names = set()
    for language in LANGUAGES:
        with translation.override(language):
            names |= {_("填写说明"), _("说明"), _("选项")}
    return names


def bare(head: object) -> str:
    """A head without stars, spaces, units in brackets of full width, or case."""
    text = unicodedata.normalize("NFKC", str(head)).strip().rstrip("*").strip()
    return "".join(text.split()).lower()


@dataclass(frozen=True)
class ImportField:
    """One importable column."""

    resource: Resource
    name: str

    @cached_property
    def field(self) -> Any:
        return self.resource.field(self.name)

    @cached_property
    def kind(self) -> str:
        return self.resource.format_of(self.name)

    @property
    def reference(self) -> Reference | None:
        return self.resource.references.get(self.name)

    @property
    def label(self) -> str:
        return str(self.resource.label_of(self.name))

    @cached_property
    def required(self) -> bool:
        """Whether a new row needs it. What the column defaults may stay empty."""
        field = self.field
        return not (field.blank or field.null or field.has_default() or field.many_to_many)

    @cached_property
    def may_empty(self) -> bool:
        """Whether an existing value may be taken away."""
        return bool(self.field.null or self.field.blank or self.field.many_to_many)

    @cached_property
    def words(self) -> dict[str, Any]:
        """`{word in lower case: value}` of the choices, in every language of the product and as stored."""
        known = {str(value).lower(): value for value in self.choices}
        for language in LANGUAGES:
            with translation.override(language):
                known |= {str(label).strip().lower(): value for value, label in self.choices.items()}
        return known

    @cached_property
    def choices(self) -> dict[Any, Any]:
        return dict(self.field.flatchoices) if self.field.choices else {}

    @property
    def is_text(self) -> bool:
        return isinstance(self.field, models.CharField | models.TextField) and not self.field.choices


def fields_of(resource: Resource) -> list[ImportField]:
    """Everything the form takes, the workbook takes, in the same order."""
    return [ImportField(resource, name) for name in resource.form]


def known_heads(resource: Resource) -> dict[str, str]:
    """`{bare head: field name, NUMBER or IGNORED}` in every language of the product."""
    known: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            for path in [c.path for c in resource.columns] + [p for s in resource.sections for p in s.fields]:
                known.setdefault(bare(resource.label_of(path)), IGNORED)
            known[bare(origin_head())] = known[bare(error_head())] = known[bare(_("原行号"))] = IGNORED
            known[bare(number_head())] = NUMBER
    for language in LANGUAGES:
        with translation.override(language):
            for each in fields_of(resource):
                known[bare(each.label)] = each.name
                if unit := resource.unit_of(each.name):
                    known[bare(f"{each.label}（{unit}）")] = each.name
    for each in fields_of(resource):
        known[bare(each.name)] = each.name
    return known


def suggestion(text: str, options: list[str]) -> str:
    """The option most like the text, or ""."""
    close = difflib.get_close_matches(text, options, n=1, cutoff=0.5)
    if close:
        return close[0]
    return next((option for option in options if text and (text in option or option in text)), "")
