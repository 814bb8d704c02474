"""A small simulated province with values, and a real one beside it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Region
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.indicators.definitions.catalogue import definition_ids
from jinchuanggu.indicators.models import Unit, ValueSource
from jinchuanggu.indicators.store import units
from jinchuanggu.indicators.store.posting import Posting, post
from jinchuanggu.indicators.store.rollup import roll_up
from jinchuanggu.programme.models import Valley
from jinchuanggu.residents.models import Resident
from tests import factories

AT = Period.month(2026, 10)


@dataclass
class Scene:
    province: Unit
    cities: list[Region]
    valleys: list[Valley]
    firms: list[Unit]
    office: Actor
    city: Actor
    operator: Actor
    firm: Actor


def scene(cities: int = 2, firms: int = 2, *, origin: str = "simulated", prefix: str = "sim9") -> Scene:
    """Each city has one valley with firms; firm n of the whole earned 100·(n+1) in October, 10 less a year before."""
    definition_ids()
    top = factories.region(f"{prefix}0", f"{prefix}省", "province", origin=origin)
    places, valleys, members, bodies = [], [], [], []
    operator = None
    for number in range(1, cities + 1):
        where = factories.region(
            f"{prefix}{number}", f"{prefix}第{number}市", "city", origin=origin, parent=top
        )
        valley = factories.valley(factories.city_office(where), name=f"晋创谷·{prefix}{number}")
        operator = operator or factories.organisation("operator", where=where)
        Valley.objects.filter(pk=valley.pk).update(origin=origin, operator=operator if number == 1 else None)
        valley.refresh_from_db()
        places.append(where)
        valleys.append(valley)
        for _ in range(firms):
            body = factories.organisation("enterprise", where=where)
            bodies.append(body)
            members.append(
                Resident.objects.create(
                    valley_id=valley.pk, organisation=body, kind="enterprise", entered_on="2024-01-01", origin=origin,
                    field="新材料",
                )
            )  # fmt: skip
    made = units.firm_units([one.pk for one in members])
    ordered = [made[one.pk] for one in members]
    roll_up(
        post(
            Posting("revenue_cny", unit.pk, period, Decimal(100 * (at + 1) - less), source=ValueSource.FILED)
            for at, unit in enumerate(ordered)
            for period, less in ((AT, 0), (AT.shift(-1), 5), (AT.year_before(), 10))
        )
    )
    assert operator is not None
    return Scene(
        units.province_unit(top.pk), places, valleys, ordered,
        factories.actor(Role.PROVINCIAL_OFFICE, factories.organisation("provincial_office", f"{prefix}办", where=top)),
        factories.city_office(places[0]), factories.actor(Role.OPERATOR, operator),
        factories.actor(Role.ENTERPRISE, bodies[0]),
    )  # fmt: skip
