"""The profile form: groups of facts, yearly ones with their years side by side, everything kept as typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.foundation.ui.formats import english
from jinchuanggu.residents.inputs import (
    COMPUTED,
    anchor,
    group_of,
    groups,
    key_of,
    read_inputs,
    readers_of,
    shown_years,
    split_key,
    title_of,
    typed_inputs,
)
from jinchuanggu.residents.models import FactSource
from jinchuanggu.residents.parsing import is_title, label_of, option_words, typed_text, unit_words
from jinchuanggu.residents.profile import Profile


@dataclass(slots=True)
class ProfileInput:
    """What somebody typed, as text by key, with what was wrong with it."""

    revision: int
    texts: dict[str, str]
    years: list[int]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_profile(cls, profile: Profile, years: list[int] | None = None) -> ProfileInput:
        years = years or shown_years(timezone.localdate().year)
        known = typed_inputs()
        texts = {
            key: typed_text(known[split_key(key)[0]], value)
            for key, value in profile.stated.items()
            if split_key(key)[0] in known
        }
        return cls(profile.revision, texts, years)

    @classmethod
    def of_post(cls, data: QueryDict, profile: Profile) -> ProfileInput:
        """Typed texts; a field the page did not have keeps what is stored."""
        typed = cls.of_profile(profile)
        version = data.get("version", "0")
        typed.revision = int(version) if version.isdecimal() else 0
        for key in typed.wanted():
            name = anchor(key)
            if f"{name}-none" in data:
                typed.texts[key] = "none"
            elif name in data:
                typed.texts[key] = data.get(name, "")[:200]
        return typed

    def wanted(self) -> list[str]:
        """Every fact of the form in its order."""
        return [
            key_of(name, year)
            for name, declared in typed_inputs().items()
            for year in (self.years if declared.type is InputType.SERIES else [None])
        ]

    def for_action(self, profile: Profile) -> dict[str, str]:
        """What `save_profile` takes: only what differs from what the page was made of, so that figures which
        records gave do not become statements of the firm."""
        shown = ProfileInput.of_profile(profile, self.years).texts
        return {
            key: text
            for key in self.wanted()
            if (text := self.texts.get(key, "").strip()) != shown.get(key, "")
        }

    def filled(self) -> tuple[int, int]:
        """`(facts given, facts asked for)`; of yearly facts the last year counts."""
        asked = [key_of(name, self._last(declared)) for name, declared in typed_inputs().items()]
        return sum(bool(self.texts.get(key, "").strip()) for key in asked), len(asked)

    def _last(self, declared: Input) -> int | None:
        return self.years[0] if declared.type is InputType.SERIES else None


def sections(typed: ProfileInput, profile: Profile) -> list[dict[str, Any]]:
    """For the template: each group with its single facts and its table of years."""
    found: dict[str, dict[str, Any]] = {
        key: {"key": key, "title": title, "fields": [], "rows": []} for key, title in groups().items()
    }
    for name, declared in typed_inputs().items():
        section = found[group_of(declared)]
        if declared.type is InputType.SERIES:
            cells = [_field(declared, key_of(name, year), typed, profile) for year in typed.years]
            section["rows"].append({"label": label_of(declared), "unit": unit_words(declared), "cells": cells,
                                    "help": _help(declared), "readers": reader_words(name)})  # fmt: skip
        else:
            section["fields"].append(_field(declared, key_of(name), typed, profile))
    return [section for section in found.values() if section["fields"] or section["rows"]]


def _field(declared: Input, key: str, typed: ProfileInput, profile: Profile) -> dict[str, Any]:
    text = typed.texts.get(key, "")
    return {
        "key": key,
        "id": anchor(key),
        "year": split_key(key)[1],
        "label": label_of(declared),
        "unit": unit_words(declared),
        "kind": declared.type.value,
        "text": "" if text == "none" else text,
        "may_lack": is_title(declared),
        "lacks": text == "none",
        "help": "" if is_title(declared) else _help(declared),
        "readers": reader_words(declared.id),
        "error": typed.errors.get(key, ""),
        "options": _options(declared, text),
        "source": source_words(profile, key),
    }


def reader_words(name: str) -> str:
    """Why a fact is asked for: the rules that read it, the first few by name."""
    titles = [title.en if english() else title.zh for title in readers_of(name)]
    if not titles:
        return ""
    named = _("、").join(dict.fromkeys(titles[:2]))
    return (
        _("用于：%(titles)s") % {"titles": named}
        if len(titles) <= 2
        else _("用于：%(titles)s等 %(n)d 项") % {"titles": named, "n": len(titles)}
    )


def _help(declared: Input) -> str:
    return "" if declared.help is None else declared.help.en if english() else declared.help.zh


def _options(declared: Input, text: str) -> list[tuple[str, str, bool]]:
    if declared.type is InputType.BOOLEAN:
        choices = [("", _("未填")), ("true", _("是")), ("false", _("否"))]
    elif declared.type is InputType.CODE and declared.options:
        choices = [("", _("未填")), *((code, option_words(declared, code)) for code in declared.options)]
    else:
        return []
    return [(value, words, value == text) for value, words in choices]


def source_words(profile: Profile, key: str) -> str:
    """Where a fact came from and its day, in short; empty while nobody gave it."""
    origin = profile.origins.get(key)
    if origin is None:
        return ""
    parts = [str(FactSource(origin.kind).label), origin.on.isoformat() if origin.on else "", origin.who]
    return " · ".join(part for part in parts if part)


def computed_lines(profile: Profile) -> list[dict[str, str]]:
    """What records gave, for reading."""
    known = read_inputs()
    lines = []
    for name in sorted(COMPUTED & profile.stated.keys()):
        value = profile.stated[name]
        words = _("是") if value is True else _("否") if value is False else option_words(known[name], value)
        lines.append(
            {
                "id": anchor(name),
                "label": label_of(known[name]),
                "value": words,
                "source": source_words(profile, name),
            }
        )
    return lines


def problems(typed: ProfileInput) -> list[dict[str, str]]:
    """All errors for the summary, each with the field to jump to, in the order of the form."""
    order = {key: at for at, key in enumerate(typed.wanted())}
    return [
        {"label": words.en if english() else words.zh, "text": text, "target": anchor(key)}
        for key, text in sorted(typed.errors.items(), key=lambda pair: order.get(pair[0], 0))
        for words in [title_of(key)]
    ]


def conflict_rows(typed: ProfileInput, stored: ProfileInput) -> list[dict[str, Any]]:
    """Where what somebody else saved differs from what was typed here."""
    rows = []
    for key in typed.wanted():
        theirs, mine = stored.texts.get(key, ""), typed.texts.get(key, "").strip()
        if theirs != mine:
            rows.append({"label": title_of(key), "old": theirs, "new": mine})
    return rows
