"""Adding and changing indicators of an office's own, held to the same rules as the files. Shipped ones are never written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules.problems import Problem
from jinchuanggu.engines.rules.reading import Reader
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act
from jinchuanggu.indicators.definitions import files as definition_files
from jinchuanggu.indicators.definitions.access import AUTHORS, get_authored
from jinchuanggu.indicators.definitions.catalogue import COPIED, catalogue, kept, of_row, row_of
from jinchuanggu.indicators.definitions.formula import node_of
from jinchuanggu.indicators.definitions.library import Indicator
from jinchuanggu.indicators.forms.model import reader_language
from jinchuanggu.indicators.models import IndicatorDefinition, Value

Values = Mapping[str, Any]
"""A definition as in a file: key, unit, title, counts, period, level, …; what is empty is left out."""

RESERVED = frozenset({"new", "compute", "explore", "figures"})
"""Words that stand in addresses where a key would."""

FIXED = ("unit", "period", "level", "source")
"""What values in the store rest on."""


def add_indicator(actor: Actor, *, values: Values) -> IndicatorDefinition:
    """Add a filed or derived indicator. Raises ValidationError by field, all problems at once."""
    if actor.role not in AUTHORS:
        raise PermissionDenied
    with transaction.atomic():
        checked = _checked(values, editing=None)
        with act(actor, "indicator.add") as deed:
            row = IndicatorDefinition.objects.create(**row_of(checked))
            deed.target = row
    kept.forget()
    return row


def change_indicator(actor: Actor, *, key: str, values: Values, revision: int) -> IndicatorDefinition:
    """Change one that an office added; its key stays. Raises Http404 for a shipped one, ValidationError by field."""
    row = get_authored(actor, key)
    with transaction.atomic():
        row = IndicatorDefinition.objects.select_for_update().get(pk=row.pk)
        if row.revision != revision:
            raise ValidationError(_("有人刚改过这个指标，请核对后重新保存"))
        checked = _checked({**values, "key": key}, editing=row)
        with act(actor, "indicator.edit", row):
            for name in (*COPIED, "breakdowns", "formula"):
                setattr(row, name, row_of(checked)[name])
            row.revision += 1
            row.save()
    kept.forget()
    return row


def _checked(values: Values, *, editing: IndicatorDefinition | None) -> Indicator:
    """The definition, sound by itself and together with all others, those that read it included."""
    known = catalogue()
    errors: dict[str, list[str]] = {}
    if values.get("source") not in ("filed", "derived"):
        errors.setdefault("source", []).append(_("自定指标只能是报送或由其他指标算出"))
    if values.get("key") in RESERVED:
        errors.setdefault("key", []).append(_("这个代码不能用"))
    others = [one for one in known.values() if not one.shipped and one.key != values.get("key")]
    fixed = {key: one for key, one in known.items() if one.shipped}
    rows = []
    for number, data in enumerate([_tidy(values), *map(_as_data, others)]):
        reader = Reader("")
        row = definition_files.read_row(reader, node_of(data), "")
        rows.append((number, reader, row))
    found = definition_files.together([row for _n, _reader, row in rows if row is not None], fixed)
    for number, reader, row in rows:
        for problem in reader.problems:
            field = _field(problem) if number == 0 else "__all__"
            text = problem.message(reader_language())
            if number and row is not None:
                text = _("用到它的指标“%(name)s”将不成立：%(text)s") % {
                    "name": row.indicator.name,
                    "text": text,
                }
            errors.setdefault(field, []).append(text)
    mine = rows[0][2]
    if editing is not None and mine is not None and Value.objects.filter(indicator=editing.pk).exists():
        for name in FIXED:
            if getattr(mine.indicator, name) != getattr(of_row(editing), name):
                errors.setdefault(name, []).append(_("已有数值，不能再改；请停用它，另建一个指标"))
    if errors or mine is None:
        raise ValidationError({name: list(dict.fromkeys(texts)) for name, texts in errors.items()})
    return _own(found[mine.indicator.key])


def _own(indicator: Indicator) -> Indicator:
    from dataclasses import replace

    return replace(indicator, shipped=False, judged=False, confidence=indicator.confidence or "own")


def _tidy(values: Values) -> dict[str, Any]:
    """Without what is empty, so that a missing field is told as missing."""
    found = {name: value for name, value in values.items() if value not in ("", None, [], (), {})}
    for name in ("title", "counts"):
        texts = {lang: text for lang, text in dict(found.get(name, {})).items() if text}
        found[name] = texts or None
    return found


def _as_data(one: Indicator) -> dict[str, Any]:
    """A definition as a file would say it."""
    row = {name: value for name, value in row_of(one).items() if name != "shipped"}
    return _tidy({**row, "valid_from": _iso(one.valid_from), "valid_to": _iso(one.valid_to)})


def _iso(day: Any) -> str:
    return day.isoformat() if day is not None else ""


def _field(problem: Problem) -> str:
    """The field of the form that a problem belongs to: its path, where parts of a text or a formula have their own."""
    parts = problem.path.split(".") if problem.path else []
    if parts[:1] == ["title"] or parts[:1] == ["counts"]:
        return f"{parts[0]}_{parts[1] if len(parts) > 1 else 'zh'}"
    if parts[:1] == ["formula"]:
        last = parts[-1].partition("[")[0]
        return {
            "numerator": "numerator", "denominator": "denominator", "less": "minus", "sum": "plus",
            "greatest": "plus", "least": "plus", "of": "numerator", "value": "percent",
        }.get(last, "formula_kind")  # fmt: skip
    return parts[0] if parts else "__all__"
