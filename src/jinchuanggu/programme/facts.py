"""From the records of a valley to the facts the rules engine judges, and the judgement of its day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from jinchuanggu.engines.rules.dates import PartialDate
from jinchuanggu.engines.rules.facts import Figure as RuleFigure
from jinchuanggu.engines.rules.facts import Source
from jinchuanggu.engines.rules.library import official
from jinchuanggu.engines.rules.result import Result, Verdict
from jinchuanggu.engines.rules.valley.facts import OperatorBody, Report, ValleyFacts, Zone
from jinchuanggu.engines.rules.valley.judge import recognition
from jinchuanggu.foundation.organisations.models import Origin
from jinchuanggu.indicators.definitions.library import judged
from jinchuanggu.indicators.models import Figure
from jinchuanggu.indicators.queries import CLOSENESS, grade_of
from jinchuanggu.programme.models import Valley, ValleyKind
from jinchuanggu.programme.plan_data import plan_data

# parts of a judged figure under the names the rules give them; the rules add them up where the whole isn't
# reported
PARTS = {"resident_startups": "resident_startups", "resident_science_teams": "resident_teams"}
# pages that name no kind leave it open; the figures asked for are the same in both
ASSUMED_KIND = ValleyKind.REGIONAL


def facts_of(valley: Valley, figures: Sequence[Figure] | None = None) -> ValleyFacts:
    """What is known of a valley. Four to six queries, or fewer with the figures given.

    A list of a valley that keeps its dossier here is what stands in it, also when empty; of a real valley,
    of which
    only published facts are kept, an empty list means that nobody has published it: not given.
    """
    if figures is None:
        figures = list(Figure.objects.filter(valley_id=valley.pk))
    kept = not valley.published_only

    def listed(names: Sequence[str]) -> tuple[str, ...] | None:
        return tuple(names) if names or kept else None

    zones = [Zone(zone.name, zone.zone_level or None) for zone in valley.zones.all()]
    return ValleyFacts(
        kind=valley.kind or ASSUMED_KIND,
        name=valley.name,
        builder=valley.region.code if valley.region.origin == Origin.REAL else "simulated",
        partner_universities=listed([body.name for body in valley.universities.all()]),
        host_zones=tuple(zones) if zones or kept else None,
        key_fields=listed(valley.key_fields or []),
        operator=OperatorBody(valley.operator.name, valley.operator.legal_person)
        if valley.operator
        else None,
        documents=listed(_documents(valley)) if kept else None,
        service_bodies=listed(sorted({body.kind for body in valley.service_bodies.all()})),
        reports=tuple(_reports(figures)),
    )


def _documents(valley: Valley) -> list[str]:
    from jinchuanggu.programme.process.subject import documents_of

    present = documents_of(valley)
    return [paper.kind for paper in plan_data().papers if paper.clause and paper.kind in present]


def _reports(figures: Sequence[Figure]) -> list[Report]:
    known = judged()
    ordered = sorted(figures, key=lambda f: (f.dated, CLOSENESS[f.source_kind], f.pk or 0), reverse=True)
    return [
        Report(PARTS.get(figure.indicator, figure.indicator), _rule_figure(figure))
        for figure in ordered
        if figure.indicator in known or figure.indicator in PARTS
    ]


def _rule_figure(figure: Figure) -> RuleFigure:
    source = Source(
        title=figure.source_title,
        url=figure.source_url or None,
        date=figure.date_text or figure.dated.isoformat(),
        grade=grade_of(figure),
    )
    return RuleFigure(
        value=figure.value.normalize(),
        date=PartialDate.of(figure.dated),
        year=figure.year,
        source=source,
        chosen=figure.chosen,
        note=figure.scope_note or None,
        unit=figure.unit,
    )


def day_of_judgement(valley: Valley, today: date | None = None) -> date:
    """The day whose rules apply: the day of unveiling for a valley unveiled before any conditions, else
    today.
    """
    today = today or timezone.localdate()
    if valley.unveiled_on is None:
        return today
    rule_set = official("valley_recognition").concerning("valley", kind=valley.kind or ASSUMED_KIND)[0]
    return (
        today if official("valley_recognition").in_force(rule_set, valley.unveiled_on) else valley.unveiled_on
    )


def judge(valley: Valley, on: date | None = None, figures: Sequence[Figure] | None = None) -> Result:
    """The recognition check on a day, by default on the day whose rules apply to the valley."""
    return recognition(facts_of(valley, figures), on or day_of_judgement(valley))


def counts_of(result: Result) -> dict[str, int]:
    """`{met, not_met, not_evidenced}` of the computed criteria; empty when no conditions applied."""
    if result.verdict is Verdict.NOT_APPLICABLE:
        return {}
    return {
        status: sum(f.status.value == status for f in result.criteria)
        for status in ("met", "not_met", "not_evidenced")
    }
