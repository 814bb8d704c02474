"""Leases and intellectual property as declared screens."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.resources.declare import Access, Column, Filter, Reference, Resource, Section
from jinchuanggu.foundation.resources.registry import register
from jinchuanggu.residents import letting, scopes
from jinchuanggu.residents.models import IntellectualProperty, Lease, Space
from jinchuanggu.residents.resources import KEEPERS, READERS

FIRM = Reference(scopes.firms, Organisation.objects.all, lookups=("name", "uscc"), body=True)
"""A firm or team by its name or credit code."""


def own_firm(actor: Actor) -> dict[str, Any]:
    """An enterprise writes about itself."""
    return {"organisation": actor.organisation_id} if actor.role == Role.ENTERPRISE else {}


def not_ahead(instance: Any, *names: str) -> dict[str, str]:
    """What has happened has happened by today."""
    today = timezone.localdate()
    late = [name for name in names if getattr(instance, name) and getattr(instance, name) > today]
    return {name: gettext("不能晚于今天 %(day)s") % {"day": today.isoformat()} for name in late}


def _right(actor: Actor, right: IntellectualProperty) -> dict[str, str]:
    found = not_ahead(right, "applied_on", "granted_on", "lapsed_on")
    if right.lapsed_on and right.granted_on is None:
        found.setdefault("lapsed_on", gettext("未授权的权利没有失效日期"))
    elif right.lapsed_on and right.granted_on and right.lapsed_on < right.granted_on:
        found.setdefault("lapsed_on", gettext("失效日期不能早于授权日期"))
    return found


leases = register(
    Resource(
        name="leases",
        model=Lease,
        label=_("租赁"),
        answers=_("谁租了哪个空间、多大、租到什么时候。"),
        icon="key",
        group="resident",
        order=22,
        scope=scopes.leases,
        tells=scopes.changed("space__valley_id"),
        columns=(
            Column("space"),
            Column("space__valley_id"),
            Column("organisation"),
            Column("area_m2", sortable=True),
            Column("rent_cny_m2_month"),
            Column("starts_on", sortable=True),
            Column("ends_on", sortable=True),
            Column("origin", shown=False),
        ),
        search=("space__name", "organisation__name", "organisation__uscc"),
        filters=(
            Filter("space__valley_id"),
            Filter("space__kind"),
            Filter("starts_on"),
            Filter("ends_on"),
            Filter("area_m2"),
        ),
        sections=(
            Section(_("租了什么"), ("space", "space__valley_id", "organisation")),
            Section(_("面积与租期"), ("area_m2", "rent_cny_m2_month", "starts_on", "ends_on", "origin")),
        ),
        form=("space", "organisation", "area_m2", "rent_cny_m2_month", "starts_on", "ends_on"),
        references={
            "space": Reference(scopes.spaces, Space.objects.all, lookups=("name",), body=True),
            "space__valley_id": scopes.VALLEY,
            "organisation": FIRM,
        },
        labels={
            "space__name": _("空间"),
            "organisation__name": _("承租单位"),
            "organisation__uscc": _("统一社会信用代码"),
            "space__kind": _("空间类别"),
        },
        help={"ends_on": _("没有约定到期的留空；到期当天仍算出租")},
        messages={
            "lease_has_area": ("area_m2", _("租用面积应大于 0")),
            "lease_ends_after_start": ("ends_on", _("到期日期不能早于起租日期")),
        },
        sums=("area_m2",),
        judge=letting.judge,
        holds=letting.holds,
        keys=(("space", "organisation", "starts_on"),),
        sort="-starts_on",
        access=Access(view=READERS | {Role.ENTERPRISE}, add=KEEPERS, change=KEEPERS, imports=KEEPERS),
    )
)

_WRITERS = KEEPERS | {Role.ENTERPRISE}

rights = register(
    Resource(
        name="rights",
        model=IntellectualProperty,
        label=_("知识产权"),
        answers=_("入驻单位有哪些专利和登记，何时申请、何时授权、是否还有效。"),
        icon="certificate",
        group="resident",
        order=40,
        scope=scopes.rights,
        writable=scopes.rights,
        columns=(
            Column("title"),
            Column("organisation"),
            Column("kind"),
            Column("number", format="code"),
            Column("applied_on", sortable=True),
            Column("granted_on", sortable=True),
            Column("lapsed_on"),
            Column("origin", shown=False),
        ),
        search=("title", "number", "organisation__name", "organisation__uscc"),
        filters=(
            Filter("kind"),
            Filter("applied_on"),
            Filter("granted_on"),
            Filter("lapsed_on", label=_("已失效"), filled=True),
        ),
        sections=(
            Section(_("权利"), ("title", "organisation", "kind", "number")),
            Section(_("日期"), ("applied_on", "granted_on", "lapsed_on", "origin")),
        ),
        form=("organisation", "title", "kind", "number", "applied_on", "granted_on", "lapsed_on"),
        references={"organisation": FIRM},
        labels={"organisation__name": _("权利人"), "organisation__uscc": _("统一社会信用代码")},
        help={"number": _("专利填申请号，著作权等填登记号；不能重复"), "granted_on": _("尚未授权的留空")},
        tidy={"number": str.strip},
        messages={"granted_after_application": ("granted_on", _("授权日期不能早于申请日期"))},
        checks=_right,
        initial=own_firm,
        keys=(("number",),),
        sort="-applied_on",
        access=Access(view=READERS | {Role.ENTERPRISE}, add=_WRITERS, change=_WRITERS, imports=_WRITERS),
    )
)
