"""Organisations, people and hats as declared screens."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.codes import uscc
from jinchuanggu.foundation.organisations import duties, scopes
from jinchuanggu.foundation.organisations.models import (
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Region,
)
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.resources.declare import Access, Column, Filter, Reference, Resource, Section
from jinchuanggu.foundation.resources.registry import register

PROVINCE = frozenset({Role.PROVINCIAL_OFFICE, Role.ADMIN})
READERS = PROVINCE | {Role.PROVINCIAL_GOVERNMENT, Role.AUDITOR}
CITY = frozenset({Role.CITY_OFFICE, Role.CITY_GOVERNMENT})
ABOVE_CITY = frozenset(
    {
        OrganisationKind.PROVINCIAL_OFFICE,
        OrganisationKind.GOVERNMENT,
        OrganisationKind.MEMBER_UNIT,
        OrganisationKind.PLATFORM,
    }
)

REGION = Reference(scopes.regions, Region.objects.all, label="name", lookups=("name", "code"))
ORGANISATION = Reference(scopes.organisations, Organisation.objects.all, lookups=("name", "uscc"), body=True)
PERSON = Reference(scopes.people, Person.objects.all, lookups=("email", "name"))


def _kinds(actor: Actor, organisation: Organisation) -> dict[str, str]:
    """Who may register which kinds of body."""
    if actor.role == Role.OPERATOR and organisation.kind not in scopes.MOVES_IN:
        return {"kind": gettext("运营团队只登记企业和科创团队")}
    if actor.role == Role.CITY_OFFICE and organisation.kind in ABOVE_CITY:
        return {"kind": gettext("此类单位由省级专班办公室登记")}
    return {}


organisations = register(
    Resource(
        name="organisations",
        model=Organisation,
        label=_("组织"),
        answers=_("本范围内有哪些单位，各是什么身份、在哪里。"),
        icon="building",
        group="people",
        order=10,
        scope=scopes.organisations,
        writable=scopes.writable_organisations,
        columns=(
            Column("name", sortable=True),
            Column("kind"),
            Column("uscc", format="code"),
            Column("region"),
            Column("zone_level", shown=False),
            Column("legal_person", shown=False),
            Column("name_en", shown=False),
            Column("origin", shown=False),
            Column("updated_at", shown=False),
        ),
        search=("name", "uscc"),
        filters=(Filter("kind"), Filter("region"), Filter("zone_level")),
        sections=(
            Section(_("身份"), ("name", "name_en", "kind", "uscc", "legal_person")),
            Section(_("所在"), ("region", "parent", "zone_level")),
            Section(_("来源"), ("origin", "source_title", "source_url", "updated_at")),
        ),
        form=(
            "name",
            "name_en",
            "kind",
            "uscc",
            "legal_person",
            "region",
            "parent",
            "zone_level",
            "source_title",
            "source_url",
        ),
        references={
            "region": REGION,
            "parent": Reference(scopes.organisations, Organisation.objects.all, lookups=("name", "uscc")),
        },
        labels={"parent": _("上级单位")},
        help={"uscc": _("18 位，以文本填写；校验位有误会指出"), "zone_level": _("只有开发区、园区填写")},
        messages={
            "zone_level_only_for_zones": ("zone_level", _("只有类别为开发区、园区的才填级别")),
            "organisation_once_per_region": ("name", _("同一区划下已有同名同类的单位")),
        },
        keys=(("uscc",), ("name", "region", "kind")),
        tidy={"uscc": uscc.normalise},
        checks=_kinds,
        access=Access(
            view=READERS | CITY | {Role.OPERATOR, Role.ENTERPRISE, Role.UNIVERSITY, Role.MEMBER_UNIT},
            add=PROVINCE | {Role.CITY_OFFICE, Role.OPERATOR},
            change=PROVINCE | {Role.CITY_OFFICE, Role.OPERATOR},
            imports=PROVINCE | {Role.CITY_OFFICE, Role.OPERATOR},
        ),
    )
)

people = register(
    Resource(
        name="people",
        model=Person,
        label=_("人员"),
        answers=_("本范围内有哪些人、在哪里任职、如何联系。"),
        icon="users",
        group="people",
        order=20,
        scope=scopes.people,
        columns=(
            Column("name", sortable=True),
            Column("title"),
            Column("employer"),
            Column("email", shown=False),
            Column("phone", format="code", shown=False),
            Column("origin", shown=False),
        ),
        search=("name", "email"),
        sections=(
            Section(_("本人"), ("name", "title", "employer")),
            Section(_("联系"), ("email", "phone")),
            Section(_("来源"), ("origin",)),
        ),
        form=("name", "title", "employer", "email", "phone"),
        references={"employer": ORGANISATION},
        keys=(("email",), ("name", "employer")),
        access=Access(
            view=PROVINCE | {Role.AUDITOR, Role.CITY_OFFICE, Role.OPERATOR},
            add=PROVINCE | {Role.CITY_OFFICE, Role.OPERATOR},
            change=PROVINCE | {Role.CITY_OFFICE, Role.OPERATOR},
            imports=PROVINCE | {Role.CITY_OFFICE, Role.OPERATOR},
        ),
    )
)

memberships = register(
    Resource(
        name="memberships",
        model=Membership,
        label=_("任职与角色"),
        answers=_("谁在哪个单位以什么角色办事，从何时到何时。"),
        icon="id-badge",
        group="people",
        order=30,
        scope=scopes.memberships,
        columns=(
            Column("person"),
            Column("organisation"),
            Column("role"),
            Column("starts_on"),
            Column("ends_on"),
        ),
        search=("person__name", "organisation__name"),
        filters=(Filter("role"), Filter("starts_on")),
        sections=(Section(_("任职"), ("person", "organisation", "role", "starts_on", "ends_on")),),
        form=("person", "organisation", "role", "starts_on", "ends_on"),
        references={"person": PERSON, "organisation": ORGANISATION},
        labels={"person__name": _("姓名"), "organisation__name": _("单位")},
        messages={
            "hat_once": ("role", _("此人在该单位已有同样的角色")),
            "membership_ends_after_start": ("ends_on", _("止期不能早于起期")),
        },
        keys=(("person", "organisation", "role"),),
        origin="person__origin",
        checks=duties.problems,
        access=Access(
            view=frozenset({Role.ADMIN, Role.AUDITOR}),
            add=frozenset({Role.ADMIN}),
            change=frozenset({Role.ADMIN}),
            imports=frozenset({Role.ADMIN}),
        ),
    )
)
