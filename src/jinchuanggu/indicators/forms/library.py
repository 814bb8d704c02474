"""The forms of filings as data: `forms/<id>.v<version>.yaml` as typed, checked objects."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinchuanggu.engines.periods import Period
from jinchuanggu.engines.rules.problems import Problem, Refused
from jinchuanggu.engines.rules.source import read_text
from jinchuanggu.indicators.definitions.library import indicators
from jinchuanggu.indicators.forms.loading import Needs, read_form
from jinchuanggu.indicators.forms.model import Cell, Check, Due, Form, Reference, Section, Severity

__all__ = [
    "Cell", "Check", "Due", "Form", "Reference", "Section", "Severity", "form_for", "form_of", "forms", "load_forms",
    "title_of_form",
]  # fmt: skip
_NAME = re.compile(r"([a-z_]+)\.v(\d+)\.yaml")
_LENGTH = {"month": 1, "quarter": 2, "year": 3}


def load_forms(paths: Iterable[Path]) -> dict[tuple[str, int], Form]:
    """Forms by id and version; forms of short periods first, for longer ones refer to them.

    Raises Refused with every problem of every file.
    """
    texts = {path.name: read_text(path) for path in paths}
    order = sorted(texts, key=lambda name: (_length(texts[name]), name))
    made: dict[tuple[str, int], Form] = {}
    newest: dict[str, Form] = {}
    problems: list[Problem] = []
    for name in order:
        try:
            form = read_form(texts[name], name, Needs(indicators(), newest))
        except Refused as refused:
            problems += refused.problems
            continue
        match = _NAME.fullmatch(name)
        if match is None or (match[1], int(match[2])) != (form.id, form.version):
            from jinchuanggu.engines.rules.texts import same

            problems.append(
                Problem(
                    "choice", name, 1, 1, "id", expected=same(f"{form.id}.v{form.version}.yaml"), got=name
                )
            )
        made[form.id, form.version] = form
        if form.id not in newest or newest[form.id].version < form.version:
            newest[form.id] = form
    if problems:
        raise Refused(problems)
    return made


def _length(text: str) -> int:
    found = re.search(r"^period:\s*(\w+)", text, re.MULTILINE)
    return _LENGTH.get(found[1], 9) if found else 9


@cache
def _all() -> dict[tuple[str, int], Form]:
    folder = Path(str(files(__package__)))
    return load_forms(sorted(folder.glob("*.yaml")))


@cache
def forms() -> dict[str, Form]:
    """The newest version of every form, by id; shorter periods and lower levels first."""
    found: dict[str, Form] = {}
    for (key, version), form in _all().items():
        if key not in found or found[key].version < version:
            found[key] = form
    return found


def form_of(key: str, version: int | None = None) -> Form:
    """A form in the version with which a filing was opened (the newest without one). Raises KeyError."""
    return forms()[key] if version is None else _all()[key, version]


def form_for(key: str, period: Period) -> Form:
    """The version that is asked for a period: the newest whose first period is not later. Raises KeyError."""
    fitting = [form for (name, _), form in _all().items() if name == key and form.first <= period]
    return max(fitting, key=lambda form: form.version) if fitting else forms()[key]


def title_of_form(key: str) -> str:
    """The form's name in the reader's language; an unknown key as it is."""
    found = forms().get(key)
    return found.name if found else key
