"""What each tab of the dossier shows: one function per tab, named like it, adding to the context."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules.result import Verdict
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.foundation.documents.queries import of_valley
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import say
from jinchuanggu.indicators.models import Figure
from jinchuanggu.indicators.queries import Reports, reports_of
from jinchuanggu.programme import facts
from jinchuanggu.programme.actions.figures import may_choose, may_file
from jinchuanggu.programme.actions.valley import plan_is_writable
from jinchuanggu.programme.completeness import dossier_items, percent, plan_items, target_years
from jinchuanggu.programme.diagram import diagram_of, path_table
from jinchuanggu.programme.evidence import with_kinds
from jinchuanggu.programme.forms import valley as forms
from jinchuanggu.programme.labels import verdict_label
from jinchuanggu.programme.models import Plan, Valley
from jinchuanggu.programme.monitoring import yearly
from jinchuanggu.programme.monitoring.settings import settings as monitoring_settings
from jinchuanggu.programme.papers import LETTER_WRITERS
from jinchuanggu.programme.plan_data import plan_data
from jinchuanggu.programme.process.subject import documents_of

Context = dict[str, Any]


def is_own_city(actor: Actor, valley: Valley) -> bool:
    return actor.role == Role.CITY_OFFICE and actor.region_id == valley.region_id and valley.origin != "real"


def overview(actor: Actor, valley: Valley, context: Context, request: HttpRequest) -> Context:
    """The answer first: where the valley stands, how it does against the conditions, its key figures and
    facts.
    """
    reports = [item for item in reports_of(valley.pk) if item.indicator.judged and not item.indicator.yearly]
    story = valley.story or {}
    cards = [_card(valley, item) for item in reports]
    added: Context = {
        "verdict_words": verdict_label(valley.verdict),
        "counts": valley.verdict_counts or None,
        "card_rows": [cards[:3], cards[3:]],
        "universities": list(valley.universities.all()),
        "zones": list(valley.zones.all()),
        "may_edit": is_own_city(actor, valley),
        "facts_published": story.get("facts", []),
        "events_published": story.get("events", []),
        "kind_note": story.get("kind_hint") or story.get("kind_note"),
    }
    if context["inner"] and context["case"] is not None:
        items = dossier_items(valley, documents_of(valley))
        added |= {"completeness": percent(items), "missing_items": [item for item in items if not item.done]}
    return added


def _card(valley: Valley, item: Reports) -> Context:
    used = item.used
    return {
        "label": item.indicator.name,
        "value": used.value if used else None,
        "unit": item.indicator.unit,
        "url": f"{reverse('valley_tab', args=[valley.pk, 'figures'])}#{item.indicator.key}",
        "note": (used.date_text or used.dated.isoformat()) if used else _("未报告"),
    }


def conditions(actor: Actor, valley: Valley, context: Context, request: HttpRequest) -> Context:
    """The verdict tree by the rules of the valley's day; where none applied, how it would fare today, for
    information.
    """
    figures = list(Figure.objects.filter(valley_id=valley.pk))
    result = facts.judge(valley, figures=figures)
    added: Context = {
        "result": with_kinds(result.as_dict(), figures, valley.region.name),
        "assumed_kind": not valley.kind,
    }
    if context["inner"] and not valley.published_only and result.verdict is Verdict.NOT_MET:
        added["outlook_url"] = reverse("valley_outlook", args=[valley.pk])
    if result.verdict is Verdict.NOT_APPLICABLE:
        as_if = facts.judge(valley, timezone.localdate(), figures)
        added["as_if"] = with_kinds(as_if.as_dict(), figures, valley.region.name)
    return added


def figures(actor: Actor, valley: Valley, context: Context, request: HttpRequest) -> Context:
    """Every report of every figure side by side, the one that counts marked."""
    listed = reports_of(valley.pk)
    for item in listed:
        for figure in item.figures:
            figure.dialog = f"choose-{figure.pk}"  # type: ignore[attr-defined]
    return {
        "judged_reports": [item for item in listed if item.indicator.judged],
        "other_reports": [item for item in listed if not item.indicator.judged],
        "may_file": may_file(actor, valley),
        "may_choose": may_choose(actor, valley),
        "figure_form": forms.FigureForm(initial={"dated": timezone.localdate()}),
        "choice_reasons": [
            _("以最新报送为准"), _("以记录计算为准"), _("口径与认定条件一致"), _("其余来源口径不一致"),
        ],
    }  # fmt: skip


def described(rows: QuerySet[Document]) -> list[Document]:
    """Documents with the name of their kind and, per version, the format to download."""
    titles = {paper.kind: paper for paper in plan_data().papers}
    found = list(rows.prefetch_related("versions"))
    for row in found:
        paper = titles.get(row.kind)
        row.kind_title = say(paper.title) if paper else row.kind  # type: ignore[attr-defined]
        row.is_letter = bool(paper and paper.letter)  # type: ignore[attr-defined]
        for version in row.versions.all():
            version.extension = version.filename.rpartition(".")[2].upper()  # type: ignore[attr-defined]
    return found


def documents(actor: Actor, valley: Valley, context: Context, request: HttpRequest) -> Context:
    """The checklist of C1 and every paper and letter of the valley."""
    rows = described(of_valley(valley.pk))
    items = dossier_items(valley, {row.kind for row in rows})
    return {
        "items": items,
        "completeness": percent(items),
        "missing_items": [item for item in items if not item.done],
        "papers": [row for row in rows if not row.is_letter],  # type: ignore[attr-defined]
        "letters": [row for row in rows if row.is_letter],  # type: ignore[attr-defined]
        "may_upload": actor.city_wide and actor.region_id == valley.region_id and valley.origin != "real",
        "paper_form": forms.PaperForm(),
        "writes_letters": actor.role in LETTER_WRITERS,
    }


def plan(actor: Actor, valley: Valley, context: Context, request: HttpRequest) -> Context:
    """How complete the plan is, what it says, its versions, its argument and its consultation."""
    found = Plan.objects.filter(valley=valley).first()
    items = plan_items(valley, found)
    return {
        "plan": found,
        "items": items,
        "completeness": percent(items),
        "missing_items": [item for item in items if not item.done],
        "sections": [
            {
                "title": section.title,
                "text": (found.sections if found else {}).get(section.key, ""),
                "key": section.key,
            }
            for section in plan_data().sections_of(valley.kind)
        ],
        "years": target_years(found, timezone.localdate().year + 1),
        "versions": list(found.versions.all()) if found else [],
        "sessions": list(valley.argument_sessions.select_related("version")),
        "rounds": list(valley.consultations.select_related("version"))
        if actor.role != Role.MEMBER_UNIT
        else [],
        "writable": plan_is_writable(valley),
        "own_city": is_own_city(actor, valley),
    }


def process(actor: Actor, valley: Valley, context: Context, request: HttpRequest) -> Context:
    """Where the case stands in the course, drawn and as a table, and every step it took."""
    case = context["case"]
    if case is None:
        return {"diagram": None}
    return {"diagram": diagram_of(case.variant, case.state), "path": path_table(case, context["steps"])}


def people(actor: Actor, valley: Valley, context: Context, request: HttpRequest) -> Context:
    """The builder's task force, universities, operator, service bodies."""
    return {
        "universities": list(valley.universities.all()),
        "zones": list(valley.zones.all()),
        "links_published": (valley.story or {}).get("links", []),
        "service_bodies": list(valley.service_bodies.all()),
        "task_force": list(valley.task_force.all()) if context["inner"] else [],
        "may_edit": is_own_city(actor, valley),
        "member_form": forms.MemberForm(auto_id="member_%s"),
        "body_form": forms.ServiceBodyForm(auto_id="body_%s"),
    }


def monitoring(actor: Actor, valley: Valley, context: Context, request: HttpRequest) -> Context:
    """The valley's yearly reports, newest first, each with its result beside the year before."""
    today = timezone.localdate()
    rows = yearly.of_valley(actor, valley, today)
    return {"reports": rows, "today": today, "opens_on": monitoring_settings().opens_on(today.year)}


def history(actor: Actor, valley: Valley, context: Context, request: HttpRequest) -> Context:
    """Who did what, when and why; the timeline reads itself in the template."""
    return {}
