"""Form fields a screen reader understands: label, help and error tied to the input."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def _style(widget: forms.Widget) -> str:
    if isinstance(widget, (*GROUPS, forms.CheckboxInput)):
        return "j-choice"
    if isinstance(widget, forms.Select):
        return "form-select"
    return "form-control"


def described(field: BoundField, **attributes: Any) -> dict[str, Any]:
    """Context for components/field.html; `attributes` are added to the input."""
    widget = field.field.widget
    if isinstance(widget, forms.DateInput):
        # a browser's own date field wants ISO text whatever the language
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    notes = [f"{field.auto_id}_helptext"] if field.help_text else []
    if field.errors:
        notes.append(f"{field.auto_id}_error")
    attrs: dict[str, Any] = {"class": f"{_style(widget)} {widget.attrs.get('class', '')}".strip()}
    group = isinstance(widget, GROUPS)
    if notes and not group:
        attrs["aria-describedby"] = " ".join(notes)
    if field.errors and not group:
        attrs["aria-invalid"] = "true"
    attrs |= {name.replace("_", "-"): value for name, value in attributes.items()}
    return {
        "field": field,
        "input": field.as_widget(attrs=attrs),
        "group": group,
        "check": isinstance(widget, forms.CheckboxInput),
        "described_by": " ".join(notes),
    }


def problems(form: forms.BaseForm) -> list[dict[str, str]]:
    """Every error of a form as {text, label, target}; `target` is the id to jump to, "" for the form."""
    found = [{"text": str(error), "label": "", "target": ""} for error in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or f"{bound.auto_id}_group"
        if isinstance(bound.field.widget, GROUPS):
            target = f"{bound.auto_id}_group"
        found += [{"text": str(error), "label": str(bound.label), "target": target} for error in bound.errors]
    return found
