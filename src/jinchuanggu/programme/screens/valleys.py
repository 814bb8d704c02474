"""The list of valleys, and starting a new one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jinchuanggu.foundation.access.guards import guard, public
from jinchuanggu.foundation.organisations.models import Origin
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.programme.actions.valley import create_valley
from jinchuanggu.programme.forms.valley import NewValleyForm
from jinchuanggu.programme.labels import display_name, stages, state_label, verdict_label
from jinchuanggu.programme.models import ValleyKind
from jinchuanggu.programme.queries import SORTS, ValleyFilter, builders, valley_page
from jinchuanggu.programme.screens.common import actor_of, add_errors, crumbs


def address(chosen: ValleyFilter, url_name: str = "valleys", **changed: str) -> str:
    """The address of the list with some filters changed; blank ones leave it."""
    keys = {**chosen.keys(), **changed}
    if chosen.sort != "name":
        keys.setdefault("sort", chosen.sort)
    query = urlencode({key: value for key, value in keys.items() if value})
    return f"{reverse(url_name)}?{query}" if query else reverse(url_name)


def filter_chips(chosen: ValleyFilter, url_name: str = "valleys") -> list[dict[str, Any]]:
    """Filters as components/filters.html shows them."""
    choices: list[tuple[str, str, list[tuple[str, str]]]] = [
        (
            "kind",
            _("类别"),
            [*((k, str(label)) for k, label in ValleyKind.choices), ("unknown", _("类别未公布"))],
        ),
        ("stage", _("阶段"), [(key, label) for key, label, _letter, _tone in stages()]),
        ("region", _("建设主体"), [(region.code, region.name) for region in builders()]),
        (
            "verdict",
            _("条件核验"),
            [(v, verdict_label(v)) for v in ("met", "not_met", "not_evidenced", "not_applicable")],
        ),
        ("data", _("数据"), [(value, str(label)) for value, label in Origin.choices]),
    ]
    chips = []
    for name, label, options in choices:
        current = getattr(chosen, name)
        titles = dict(options)
        chips.append(
            {
                "label": label,
                "value": titles.get(current, ""),
                "on": bool(current),
                "options": [
                    {"label": _("全部"), "url": address(chosen, url_name, **{name: ""}), "on": not current},
                    *(
                        {
                            "label": title,
                            "url": address(chosen, url_name, **{name: key}),
                            "on": key == current,
                        }
                        for key, title in options
                    ),
                ],
            }
        )
    return chips


def search_box(chosen: ValleyFilter) -> dict[str, Any]:
    keep = [(name, value) for name, value in chosen.keys().items() if name != "q"]
    return {"name": "q", "value": chosen.q, "label": _("搜索名称或建设主体"), "keep": keep}


@require_safe
@public
def valleys(request: HttpRequest) -> HttpResponse:
    """The valleys this reader may open."""
    actor = actor_of(request)
    chosen = ValleyFilter.read(request.GET, origin_view(request))
    asked = request.GET.get("page", "")
    # longer than any list here, and more digits than the database can count to
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1
    found = valley_page(actor, chosen, number)
    for valley in found.rows:
        valley.shown_name = display_name(valley)  # type: ignore[attr-defined]
        valley.shown_state = state_label(valley.state)  # type: ignore[attr-defined]
        valley.verdict_words = verdict_label(valley.verdict)  # type: ignore[attr-defined]
        valley.criteria = sum((valley.verdict_counts or {}).values())  # type: ignore[attr-defined]
        valley.due_on = found.due.get(valley.pk)  # type: ignore[attr-defined]
    first = (number - 1) * 50 + 1
    context = {
        "rows": found.rows,
        "filters": filter_chips(chosen),
        "search": search_box(chosen),
        "clear_url": reverse("valleys") if chosen.keys() else "",
        "may_start": actor.role == Role.CITY_OFFICE,
        "heads": _heads(chosen),
        "crumbs": crumbs(),
        "map_url": address(chosen, "valley_map"),
        "page": {
            "first": first if found.rows else 0,
            "last": first + len(found.rows) - 1 if found.rows else 0,
            "previous_url": address(chosen, page=str(number - 1)) if number > 1 else "",
            "next_url": address(chosen, page=str(number + 1)) if found.more else "",
        },
    }
    return render(request, "programme/valleys.html", context)


def _heads(chosen: ValleyFilter) -> dict[str, Any]:
    """Sorting by name, both ways, and by the newest change."""
    descending = chosen.sort == "-name"
    base = replace(chosen, sort="name")
    return {
        "name_url": address(base, sort="" if descending or chosen.sort not in SORTS else "-name"),
        "name_sorted": {"name": "ascending", "-name": "descending"}.get(chosen.sort, ""),
        "changed_url": address(base, sort="changed"),
        "changed_sorted": "descending" if chosen.sort == "changed" else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@guard(Role.CITY_OFFICE)
def valley_new(request: HttpRequest) -> HttpResponse:
    """A city starts a valley."""
    actor = actor_of(request)
    form = NewValleyForm(request.POST or None, initial={"name": "晋创谷·"})
    if request.method == "POST" and form.is_valid():
        try:
            valley = create_valley(actor, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(
                request, _("已创建“%(name)s”，接下来补全基本情况并编制方案") % {"name": valley.name}
            )
            return redirect("valley_edit", valley.pk)
    context = {"form": form, "submit_label": _("创建"), "cancel_url": reverse("valleys"),
               "crumbs": crumbs((_("新建晋创谷"), ""))}  # fmt: skip
    return render(request, "programme/valley_new.html", context, status=422 if form.errors else 200)
