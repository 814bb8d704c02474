"""What waits for whom: one entry in a work queue for each form, period, place and step, never one for each filing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.organisations.models import Organisation, OrganisationKind
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.definition import Text
from jinchuanggu.foundation.workflow.engine import open_task
from jinchuanggu.foundation.workflow.models import Task
from jinchuanggu.indicators.filings.access import OPEN
from jinchuanggu.indicators.forms.library import form_of
from jinchuanggu.indicators.forms.model import Form
from jinchuanggu.indicators.models import Filing
from jinchuanggu.indicators.places import Place, directory

STEPS = {**dict.fromkeys(OPEN, "fill"), "checking": "checking", "reviewing": "reviewing"}
WORDS: dict[tuple[str, str], Text] = {
    ("firm", "fill"): {"zh": "督促入驻单位报送", "en": "See that residents file"},
    ("firm", "checking"): {"zh": "审核入驻单位报表", "en": "Check the residents' filings"},
    ("firm", "reviewing"): {"zh": "审核并锁定入驻单位报表", "en": "Review and lock the residents' filings"},
    ("valley", "fill"): {"zh": "填报", "en": "Fill in"},
    ("valley", "reviewing"): {"zh": "审核并锁定", "en": "Review and lock"},
    ("city", "fill"): {"zh": "填报", "en": "Fill in"},
    ("city", "reviewing"): {"zh": "审核并锁定", "en": "Review and lock"},
}
HOLDERS = {
    ("firm", "fill"): Role.OPERATOR,
    ("firm", "checking"): Role.OPERATOR,
    ("firm", "reviewing"): Role.CITY_OFFICE,
    ("valley", "fill"): Role.OPERATOR,
    ("valley", "reviewing"): Role.CITY_OFFICE,
    ("city", "fill"): Role.CITY_OFFICE,
    ("city", "reviewing"): Role.PROVINCIAL_OFFICE,
}


class Group(NamedTuple):
    """The filings of a form and a period at one place: a valley, or a city's own."""

    form: str
    version: int
    period: int
    valley_id: int | None
    region_id: int
    origin: str

    @property
    def key(self) -> str:
        place = f"v{self.valley_id}" if self.valley_id else f"r{self.region_id}"
        return f"filing:{self.form}:{self.period}:{place}"


def group_of(filing: Filing) -> Group:
    """The batch whose one entry in a work queue stands for this filing, too."""
    return Group(
        filing.form, filing.form_version, filing.period, filing.valley_id, filing.region_id, filing.origin
    )


def sync_tasks(groups: Iterable[Group]) -> None:
    """Open what waits and close what no longer does, from where the filings stand. Safe to repeat."""
    wanted = {group.key: group for group in groups}
    if not wanted:
        return
    counts, dues = _counts(wanted.values())
    known: dict[str, int] = {}
    asked = Q()
    for key in wanted:
        asked |= Q(key__startswith=f"{key}:")
    for pk, key in Task.objects.filter(asked, closed_at__isnull=True).values_list("pk", "key"):
        known[key] = pk
    needed: dict[str, tuple[Group, str, int]] = {}
    places = directory().places({group.valley_id for group in wanted.values() if group.valley_id})
    offices = _offices(wanted.values())
    for key, group in wanted.items():
        level = form_of(group.form, group.version).level
        for step in ("fill", "checking", "reviewing"):
            if not counts.get((key, step)) or (level, step) not in HOLDERS:
                continue
            for holder in _holders(group, HOLDERS[level, step], places, offices):
                needed[f"{key}:{step}:{holder}"] = (group, step, holder)
    gone = [pk for key, pk in known.items() if key not in needed]
    if gone:
        Task.objects.filter(pk__in=gone).update(closed_at=timezone.now(), closed_how="done")
    for key, (group, step, holder) in needed.items():
        if key not in known:
            _open(key, group, step, holder, dues.get(group.key), places)


def _counts(groups: Iterable[Group]) -> tuple[dict[tuple[str, str], int], dict[str, date]]:
    """How many filings of each group stand at each step, and when the group is due. One query."""
    asked = Q()
    for group in groups:
        asked |= Q(
            form=group.form, period=group.period, valley_id=group.valley_id,
            **({} if group.valley_id else {"region_id": group.region_id}),
        )  # fmt: skip
    rows = (
        Filing.objects.filter(asked).order_by()
        .values_list("form", "form_version", "period", "valley_id", "region_id", "origin", "state")
        .annotate(n=Count("pk"), due=Max("due_on"))
    )  # fmt: skip
    counts: dict[tuple[str, str], int] = {}
    dues: dict[str, date] = {}
    for form, version, period, valley, region, origin, state, n, due in rows:
        key = Group(form, version, period, valley, region, origin).key
        dues[key] = max(due, dues.get(key, due))
        if state in STEPS:
            counts[key, STEPS[state]] = counts.get((key, STEPS[state]), 0) + n
    return counts, dues


def _offices(groups: Iterable[Group]) -> dict[str, list[tuple[int, int]]]:
    rows = Organisation.objects.filter(
        Q(kind=OrganisationKind.PROVINCIAL_OFFICE)
        | Q(kind=OrganisationKind.CITY_OFFICE, region_id__in={group.region_id for group in groups})
    ).values_list("kind", "region_id", "pk")
    found: dict[str, list[tuple[int, int]]] = {}
    for kind, region, pk in rows:
        found.setdefault(kind, []).append((region, pk))
    return found


def _holders(
    group: Group, role: str, places: dict[int, Place], offices: dict[str, list[tuple[int, int]]]
) -> list[int]:
    if role == Role.OPERATOR:
        place = places.get(group.valley_id or 0)
        return [place.operator_id] if place and place.operator_id else []
    if role == Role.CITY_OFFICE:
        return [pk for region, pk in offices.get("city_office", []) if region == group.region_id]
    return [pk for _region, pk in offices.get("provincial_office", [])]


def _open(key: str, group: Group, step: str, holder: int, due: date | None, places: dict[int, Place]) -> None:
    form = form_of(group.form, group.version)
    place = places.get(group.valley_id or 0)
    open_task(
        kind=f"filing.{step}", title=_title(form, group, step, place), url=batch_url(form.id, group.period, group.valley_id),
        role=HOLDERS[form.level, step], organisation_id=holder, due_on=_due(form, step, due), origin=group.origin,
        key=key[:120],
    )  # fmt: skip


def _due(form: Form, step: str, due: date | None) -> date | None:
    """The day a step is due, stored with the task: so many days after the filings are due, or from today if later."""
    if due is None or step == "fill":
        return due
    days = form.check_days if step == "checking" else form.review_days + form.check_days
    own = form.check_days if step == "checking" else form.review_days
    return max(due + timedelta(days=days), timezone.localdate() + timedelta(days=own))


def _title(form: Form, group: Group, step: str, place: Place | None) -> Text:
    words, period = WORDS[form.level, step], Period.numbered(group.period)
    zh, en = (f"{place.name} ", f"{place.name_en or place.name} ") if place else ("", "")
    return {
        "zh": f"{words['zh']}：{zh}{form.title.zh} {period}",
        "en": f"{words['en']}: {en}{form.title.en} {period}",
    }


def batch_url(form: str, period: int, valley_id: int | None = None) -> str:
    """The page with all filings of a form and a period."""
    text = str(Period.numbered(period))
    query = urlencode({"valley": valley_id} if valley_id else {})
    path = reverse("filing_batch", args=[form, text])
    return f"{path}?{query}" if query else path
