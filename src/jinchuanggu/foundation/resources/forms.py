"""The create and edit form of a resource, built from its declaration for one actor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.resources import checking
from jinchuanggu.foundation.resources.declare import Resource
from jinchuanggu.foundation.resources.fields import ManyField, ReferenceField, TagsField, YesNoField


class ResourceForm(forms.ModelForm):
    """A model form whose references come through the actor's scope and whose errors stand at their field."""

    resource: Resource
    actor: Actor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.validate_constraints = self._say_constraints
        for name, field in self.fields.items():
            if isinstance(field, ReferenceField) and self.instance.pk is not None:
                field.keep(getattr(self.instance, self.resource.field(name).attname))
            field.label = str(self.resource.label_of(name))
            if unit := self.resource.unit_of(name):
                field.label = f"{field.label}（{unit}）"
            if words := self.resource.help.get(name):
                field.help_text = str(words)

    def clean(self) -> dict[str, Any]:
        # a value left empty in a text column is the empty string, in a nullable unique one it is nothing
        for name in self.fields:
            column = self.resource.field(name)
            if self.cleaned_data.get(name) == "" and column.null:
                self.cleaned_data[name] = None
        return self.cleaned_data

    def _say_constraints(self, exclude: object = None) -> None:
        """In place of the instance's own: constraints and the resource's checks, each in its words at its field."""
        if self.errors:
            return
        found = checking.problems(self.resource, self.actor, self.instance)
        if found:
            raise ValidationError(
                {name if name in self.fields else "__all__": text for name, text in found.items()}
            )

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Bound fields under the titles of the declared sections; what no section names comes last."""
        left = dict.fromkeys(self.fields)
        parts = []
        for section in self.resource.sections:
            names = [name for name in section.fields if name in left]
            for name in names:
                left.pop(name)
            if names:
                parts.append((str(section.title), [self[name] for name in names]))
        if left:
            parts.append(("", [self[name] for name in left]))
        return parts


def _field(resource: Resource, actor: Actor, name: str) -> forms.Field | None:
    column, reference = resource.field(name), resource.references.get(name)
    required = not (column.blank or column.null)
    if reference is not None and column.many_to_many:
        return ManyField(reference=reference, actor=actor, required=False)
    if reference is not None:
        return ReferenceField(
            reference=reference, actor=actor, as_object=column.is_relation, required=required,
            suggest=reverse(f"{resource.name}_options", args=[name]),
        )  # fmt: skip
    if column.is_relation:
        raise ValueError(f"{resource.name}.{name} points to other rows and declares no reference")
    if isinstance(column, models.JSONField):
        return TagsField(required=False)
    if isinstance(column, models.BooleanField):
        return YesNoField(nullable=column.null, required=required)
    if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.DateField(required=required, widget=widget, input_formats=["%Y-%m-%d"])
    return None


def form_of(resource: Resource, actor: Actor) -> type[ResourceForm]:
    """The form class of one actor; references hold that actor's options."""
    declared = {name: made for name in resource.form if (made := _field(resource, actor, name)) is not None}
    meta = type("Meta", (), {"model": resource.model, "fields": list(resource.form)})
    return type("Form", (ResourceForm,), {**declared, "Meta": meta, "resource": resource, "actor": actor})


def errors_of(error: ValidationError) -> dict[str | None, list[str]]:
    """`{field or None: messages}` of any validation error."""
    if hasattr(error, "error_dict"):
        return {None if k == "__all__" else k: v.messages if hasattr(v, "messages") else [
            m for e in v for m in e.messages] for k, v in error.error_dict.items()}  # fmt: skip
    return {None: error.messages}
