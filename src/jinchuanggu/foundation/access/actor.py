"""Who acts: one person under one hat. It is passed explicitly to every query and action, never kept in the air."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role

if TYPE_CHECKING:
    from django.http import HttpRequest

    from jinchuanggu.foundation.organisations.models import Membership

PUBLIC = "public"
SIGNED_IN = "signed_in"
SYSTEM = "system"

HAT_SESSION_KEY = "hat"

# what the history calls those without a role; the system's name says it already
_OTHERS = {PUBLIC: _("公众"), SIGNED_IN: _("未任职"), SYSTEM: ""}


@dataclass(frozen=True, slots=True)
class Actor:
    """`role` is a `Role` value, or "public" (nobody signed in), "signed_in" (no hat), "system" (the clock and jobs)."""

    role: str = PUBLIC
    user_id: int | None = None
    person_id: int | None = None
    membership_id: int | None = None
    organisation_id: int | None = None
    region_id: int | None = None
    name: str = ""
    organisation_name: str = ""
    address: str = ""
    agent: str = ""

    @property
    def province_wide(self) -> bool:
        return self.role in PROVINCE_WIDE or self.role == SYSTEM

    @property
    def city_wide(self) -> bool:
        return self.role in CITY_WIDE

    @property
    def label(self) -> str:
        """Name and hat as the history keeps them: in the language of the house, not of the reader."""
        role = Role(self.role).label if self.role in Role.values else _OTHERS.get(self.role, self.role)
        with translation.override(settings.LANGUAGE_CODE):
            return " · ".join(str(part) for part in (self.name, self.organisation_name, role) if part)

    def has(self, *roles: str) -> bool:
        return self.role in roles


SYSTEM_ACTOR = Actor(role=SYSTEM, name="系统")


def from_membership(membership: Membership, *, address: str = "", agent: str = "") -> Actor:
    """The actor of one hat; reads `person`, `organisation` of the membership."""
    return Actor(
        role=membership.role,
        user_id=membership.person.user_id,
        person_id=membership.person_id,
        membership_id=membership.pk,
        organisation_id=membership.organisation_id,
        region_id=membership.organisation.region_id,
        name=membership.person.name,
        organisation_name=membership.organisation.name,
        address=address,
        agent=agent[:200],
    )


def client_address(request: HttpRequest) -> str:
    """The caller's address; a forwarded one is believed only behind a proxy that was declared."""
    from django.conf import settings

    if settings.TRUST_FORWARDED_FOR:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))


def of_request(request: HttpRequest) -> Actor:
    """Resolve the hat of a request. Read on every request, so a revoked hat stops working at once."""
    from jinchuanggu.foundation.organisations.models import Membership

    address, agent = client_address(request), request.headers.get("User-Agent", "")
    if not request.user.is_authenticated:
        return Actor(address=address, agent=agent[:200])
    hats = list(
        Membership.objects.filter(person__user_id=request.user.pk)
        .in_force(timezone.localdate())
        .select_related("person", "organisation")
        .order_by("pk")
    )
    request.hats = hats  # type: ignore[attr-defined]
    wanted = request.session.get(HAT_SESSION_KEY)
    chosen = next((hat for hat in hats if hat.pk == wanted), hats[0] if hats else None)
    if chosen is None:
        return Actor(
            role=SIGNED_IN,
            user_id=request.user.pk,
            name=request.user.get_username(),
            address=address,
            agent=agent[:200],
        )
    return from_membership(chosen, address=address, agent=agent)
