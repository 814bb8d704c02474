"""Filters of a list, built from their declaration with django-filter, and the chips that say what is on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.resources import references
from jinchuanggu.foundation.resources.declare import Filter, Resource


@dataclass(frozen=True)
class Chip:
    """One filter that is on, with the address of the list without it."""

    label: str
    value: str
    without: str


NOTHING = "—"
"""What a text filter takes for the empty text, and shows for it."""


class TextFilter(django_filters.CharFilter):
    """Rows with exactly this text; a dash finds those without any."""

    def filter(self, qs: Any, value: Any) -> Any:
        return qs.filter(**{self.field_name: ""}) if value == NOTHING else super().filter(qs, value)


def name_of(path: str) -> str:
    """A filter's name in the address bar; never that of another parameter of the list."""
    return path


def _filter(resource: Resource, actor: Actor, declared: Filter) -> django_filters.Filter | None:
    path = declared.path
    label = str(declared.label or resource.label_of(path))
    field = resource.field(path)
    reference = resource.references.get(path)
    if declared.filled:
        return _yes_no(path, label, lookup_expr="isnull", exclude=True)
    if reference is not None:
        options: list[tuple[Any, str]] | None = references.few(reference, actor)
        if options is None:
            return None
        if field.null and not field.is_relation:
            options = [*options, ("null", _("（未填）"))]
        return django_filters.MultipleChoiceFilter(
            field_name=path, label=label, choices=options, distinct=False, widget=forms.CheckboxSelectMultiple
        )
    if field.choices:
        return django_filters.MultipleChoiceFilter(
            field_name=path,
            label=label,
            choices=field.choices,
            distinct=False,
            widget=forms.CheckboxSelectMultiple,
        )
    if isinstance(field, models.BooleanField):
        return _yes_no(path, label)
    if isinstance(field, models.DateField):
        widget = django_filters.widgets.DateRangeWidget(attrs={"type": "date", "class": "form-control"})
        return django_filters.DateFromToRangeFilter(field_name=path, label=label, widget=widget)
    if isinstance(field, models.CharField):
        text = forms.TextInput(attrs={"class": "form-control"})
        return TextFilter(field_name=path, label=label, max_length=field.max_length, widget=text)
    widget = django_filters.widgets.RangeWidget(attrs={"class": "form-control", "inputmode": "decimal"})
    return django_filters.RangeFilter(field_name=path, label=label, widget=widget)


def _yes_no(path: str, label: str, **more: Any) -> django_filters.Filter:
    choices = [("", _("不限")), ("true", _("是")), ("false", _("否"))]
    return django_filters.TypedChoiceFilter(
        field_name=path, label=label, choices=choices, coerce=lambda value: value == "true", widget=forms.RadioSelect,
        **more,
    )  # fmt: skip


def filterset(resource: Resource, actor: Actor, data: QueryDict, rows: models.QuerySet[Any]) -> Any:
    """The bound FilterSet; a value it can't read is left out and said, never an error page."""
    built = {
        name_of(d.path): made for d in resource.filters if (made := _filter(resource, actor, d)) is not None
    }
    meta = type("Meta", (), {"model": resource.model, "fields": []})
    made = type(f"{resource.name.title()}Filters", (django_filters.FilterSet,), {**built, "Meta": meta})
    return made(data, queryset=rows)


def chips(filters: Any, link: Any) -> list[Chip]:
    """What is on, one chip per filter value."""
    filters.form.is_valid()
    shown: list[Chip] = []
    for name, bound in filters.filters.items():
        value = filters.form.cleaned_data.get(name) if hasattr(filters.form, "cleaned_data") else None
        if value in (None, "", [], ()):
            continue
        label = str(bound.label)
        if isinstance(value, list):
            words = {str(key): str(text) for key, text in bound.extra["choices"]}
            for one in value:
                rest = [v for v in value if v != one]
                shown.append(Chip(label, words.get(str(one), str(one)), link(**{name: rest})))
        elif isinstance(value, slice):
            start, stop = (_bare(value.start), _bare(value.stop))
            text = f"{start} – {stop}" if start and stop else f"≥ {start}" if start else f"≤ {stop}"
            gone = {f"{name}_{suffix}": [] for suffix in ("min", "max", "after", "before")}
            shown.append(Chip(label, text, link(**gone)))
        else:
            words = {True: _("是"), False: _("否")}
            shown.append(Chip(label, words.get(value, str(value)), link(**{name: []})))
    return shown


def _bare(value: Any) -> str:
    if value is None:
        return ""
    return value.date().isoformat() if hasattr(value, "date") else str(value)
