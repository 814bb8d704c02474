"""Reports of one figure side by side, over all valleys: which one counts, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.ui.origin import of_origin
from jinchuanggu.indicators.definitions.catalogue import catalogue
from jinchuanggu.indicators.models import Figure, SourceKind
from jinchuanggu.indicators.published import yearly
from jinchuanggu.indicators.queries import Reports
from jinchuanggu.programme.access import visible_valleys
from jinchuanggu.programme.actions.figures import may_choose
from jinchuanggu.programme.models import Valley


@dataclass(slots=True)
class Compared:
    """All reports of one figure of one valley. `why`: in words, why the used one counts."""

    valley: Valley
    reports: Reports
    why: str
    may_choose: bool


def published(actor: Actor, origin: str) -> tuple[list[Figure], dict[int, Valley]]:
    """Every published report of the valleys that the actor may open, by valley and indicator. Two queries."""
    valleys = {valley.pk: valley for valley in of_origin(visible_valleys(actor), origin)}
    rows = Figure.objects.filter(source_kind=SourceKind.PUBLISHED, valley_id__in=valleys)
    return list(rows.order_by("valley_id", "indicator", "-dated", "-pk")), valleys


def compared(actor: Actor, origin: str, *, everything: bool = False) -> list[Compared]:
    """Figures whose reports disagree (or all that pages published), in the order of valleys and conditions."""
    valleys = {
        valley.pk: valley for valley in of_origin(visible_valleys(actor), origin).select_related("region")
    }
    known = catalogue()
    found: dict[tuple[int, str, int | None], Reports] = {}
    for figure in Figure.objects.filter(valley_id__in=valleys).order_by("-dated", "-pk"):
        figure.dialog = f"choose-{figure.pk}"  # type: ignore[attr-defined]
        one = known.get(figure.indicator)
        if one is not None:
            year = figure.year if yearly(one) else None
            found.setdefault((figure.valley_id, figure.indicator, year), Reports(one, year)).figures.append(
                figure
            )
    listed = [
        (valley, reports) for (valley, _key, _year), reports in found.items()
        if reports.disagree or (everything and any(f.source_kind == SourceKind.PUBLISHED for f in reports.figures))
    ]  # fmt: skip
    reasons = _reasons([f for _valley, reports in listed for f in reports.figures if f.chosen])
    order = {key: n for n, key in enumerate(known)}
    rows = [
        Compared(valleys[valley], reports, _why(reports, reasons), may_choose(actor, valleys[valley]))
        for valley, reports in listed
    ]
    return sorted(
        rows,
        key=lambda row: (
            row.valley.origin,
            row.valley.region_id,
            row.valley.pk,
            order[row.reports.indicator.key],
        ),
    )


def _reasons(chosen: Sequence[Figure]) -> dict[str, AuditEvent]:
    """The deed by which each was chosen, where a person did. One query."""
    events = AuditEvent.objects.filter(
        verb="figure.choose", target_type=Figure._meta.label_lower, target_id__in=[str(f.pk) for f in chosen]
    ).order_by("number")
    return {event.target_id: event for event in events}


def _why(reports: Reports, reasons: dict[str, AuditEvent]) -> str:
    used = reports.used
    if used is None:
        return ""
    if used.chosen:
        event = reasons.get(str(used.pk))
        if event is None:
            return _("整理公开资料时选定")
        return _("%(who)s选定：%(reason)s") % {"who": event.actor_label, "reason": event.reason}
    others = [figure for figure in reports.figures if figure is not used]
    if all(figure.dated < used.dated for figure in others):
        return _("未经选定，取日期最近的一条")
    return _("未经选定；同日各条中取来源等级高、离记录近的一条")
