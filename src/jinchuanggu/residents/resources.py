"""Residents, their yearly revenue and the spaces of a valley as declared screens."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role
from jinchuanggu.foundation.resources.declare import Access, Column, Filter, Reference, Resource, Section
from jinchuanggu.foundation.resources.registry import register
from jinchuanggu.residents import letting, scopes
from jinchuanggu.residents.models import Resident, Space, YearlyRevenue

KEEPERS = frozenset({Role.OPERATOR, Role.CITY_OFFICE})
READERS = PROVINCE_WIDE | CITY_WIDE | {Role.OPERATOR}
FIRST_YEAR = 2000


def _valley_initial(actor: Actor) -> dict[str, Any]:
    """Who has one valley needn't choose it."""
    ids = list(scopes.valley_ids_for(actor).values_list("pk", flat=True)[:2])
    return {"valley_id": ids[0]} if len(ids) == 1 else {}


def _year(actor: Actor, revenue: YearlyRevenue) -> dict[str, str]:
    """A year that isn't over has no yearly revenue."""
    last = timezone.localdate().year
    if revenue.year is not None and not FIRST_YEAR <= revenue.year <= last:
        return {"year": gettext("年份应在 %(first)d 到 %(last)d 之间") % {"first": FIRST_YEAR, "last": last}}
    return {}


residents = register(
    Resource(
        name="residents",
        model=Resident,
        label=_("入驻单位"),
        answers=_("哪些企业和团队在谷里，何时入驻，有多少全时人员。"),
        icon="building-community",
        group="resident",
        order=10,
        scope=scopes.residents,
        tells=scopes.changed("valley_id"),
        columns=(
            Column("organisation"),
            Column("valley_id"),
            Column("kind"),
            Column("field"),
            Column("start_up"),
            Column("sci_tech", shown=False),
            Column("full_time_staff", unit=_("人")),
            Column("entered_on", sortable=True),
            Column("left_on", shown=False),
            Column("origin", shown=False),
        ),
        search=("organisation__name", "organisation__uscc", "field"),
        filters=(
            Filter("valley_id"),
            Filter("kind"),
            Filter("start_up"),
            Filter("sci_tech"),
            Filter("entered_on"),
            Filter("full_time_staff"),
        ),
        sections=(
            Section(_("入驻"), ("organisation", "valley_id", "kind", "entered_on", "left_on")),
            Section(_("情况"), ("field", "start_up", "sci_tech", "full_time_staff", "origin")),
        ),
        form=(
            "organisation",
            "valley_id",
            "kind",
            "entered_on",
            "left_on",
            "field",
            "start_up",
            "sci_tech",
            "full_time_staff",
        ),
        references={
            "organisation": Reference(
                scopes.movers_in, Organisation.objects.all, lookups=("name", "uscc"), body=True
            ),
            "valley_id": scopes.VALLEY,
        },
        labels={"organisation__name": _("企业或团队"), "organisation__uscc": _("统一社会信用代码")},
        help={"organisation": _("尚未登记的单位先在“组织”中新建")},
        messages={
            "resident_once": ("organisation", _("该单位在此谷已有入驻记录且未迁出")),
            "left_after_entry": ("left_on", _("迁出日期不能早于入驻日期")),
        },
        keys=(("valley_id", "organisation"),),
        initial=_valley_initial,
        access=Access(view=READERS | {Role.ENTERPRISE}, add=KEEPERS, change=KEEPERS, imports=KEEPERS),
    )
)

spaces = register(
    Resource(
        name="spaces",
        model=Space,
        label=_("空间"),
        answers=_("谷里有哪些办公用房、厂房和实验室，各有多大，何时建成。"),
        icon="building-warehouse",
        group="resident",
        order=20,
        scope=scopes.spaces,
        tells=scopes.changed("valley_id"),
        columns=(
            Column("name", sortable=True),
            Column("valley_id"),
            Column("kind"),
            Column("area_m2", sortable=True),
            Column("startup_zone"),
            Column("completed_on"),
            Column("origin", shown=False),
        ),
        search=("name",),
        filters=(
            Filter("valley_id"),
            Filter("kind"),
            Filter("startup_zone"),
            Filter("area_m2"),
            Filter("completed_on"),
        ),
        sections=(
            Section(_("空间"), ("name", "valley_id", "kind")),
            Section(_("规模"), ("area_m2", "startup_zone", "completed_on", "origin")),
        ),
        form=("name", "valley_id", "kind", "area_m2", "startup_zone", "completed_on"),
        references={"valley_id": scopes.VALLEY},
        messages={"space_has_area": ("area_m2", _("面积应大于 0"))},
        beside="residents/_space_let.html",
        judge=letting.judge_spaces,
        holds=letting.spaces_hold,
        keys=(("valley_id", "name"),),
        initial=_valley_initial,
        access=Access(view=READERS, add=KEEPERS, change=KEEPERS, imports=KEEPERS),
    )
)

revenues = register(
    Resource(
        name="revenues",
        model=YearlyRevenue,
        label=_("年度营业收入"),
        answers=_("入驻单位各年报送的营业收入。"),
        icon="report-money",
        group="resident",
        order=30,
        scope=scopes.revenues,
        tells=scopes.changed("resident__valley_id"),
        columns=(
            Column("resident"),
            Column("resident__valley_id"),
            Column("year", sortable=True, format="code"),
            Column("revenue_cny", format="money", label=_("营业收入")),
            Column("filed_on", sortable=True),
        ),
        search=("resident__organisation__name",),
        filters=(Filter("resident__valley_id"), Filter("year"), Filter("revenue_cny"), Filter("filed_on")),
        sections=(
            Section(_("报送"), ("resident", "resident__valley_id", "year", "revenue_cny", "filed_on")),
        ),
        form=("resident", "year", "revenue_cny", "filed_on"),
        references={
            "resident": Reference(
                lambda actor: scopes.residents(actor).select_related("organisation"),
                lambda: Resident.objects.select_related("organisation"),
                label="organisation__name",
                lookups=("organisation__name", "organisation__uscc"),
            ),
            "resident__valley_id": scopes.VALLEY,
        },
        labels={"resident__organisation__name": _("企业或团队")},
        help={"revenue_cny": _("以元为单位，最多两位小数")},
        messages={
            "one_revenue_per_year": ("year", _("该单位这一年的营业收入已有记录")),
            "revenue_not_negative": ("revenue_cny", _("营业收入不能为负")),
        },
        keys=(("resident", "year"),),
        origin="resident__origin",
        checks=_year,
        access=Access(
            view=READERS | {Role.ENTERPRISE},
            add=KEEPERS | {Role.ENTERPRISE},
            change=KEEPERS | {Role.ENTERPRISE},
            imports=KEEPERS | {Role.ENTERPRISE},
        ),
    )
)
