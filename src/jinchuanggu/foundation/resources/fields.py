"""Form fields the declarations need: a reference chosen through a scope, many of them, a list of words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.resources import references
from jinchuanggu.foundation.resources.declare import Reference


def split(text: str) -> list[str]:
    """The items of a list typed by a person: by line, semicolon or Chinese comma."""
    for mark in "\r\n;、":
        text = text.replace(mark, "；")
    return list(dict.fromkeys(item for part in text.split("；") if (item := part.strip())))


class SuggestInput(forms.TextInput):
    """A text input that asks the server for suggestions while one types; without scripts it is a plain input."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        place = f"list_{name}"
        asked = {"list": place, "hx-trigger": "input changed delay:250ms", "hx-target": f"#{place}"}
        shown = super().render(name, value, {**(attrs or {}), **asked}, renderer)
        return format_html('{}<datalist id="{}"></datalist>', shown, place)


class ReferenceField(forms.Field):
    """One row out of the actor's options: a list when there are few, else typed by name or code with suggestions.

    Gives the id for plain columns, the object for foreign keys (`as_object`). What is out of scope doesn't exist.
    """

    def __init__(
        self, *, reference: Reference, actor: Actor, as_object: bool, suggest: str = "", **kwargs: Any
    ) -> None:
        self.reference, self.actor, self.as_object = reference, actor, as_object
        self.current: int | None = None
        self.few = references.few(reference, actor)
        if self.few is not None:
            options = [("", _("请选择"))] + [(str(pk), name) for pk, name in self.few]
            kwargs["widget"] = forms.Select(choices=options)
        else:
            kwargs["widget"] = SuggestInput(attrs={"hx-get": suggest, "autocomplete": "off"})
        super().__init__(**kwargs)

    def keep(self, current: int | None) -> None:
        """Allow what the record points to already, although the actor couldn't point to it anew."""
        self.current = current
        if current is None or self.few is None or current in {pk for pk, _name in self.few}:
            return
        self.few += list(references.labels(self.reference, [current]).items())
        self.widget.choices = [("", _("请选择"))] + [(str(pk), name) for pk, name in self.few]

    def prepare_value(self, value: Any) -> Any:
        value = getattr(value, "pk", value)
        if self.few is not None or not isinstance(value, int):
            return value
        return references.texts(self.reference, [value]).get(value, "")

    def clean(self, value: Any) -> Any:
        text = str(value or "").replace("\x00", "").strip()
        self.validate(text)
        if not text:
            return None
        if self.few is not None:
            pk = (
                int(text)
                if text.isascii() and text.isdigit() and text in {str(pk) for pk, _name in self.few}
                else None
            )
        else:
            pk = references.resolve(self.reference, self.actor, [text]).get(text)
            if (
                not isinstance(pk, int)
                and self.current is not None
                and text == self.prepare_value(self.current)
            ):
                pk = self.current
        if isinstance(pk, references.Ambiguous):
            raise ValidationError(pk.explain(text))
        if pk is None:
            raise ValidationError(_("没有找到“%(text)s”，请从可选范围中选择") % {"text": text})
        rows = self.reference.everything() if pk == self.current else self.reference.options(self.actor)
        return rows.get(pk=pk) if self.as_object else pk


class ManyField(forms.CharField):
    """Several rows out of the actor's options, one per line. Gives a list of objects."""

    def __init__(self, *, reference: Reference, actor: Actor, **kwargs: Any) -> None:
        self.reference, self.actor = reference, actor
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        ids = [getattr(item, "pk", item) for item in value]
        return "\n".join(references.texts(self.reference, ids).values())

    def clean(self, value: Any) -> Any:
        wanted = split(super().clean(value))
        found = references.resolve(self.reference, self.actor, wanted)
        problems = []
        for text in wanted:
            if isinstance(found.get(text), references.Ambiguous):
                problems.append(found[text].explain(text))
            elif text not in found:
                problems.append(_("没有找到“%(text)s”") % {"text": text})
        if problems:
            raise ValidationError(problems)
        return list(self.reference.options(self.actor).filter(pk__in=found.values()))


class TagsField(forms.CharField):
    """A list of words kept as JSON."""

    def prepare_value(self, value: Any) -> Any:
        return "；".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return split(super().clean(value))


class YesNoField(forms.TypedChoiceField):
    """Yes, no, and - where the column allows it - unknown, each said in words."""

    def __init__(self, *, nullable: bool, **kwargs: Any) -> None:
        choices = [("true", _("是")), ("false", _("否"))]
        if nullable:
            choices.insert(0, ("", _("未知")))
        super().__init__(
            choices=choices,
            coerce=lambda v: v == "true",
            empty_value=None,
            widget=forms.RadioSelect,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return (
            {True: "true", False: "false", None: ""}.get(value, value)
            if not isinstance(value, str)
            else value
        )
