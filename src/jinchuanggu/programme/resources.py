"""Experts and service bodies as declared screens, and which valleys' records are whose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Organisation, Person
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role
from jinchuanggu.foundation.resources.declare import Access, Column, Filter, Reference, Resource, Section
from jinchuanggu.foundation.resources.registry import register
from jinchuanggu.indicators import places
from jinchuanggu.indicators.places import Place
from jinchuanggu.programme.access import visible_valleys
from jinchuanggu.programme.models import Expert, ServiceBody, Valley
from jinchuanggu.residents.scopes import VALLEY, use

OFFICE = frozenset({Role.PROVINCIAL_OFFICE})
FIGURES_ASKED = frozenset({"build", "assess", "approve", "plaque"})
"""Stages in which a valley works, so that figures and yearly reports are asked of it …"""
NOT_ASKED = frozenset({"revoked"})
"""… except in these states; and of one known from public pages only nothing is asked."""
KEEPERS = frozenset({Role.OPERATOR, Role.CITY_OFFICE})


class Directory:
    """The valleys for the rooms below."""

    def mine(self, actor: Actor) -> QuerySet[Any]:
        rows = Valley.objects.all()
        if actor.province_wide:
            return rows
        if actor.city_wide:
            return rows.filter(region_id=actor.region_id, region__isnull=False)
        if actor.role == Role.OPERATOR:
            return rows.filter(operator_id=actor.organisation_id, operator__isnull=False)
        return rows.none()

    def everything(self) -> QuerySet[Any]:
        return Valley.objects.all()

    def visible(self, actor: Actor) -> QuerySet[Any]:
        return visible_valleys(actor)

    def places(self, ids: Iterable[int] | None = None) -> dict[int, Place]:
        rows = Valley.objects.all() if ids is None else Valley.objects.filter(pk__in=list(ids))
        names = (
            "pk",
            "name",
            "name_en",
            "region_id",
            "operator_id",
            "origin",
            "state",
            "stage",
            "published_only",
        )
        return {
            pk: Place(
                pk,
                *known,
                state,
                stage in FIGURES_ASKED and state not in NOT_ASKED and not published,
                reverse("valley", args=[pk]),
            )
            for pk, *known, state, stage, published in rows.values_list(*names)
        }


use(Directory())
places.use(Directory())


def service_bodies_of(actor: Actor) -> QuerySet[ServiceBody]:
    """The province all, city and operator those of their valleys."""
    return ServiceBody.objects.filter(valley__in=Directory().mine(actor))


def experts_of(actor: Actor) -> QuerySet[Expert]:
    """The bank is kept by the provincial office; auditor and administrator read it."""
    if actor.role in {Role.PROVINCIAL_OFFICE, Role.AUDITOR, Role.ADMIN}:
        return Expert.objects.all()
    return Expert.objects.none()


def _people(actor: Actor) -> QuerySet[Person]:
    return Person.objects.all() if actor.role in OFFICE else Person.objects.none()


experts = register(
    Resource(
        name="experts",
        model=Expert,
        label=_("专家库"),
        answers=_("库中有哪些专家，什么类别和领域，在哪里任职。"),
        icon="school",
        group="people",
        order=40,
        scope=experts_of,
        columns=(
            Column("person"),
            Column("category"),
            Column("fields"),
            Column("person__employer__name", label=_("工作单位")),
            Column("person__title"),
            Column("active"),
            Column("cooperated_with", shown=False),
            Column("person__origin", shown=False),
        ),
        search=("person__name", "person__employer__name"),
        filters=(Filter("category"), Filter("active")),
        sections=(
            Section(_("专家"), ("person", "person__title", "person__employer__name", "person__origin")),
            Section(_("入库"), ("category", "fields", "active")),
            Section(_("回避依据"), ("cooperated_with",)),
        ),
        form=("person", "category", "fields", "active", "cooperated_with"),
        references={
            "person": Reference(_people, Person.objects.all, lookups=("email", "name")),
            "cooperated_with": Reference(
                lambda actor: (
                    Organisation.objects.all() if actor.role in OFFICE else Organisation.objects.none()
                ),
                Organisation.objects.all,
                lookups=("name", "uscc"),
            ),
        },
        labels={"person__name": _("姓名")},
        help={"fields": _("多项用分号隔开"), "cooperated_with": _("每行一个单位的全称；抽取专家时据此回避")},
        keys=(("person",),),
        origin="person__origin",
        access=Access(
            view=OFFICE | {Role.AUDITOR, Role.ADMIN},
            add=OFFICE,
            change=OFFICE,
            imports=OFFICE,
        ),
    )
)

service_bodies = register(
    Resource(
        name="service_bodies",
        model=ServiceBody,
        label=_("服务机构"),
        answers=_("谷里有哪些政务、技术转移、金融和运营服务机构。"),
        icon="lifebuoy",
        group="resident",
        order=40,
        scope=service_bodies_of,
        columns=(
            Column("name"),
            Column("valley"),
            Column("kind"),
            Column("staff", unit=_("人")),
            Column("qualifications", shown=False),
            Column("origin", shown=False),
        ),
        search=("name",),
        filters=(Filter("valley"), Filter("kind")),
        sections=(Section(_("机构"), ("name", "valley", "kind", "staff", "qualifications", "origin")),),
        form=("name", "valley", "kind", "staff", "qualifications"),
        references={"valley": VALLEY},
        labels={"valley": _("晋创谷")},
        keys=(("valley", "name"),),
        access=Access(
            view=PROVINCE_WIDE | CITY_WIDE | {Role.OPERATOR}, add=KEEPERS, change=KEEPERS, imports=KEEPERS
        ),
    )
)
