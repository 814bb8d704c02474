"""Everything templates of the house load: `{% load jcg %}`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms, template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from jinchuanggu.foundation.ui import deadlines, differences, fields, formats, gantt, gauges

register = template.Library()

register.filter("number", formats.number)
register.filter("day", formats.day)
register.filter("clock", formats.clock)
register.filter("days_left", formats.days_left)
register.simple_tag(deadlines.deadline, name="deadline")
register.simple_tag(gauges.gauge, name="gauge")
register.simple_tag(differences.marked, name="marked_difference")
register.simple_tag(differences.changed, name="changed_value")


@register.filter
def money(yuan: Any, places: int = 2) -> SafeString:
    """Yuan as 元, 万元 or 亿元, the exact amount on hover."""
    return formats.money(yuan, places).html()


@register.filter
def area(square_metres: Any, places: int = 2) -> SafeString:
    """Square metres as m², hectares or km², the exact amount on hover."""
    return formats.area(square_metres, places).html()


@register.filter
def quantity(value: Any, unit: str | None = None) -> SafeString:
    """A value in a unit of the rules engine (or any other word), see formats.quantity."""
    return formats.quantity(value, unit).html()


@register.filter
def attr(value: Any, name: str) -> Any:
    """`value.name`, `value[name]` or `value.name()`; empty text when there is none."""
    found = value.get(name, "") if isinstance(value, Mapping) else getattr(value, name, "")
    return found() if callable(found) else found


@register.filter
def words(text: Any) -> str:
    """The reader's language out of {zh, en} (dict or object); any other text as it is."""
    zh, en = attr(text, "zh"), attr(text, "en")
    if zh or en:
        return str((en or zh) if formats.english() else (zh or en))
    return "" if text is None else str(text)


@register.filter
def as_json(value: Any) -> str:
    """Plain data for a data-… attribute; the template escapes it as it does any text."""
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


@register.filter
def plainly(value: Any) -> str:
    """A value of any kind as a reader would say it: lists joined, yes and no in words, nothing as a dash."""
    if isinstance(value, list | tuple | set):
        return gettext("、").join(map(words, value)) or formats.NOTHING
    return str(formats.quantity(value)) if value is None or isinstance(value, bool) else words(value)


@register.simple_tag(takes_context=True)
def again(context: Context, name: str) -> str:
    """The text of a block a second time, without tags: a page's title goes to its head and to its heading."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    if block is None:
        return ""
    return SafeString(" ".join(strip_tags(block.render(context)).split()))


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, **attributes: Any) -> dict[str, Any]:
    """One form field with label, help and errors; further arguments become attributes of the input."""
    return fields.described(bound, **attributes)


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """All errors of a form, each with a link to its field; nothing for an unbound or valid form."""
    return {"problems": fields.problems(form) if form.is_bound else []}


@register.inclusion_tag("components/gantt.html")
def milestones(rows: Iterable[Mapping[str, Any]], label: str = "") -> dict[str, Any]:
    """A chart of milestones, see gantt.layout."""
    return {"chart": gantt.layout(rows), "label": label}


@register.filter
def at_index(values: list[Any], index: int) -> Any:
    """The value at a place, None beyond the end."""
    return values[index] if index < len(values) else None
