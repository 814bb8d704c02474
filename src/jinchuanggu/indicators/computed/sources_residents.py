"""Figures computed from the records of residents: who lives in a valley, its spaces, leases and rights."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jinchuanggu.engines.periods import Period
from jinchuanggu.indicators.computed.sources import Records, source
from jinchuanggu.residents import record_queries as queries
from jinchuanggu.residents.models import IntellectualProperty, PropertyKind, Resident, ResidentKind, SpaceKind

RESIDENT = (
    ("organisation__name", _("单位")),
    ("kind", _("类别")),
    ("field", _("领域")),
    ("entered_on", _("入驻日期")),
    ("left_on", _("迁出日期")),
)
RIGHT = (
    ("title", _("名称")),
    ("number", _("申请号（登记号）")),
    ("kind", _("类别")),
    ("organisation__name", _("权利人")),
    ("applied_on", _("申请日期")),
    ("granted_on", _("授权日期")),
)
TRAITS = {"field": "field", "kind": "kind"}


def end(period: Period) -> date:
    """The last day of a period, or today while it runs: a moment is the state at its end."""
    return min(period.last_day, timezone.localdate())


def _residents(rows: QuerySet[Resident], *, distinct: bool = True, amount: str = "") -> Records:
    """`amount`: a number that is kept as of today only, such as the head count."""
    return Records(
        rows,
        valley="valley_id",
        amount=amount,
        distinct="organisation_id" if distinct else "",
        dimensions=TRAITS,
        columns=RESIDENT,
        resource="residents",
        firm="pk",
        undated=bool(amount),
    )


@source("resident_units")
def _units(period: Period) -> Records:
    return _residents(queries.residents_on(end(period)))


@source("resident_enterprises")
def _enterprises(period: Period) -> Records:
    return _residents(queries.residents_on(end(period)).filter(kind=ResidentKind.ENTERPRISE))


@source("resident_science_teams")
def _teams(period: Period) -> Records:
    return _residents(queries.residents_on(end(period)).filter(kind=ResidentKind.TEAM))


@source("sci_tech_firms")
def _sci_tech(period: Period) -> Records:
    rows = queries.residents_on(end(period)).filter(kind=ResidentKind.ENTERPRISE, sci_tech=True)
    return _residents(rows)


@source("resident_teams_and_startups")
def _teams_and_startups(period: Period) -> Records:
    rows = queries.residents_on(end(period)).filter(Q(kind=ResidentKind.TEAM) | Q(start_up=True))
    return _residents(rows, distinct=False)


@source("full_time_staff")
def _staff(period: Period) -> Records:
    return _residents(queries.residents_on(end(period)), distinct=False, amount="full_time_staff")


@source("move_ins")
def _move_ins(period: Period) -> Records:
    return _residents(queries.move_ins(period.first_day, period.last_day), distinct=False)


@source("move_outs")
def _move_outs(period: Period) -> Records:
    return _residents(queries.move_outs(period.first_day, period.last_day), distinct=False)


@source("tech_enterprise_revenue_cny")
def _revenue(period: Period) -> Records:
    return Records(
        queries.revenues_of(period.year).filter(resident__sci_tech=True),
        valley="resident__valley_id",
        amount="revenue_cny",
        dimensions={"field": "resident__field", "kind": "resident__kind"},
        columns=(
            ("resident__organisation__name", _("单位")),
            ("year", _("年份")),
            ("revenue_cny", _("营业收入（元）")),
            ("filed_on", _("报送日期")),
        ),
        resource="revenues",
        firm="resident_id",
    )


def _spaces(period: Period, **kinds: object) -> Records:
    return Records(
        queries.spaces_by(end(period)).filter(**kinds),
        valley="valley_id",
        amount="area_m2",
        columns=(
            ("name", _("空间")),
            ("kind", _("类别")),
            ("area_m2", _("面积（m²）")),
            ("startup_zone", _("起步区")),
            ("completed_on", _("建成日期")),
        ),
        resource="spaces",
    )


@source("space_area_m2")
def _space(period: Period) -> Records:
    return _spaces(period)


@source("startup_office_m2")
def _offices(period: Period) -> Records:
    return _spaces(period, kind=SpaceKind.OFFICE, startup_zone=True)


@source("standard_plant_m2")
def _plants(period: Period) -> Records:
    return _spaces(period, kind=SpaceKind.PLANT, startup_zone=True)


@source("leased_area_m2")
def _leased(period: Period) -> Records:
    return Records(
        queries.leases_on(end(period)),
        valley="space__valley_id",
        amount="area_m2",
        columns=(
            ("space__name", _("空间")),
            ("organisation__name", _("承租单位")),
            ("area_m2", _("租用面积（m²）")),
            ("starts_on", _("起租日期")),
            ("ends_on", _("到期日期")),
        ),
        resource="leases",
        firm="resident_id",
    )


def _rights(rows: QuerySet[IntellectualProperty]) -> Records:
    return Records(
        rows,
        valley="valley_id",
        distinct="pk",
        dimensions={"field": "field", "kind": "resident_kind"},
        columns=RIGHT,
        resource="rights",
        firm="resident_id",
    )


@source("ip_valid")
def _valid(period: Period) -> Records:
    return _rights(queries.rights_valid(end(period)))


@source("invention_patents")
def _inventions(period: Period) -> Records:
    return _rights(queries.rights_valid(end(period)).filter(kind=PropertyKind.INVENTION))


@source("ip_applications")
def _applications(period: Period) -> Records:
    return _rights(queries.rights_applied(period.first_day, period.last_day))


@source("ip_grants")
def _grants(period: Period) -> Records:
    return _rights(queries.rights_granted(period.first_day, period.last_day))
