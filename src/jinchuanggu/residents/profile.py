"""The facts of one firm for the rules: what it stated, what records give, and where each figure comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from jinchuanggu.engines import rules
from jinchuanggu.engines.cells import plain
from jinchuanggu.engines.rules.dates import PartialDate
from jinchuanggu.engines.rules.facts import Facts, Figure, Source
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.residents.inputs import CITY_OF_FIRM, KEPT_YEARS, key_of, read_inputs, refresh
from jinchuanggu.residents.models import FactSource, FirmStanding, FirmYear, Resident, YearlyRevenue
from jinchuanggu.residents.parsing import Stored, rule_value

REVENUE = "revenue_cny"
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one fact comes from: `kind` filed, computed or published; the day; who or what said it."""

    kind: str
    on: date | None
    who: str

    @property
    def title(self) -> str:
        """The name of the source as evidence shows it."""
        return self.who or str(FactSource(self.kind).label)

    def as_source(self) -> Source:
        return Source(title=self.title, date=self.on.isoformat() if self.on else None)


@dataclass(slots=True)
class Profile:
    """All facts of one firm on a day, by the names of rule results: `staff_total`, `revenue_cny@2025`.

    `stated` is what the profile holds, `origins` where each came from; `second` are further reports of a
    figure that the profile states as well (yearly revenue filed with the valley).
    """

    organisation_id: int
    on: date
    revision: int = 0
    stated: dict[str, Stored] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    second: dict[str, tuple[Stored, Origin]] = field(default_factory=dict)

    def record(self) -> Record:
        """`{input id: value or {year: value}}` for the engine; facts that nobody gave are absent."""
        found: Record = {}
        for name, declared in read_inputs().items():
            if declared.type is InputType.SERIES:
                years = {
                    year: rule_value(declared, self.stated[key])
                    for year in range(self.on.year - KEPT_YEARS, self.on.year + 1)
                    if (key := key_of(name, year)) in self.stated
                }
                if years:
                    found[name] = years
            elif name in self.stated:
                found[name] = rule_value(declared, self.stated[name])
        return found

    def facts(self) -> Facts:
        """The same as engine facts, every figure with its source, and several reports of one side by side."""
        facts = rules.facts_of(read_inputs(), self.record())
        reports = dict(facts.reports)
        for name, declared in read_inputs().items():
            if figures := tuple(self._figures(name, declared)):
                reports[name] = figures
        return replace(facts, reports=reports)

    def _figures(self, name: str, declared: Input) -> Iterable[Figure]:
        if declared.type is InputType.SERIES:
            years: list[int | None] = list(range(self.on.year - KEPT_YEARS, self.on.year + 1))
        elif declared.type is InputType.NUMBER:
            years = [None]
        else:
            return
        for year in years:
            key = key_of(name, year)
            if key not in self.stated:
                continue
            given = [(self.stated[key], self.origins.get(key))]
            if key in self.second:
                given.append(self.second[key])
            for value, origin in given:
                day = origin.on if origin and origin.on and origin.on <= self.on else None
                yield Figure(
                    value=Decimal(value),
                    date=PartialDate.of(day) if day else None,
                    year=year if year is not None or day else self.on.year,
                    source=origin.as_source() if origin else None,
                    chosen=len(given) > 1 and value is given[0][0],
                )


def profile_of(organisation_id: int, on: date) -> Profile:
    """Read one firm in five queries, and one to see whether the rules changed."""
    refresh()
    profile = Profile(organisation_id, on)
    standing = FirmStanding.objects.filter(organisation_id=organisation_id).first()
    if standing is not None:
        profile.revision = standing.revision
        _take(profile, standing.values, standing.sources, None)
    years = FirmYear.objects.filter(
        organisation_id=organisation_id, year__gte=on.year - KEPT_YEARS, year__lte=on.year
    )
    for row in years.order_by("year"):
        _take(profile, row.values, row.sources, row.year)
    _place(profile)
    _residency(profile)
    _revenue(profile)
    return profile


def _take(
    profile: Profile, values: Mapping[str, Stored], sources: Mapping[str, Any], year: int | None
) -> None:
    known = read_inputs()
    for name, value in values.items():
        if name not in known or (known[name].type is InputType.SERIES) != (year is not None):
            continue
        key = key_of(name, year)
        profile.stated[key] = value
        profile.origins[key] = _origin(sources.get(name))


def _origin(source: Any) -> Origin:
    kind, on, who = source or [FactSource.FILED, None, ""]
    return Origin(kind, date.fromisoformat(on) if on else None, who)


def city_code(code: str, parent_code: str | None) -> str | None:
    """The city as the rules know it, by the code of the firm's region; None for a city that they don't know."""
    declared = read_inputs().get(CITY_OF_FIRM)
    return next((one for one in (code, parent_code) if declared and one in declared.options), None)


ELSEWHERE = "other"


def _place(profile: Profile) -> None:
    """Measures of a city ask where the firm stands; the register of organisations knows it."""
    if CITY_OF_FIRM not in read_inputs():
        return
    rows = Organisation.objects.filter(pk=profile.organisation_id)
    for code, parent in rows.values_list("region__code", "region__parent__code"):
        found = city_code(code, parent)
        # a simulated city has no measures of its own: its firms may state whose they borrow
        if found is not None or CITY_OF_FIRM not in profile.stated:
            profile.stated[CITY_OF_FIRM] = found or ELSEWHERE
            profile.origins[CITY_OF_FIRM] = Origin(FactSource.COMPUTED, profile.on, _("组织登记"))


def in_residence_on(on: date) -> Q:
    """Residents on a day, as a condition."""
    return Q(entered_on__lte=on) & (Q(left_on__isnull=True) | Q(left_on__gt=on))


def _residency(profile: Profile) -> None:
    """Whether the firm sits in a valley, and since when: the records of residency know it, nobody types it."""
    rows = Resident.objects.filter(in_residence_on(profile.on), organisation_id=profile.organisation_id)
    entered = min(rows.values_list("entered_on", flat=True), default=None)
    origin = Origin(FactSource.COMPUTED, profile.on, _("入驻记录"))
    for key, value in _residency_facts(entered).items():
        profile.stated[key], profile.origins[key] = value, origin


def _residency_facts(entered: date | None) -> dict[str, Stored]:
    known = read_inputs()
    facts: dict[str, Stored] = {"valley_resident": entered is not None}
    if entered is not None:
        facts["valley_entered_on"] = entered.isoformat()
    return {name: value for name, value in facts.items() if name in known}


def _revenue(profile: Profile) -> None:
    """Yearly revenue filed with a valley stands in where the profile has none, and beside it where it has."""
    if REVENUE not in read_inputs():
        return
    rows = YearlyRevenue.objects.filter(
        resident__organisation_id=profile.organisation_id, year__gte=profile.on.year - KEPT_YEARS
    ).order_by("filed_on", "pk")
    for row in rows:
        key = key_of(REVENUE, row.year)
        origin = Origin(FactSource.FILED, row.filed_on, _("年度营业收入报送"))
        value = plain(row.revenue_cny)
        if key in profile.stated and key not in profile.second and profile.origins[key].who != origin.who:
            if Decimal(str(profile.stated[key])) != row.revenue_cny:
                profile.second[key] = (value, origin)
        else:
            profile.stated[key], profile.origins[key] = value, origin


def facts_for(organisation_id: int, on: date) -> Facts:
    """The engine's facts of one firm on a day."""
    return profile_of(organisation_id, on).facts()


def record_for(organisation_id: int, on: date) -> Record:
    """The same as a plain record: `{input id: value or {year: value}}`."""
    return profile_of(organisation_id, on).record()
