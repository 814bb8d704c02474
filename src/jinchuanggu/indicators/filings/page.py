"""Everything the page of one filing shows, put together for its templates."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import state_of
from jinchuanggu.indicators.filings import course, view
from jinchuanggu.indicators.filings.access import may_comment, may_write
from jinchuanggu.indicators.filings.findings import findings_of, values_before
from jinchuanggu.indicators.filings.typed import Typed, of_filing
from jinchuanggu.indicators.filings.words import period_words, state_label
from jinchuanggu.indicators.forms.library import form_of
from jinchuanggu.indicators.forms.model import Form
from jinchuanggu.indicators.models import Filing
from jinchuanggu.indicators.store.units import names_of


def form_of_row(row: Filing) -> Form:
    return form_of(row.form, row.form_version)


def frame(row: Filing) -> dict[str, Any]:
    """What every page of a filing says at its top."""
    form, period = form_of_row(row), Period.numbered(row.period)
    unit = names_of([row.unit]).get(row.unit_id, "")
    return {
        "row": row,
        "form": form,
        "title": form.name,
        "unit": unit,
        "period": period_words(period),
        "before": period_words(period.shift(-1)),
        "state": state_label(row.state),
        "simulated": row.origin == "simulated",
        "filing_url": reverse("filing", args=[row.pk]),
        "crumbs": [
            {"label": _("数据报送"), "url": reverse("filings")},
            *_batch_crumb(row, form, period),
            {"label": unit, "url": ""},
        ],
    }


def _batch_crumb(row: Filing, form: Form, period: Period) -> list[dict[str, str]]:
    if form.level != "firm":
        return [{"label": f"{form.name} {period_words(period)}", "url": ""}]
    url = reverse("filing_batch", args=[row.form, str(period)])
    return [{"label": f"{form.name} {period_words(period)}", "url": f"{url}?valley={row.valley_id}"}]


def tabs_of(row: Filing, active: str) -> list[dict[str, Any]]:
    versions = row.version
    return [
        {"label": _("填报"), "url": reverse("filing", args=[row.pk]), "active": active == "filing", "count": None},
        {
            "label": _("锁定版本"), "url": reverse("filing_versions", args=[row.pk]), "active": active == "versions",
            "count": versions or None,
        },
    ]  # fmt: skip


def page(actor: Actor, row: Filing, typed: Typed | None = None, tried: bool = False) -> dict[str, Any]:
    """Context of `indicators/filings/filing.html`; `tried`: the reader asked to send it, so all is said on top."""
    form = form_of_row(row)
    typed = typed or of_filing(form, row)
    case = course.case_of(row)
    steps = list(case.steps.all())
    editable = may_write(actor, row)
    findings, derived = findings_of(form, row, cells=typed.kept, explanations=typed.explanations)
    talks = view.talks_of(row)
    before = view.before_of(row)
    before = {**before, **values_before(form, before)}
    sections = view.sections_of(form, row, typed, findings, before, talks, derived)
    if not tried:
        view.quieten(sections)
    offers = course.offered(actor, case, row)
    holder = state_of(case).held_by(case.variant)
    submit = offers.get("submit")
    blockers = view.blockers_of(form, sections) if editable else []
    context = frame(row)
    if actor.role == Role.ENTERPRISE:  # the batch is the operator's page
        context["crumbs"] = [one for one in context["crumbs"] if "?valley=" not in one["url"]]
    return context | {
        "sections": sections,
        "editable": editable,
        "revision": typed.revision,
        "may_comment": may_comment(actor, row),
        "stages": course.stages_of(case, row, steps),
        "timeline": course.timeline_of(case, steps),
        "returned": course.sent_back(case, steps),
        "holder": course.role_words(holder) if row.state != "locked" else "",
        "submit": {"label": submit.title, "after": course.role_words(submit.next_holder)} if submit else None,
        "moves": [course.shown(one, case, row) for event, one in offers.items() if event != "submit"],
        "blockers": blockers,
        "problems": [{"target": b["target"], "label": "", "text": b["text"]} for b in blockers]
        if tried
        else [],
        "whole": {"key": "", "id": "whole", "label": _("整张表"), "talk": talks.get("", view.talk(()))},
        "open_comments": open_comments(sections, talks),
        "tabs": tabs_of(row, "filing"),
        "template_url": reverse("filing_template_one", args=[row.pk]),
        "upload_url": reverse("filing_upload_one", args=[row.pk]),
    }


def open_comments(sections: list[dict[str, Any]], talks: dict[str, Any]) -> list[dict[str, str]]:
    """Open remarks with the cell they are on, for jumping."""
    labels = {cell["key"]: cell for section in sections for cell in section["cells"]}
    found = []
    for key, talk in talks.items():
        cell = labels.get(key)
        for one in talk["rows"]:
            if one.resolved_at is None and cell is not None:
                found.append({"id": f"{cell['id']}_row", "label": cell["label"], "text": one.text})
    return found


def checked(row: Filing, typed: Typed, actor: Actor) -> dict[str, Any]:
    """Context of `_checked.html`: what the figures as typed come to."""
    return page(actor, row, typed) | {"change_word": _("变化")}
