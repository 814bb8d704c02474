"""Load the real part: regions, the bodies public pages name, the valleys with their published facts only."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from jinchuanggu.demo.real_data import load as read_real_data
from jinchuanggu.demo.real_types import Figure as PublishedFigure
from jinchuanggu.demo.real_types import Link, RealData, RealValley
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.codes.regions import regions
from jinchuanggu.foundation.organisations.models import Organisation, Origin, Region
from jinchuanggu.indicators.models import Figure, SourceKind
from jinchuanggu.indicators.published import sync_figures
from jinchuanggu.programme.models import Valley
from jinchuanggu.programme.verdicts import refresh_verdict

# how a valley's existence, as far as pages tell, is shown among the stages of the course
STATES = {
    "unveiled": ("plaqued", "plaque"),
    "operating": ("building", "build"),
    "announced": ("building", "build"),
}
UNITS = {"person": "persons", "CNY": "cny"}


def load_regions(data: RealData) -> dict[str, Region]:
    """The province, its cities, counties and the demonstration zone, and what named bodies outside need."""
    loaded: dict[str, Region] = {}
    for row in regions().values():
        loaded[row.code] = Region.objects.create(
            code=row.code, stat_code=row.stat_code, name=row.name, name_en=row.name_en, level=row.level,
            parent=loaded.get(row.parent or ""), longitude=row.lon, latitude=row.lat, origin=Origin.REAL,
        )  # fmt: skip
    for outside in data.outside_regions:
        loaded[outside.code] = Region.objects.create(
            code=outside.code,
            stat_code=outside.code,
            name=outside.name,
            name_en=outside.name_en,
            level="province",
        )
    return loaded


def load_organisations(data: RealData, where: dict[str, Region]) -> dict[str, Organisation]:
    """The real bodies; what no page states (zone level, legal person) stays unknown."""
    return {
        row.name: Organisation.objects.create(
            name=row.name, kind=row.kind, region=where[row.region], zone_level=row.zone_level or "",
            legal_person=row.legal_person, origin=Origin.REAL,
            source_title=row.source.title, source_url=row.source.url or "",
        )
        for row in data.organisations.values()
    }  # fmt: skip


def load_valleys(data: RealData, where: dict[str, Region], bodies: dict[str, Organisation]) -> list[Valley]:
    """Every valley that pages name; a city that is merely named as a builder gets none."""
    return [_valley(row, data, where, bodies) for row in data.valleys if row.exists]


def _counting(links: tuple[Link, ...] | None, bodies: dict[str, Organisation]) -> list[Organisation]:
    return [bodies[link.organisation.name] for link in links or () if link.counts]


def _valley(
    row: RealValley, data: RealData, where: dict[str, Region], bodies: dict[str, Organisation]
) -> Valley:
    state, stage = STATES[row.existence]
    region, unveiled = where[row.builder], row.unveiled
    window = ""
    if unveiled and unveiled.day is None and (unveiled.not_before or unveiled.not_after):
        window = f"{unveiled.not_before or '…'} – {unveiled.not_after or '…'}"
    shift = sum(
        1
        for other in data.valleys[: data.valleys.index(row)]
        if other.exists and other.builder == row.builder
    )
    valley = Valley.objects.create(
        name=row.name, name_en=row.name_en, kind=row.kind or "", region=region,
        operator=bodies[row.operator.organisation.name] if row.operator else None,
        key_fields=list(row.key_fields.values) if row.key_fields else None,
        summary=row.summary.zh, state=state, stage=stage, origin=Origin.REAL,
        unveiled_on=unveiled.day if unveiled else None, unveiled_text=window,
        unveiled_source=unveiled.source.title if unveiled else "",
        unveiled_url=(unveiled.source.url or "") if unveiled else "",
        # two valleys of one city stand beside each other on the map
        longitude=None if region.longitude is None else float(region.longitude) + 0.28 * shift,
        latitude=None if region.latitude is None else float(region.latitude) - 0.22 * shift,
        story=_story(row, data), published_only=True,
    )  # fmt: skip
    valley.universities.set(_counting(row.partners, bodies))
    valley.zones.set(_counting(row.hosts, bodies))
    _figures(valley, row)
    refresh_verdict(valley)
    record(
        SYSTEM_ACTOR,
        "valley.publish",
        valley,
        detail={"sources": sorted({f.source.title for f in row.figures})},
    )
    return valley


def _story(row: RealValley, data: RealData) -> dict[str, object]:
    """What pages say in words, with where they say it; shown on the dossier as published facts."""
    source = {
        key: {"title": value.title, "date": value.date.text, "url": value.url or "", "grade": value.grade}
        for key, value in data.sources.items()
    }
    links = [
        *(row.partners or ()),
        *(row.hosts or ()),
        *(row.operators or ()),
        *(row.residents or ()),
        *(row.teams or ()),
    ]
    return {
        "published": True,
        "zh": row.summary.zh, "en": row.summary.en,
        "kind_note": {"zh": data.kind_note.zh, "en": data.kind_note.en} if row.kind is None else None,
        "kind_hint": {"zh": row.kind_hint.zh, "en": row.kind_hint.en} if row.kind_hint else None,
        "not_published": [
            key for key in ("key_fields", "partners", "hosts", "operators", "residents", "teams") if getattr(row, key) is None
        ],
        "facts": [
            {"zh": fact.text.zh, "en": fact.text.en, "source": source[fact.source.key]} for fact in row.facts
        ],
        "links": [
            {
                "name": link.organisation.name, "kind": link.organisation.kind, "role": link.role,
                "counts": link.counts, "source": source[link.source.key],
                "note": {"zh": link.note.zh, "en": link.note.en} if link.note else None,
            }
            for link in links
        ],
        "events": [
            {
                "kind": event.kind, "not_before": str(event.not_before or ""), "not_after": str(event.not_after or ""),
                "place": event.place, "document": event.document, "source": source[event.source.key],
                "note": {"zh": event.note.zh, "en": event.note.en} if event.note else None,
            }
            for event in row.events
        ],
        "goals": [
            {
                "zh": goal.indicator.name.zh, "en": goal.indicator.name.en, "value": str(goal.value),
                "unit": UNITS.get(goal.indicator.unit, goal.indicator.unit), "year": goal.year,
                "bound": goal.bound, "source": source[goal.source.key],
            }
            for goal in row.goals
        ],
    }  # fmt: skip


BOUND_WORDS = {"about": "约", "at_least": "不少于", "planned": "规划数"}


def _day(figure: PublishedFigure) -> date:
    """The last day the page's date allows; the page's own words stay beside it."""
    return figure.date.latest or date(2024, 1, 1)


def _figures(valley: Valley, row: RealValley) -> None:
    rows: list[Figure] = []
    ordered = sorted(row.figures, key=lambda f: f.indicator.code)
    for _, same in groupby(ordered, key=lambda f: f.indicator.code):
        for figure in same:
            words = [
                BOUND_WORDS.get(figure.bound, ""), figure.raw, figure.period,
                {"city": "全市数", "zone": "开发区数"}.get(figure.subject, ""), figure.note.zh if figure.note else "",
            ]  # fmt: skip
            rows.append(
                Figure(
                    valley_id=valley.pk, indicator=figure.indicator.code, value=figure.value,
                    unit=UNITS.get(figure.indicator.unit, figure.indicator.unit), dated=_day(figure),
                    date_text=figure.date.text, source_kind=SourceKind.PUBLISHED, source_title=figure.source.title,
                    source_url=figure.source.url or "", source_grade=figure.source.grade,
                    scope_note="；".join(word for word in words if word)[:500],
                    chosen=figure.chosen, origin=Origin.REAL,
                )
            )  # fmt: skip
    Figure.objects.bulk_create(rows)


def load() -> tuple[dict[str, Region], list[Valley]]:
    """Everything real, in the caller's transaction."""
    data = read_real_data()
    where = load_regions(data)
    bodies = load_organisations(data, where)
    valleys = load_valleys(data, where, bodies)
    sync_figures(valley.pk for valley in valleys)
    return where, valleys
