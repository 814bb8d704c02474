"""Rungs and counts of many firms at once, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from jinchuanggu.engines.rules.model import Pending
from jinchuanggu.foundation.organisations.models import Organisation, OrganisationKind
from jinchuanggu.policies.eligibility import measures_on
from jinchuanggu.policies.eligibility_ladder import find_on
from jinchuanggu.policies.eligibility_places import cities_of, home_cities
from jinchuanggu.residents.models import FirmStanding
from jinchuanggu.residents.population import CITY, FIELD, population


def batch(found: Sequence[Organisation], on: date) -> list[dict[str, Any]]:
    """A row per firm: rung, next rung, how many measures it can have and how many wait for its facts.

    Seven queries and one pass over columns, whatever the number of firms.
    """
    import numpy as np

    from jinchuanggu.engines.rules.columns import evaluate_columns
    from jinchuanggu.engines.rules.ladder import grade

    if not found:
        return []
    firms = population([firm.pk for firm in found], on)
    rows = firms.population
    met, unknown = np.zeros(rows.n, int), np.zeros(rows.n, int)
    in_force = measures_on(on)
    places = cities_of(in_force)
    homes = home_cities(firms.ids)
    home = np.array([homes[pk] for pk in firms.ids])
    for rule_set in in_force:
        if any(isinstance(criterion.test, Pending) for criterion in rule_set.walk()):
            continue  # nobody can be told yet; it is no fact of the firms that is missing
        verdict = evaluate_columns(rule_set, rows, on, criteria=(), scores=False).verdict
        place = places.get(rule_set.id)
        here = home == place.pk if place is not None else np.ones(rows.n, bool)
        met += here & (verdict == 1)
        unknown += here & (verdict == -1)
    grades = grade(rows, on, find_on(on))
    floor = {firm.pk: int(firm.kind == OrganisationKind.ENTERPRISE) for firm in found}
    rungs = [max(int(grades.rung[at]), floor[pk]) for at, pk in enumerate(firms.ids)]
    stated = set(
        FirmStanding.objects.filter(organisation_id__in=firms.ids).values_list("organisation_id", flat=True)
    )
    by_id = {pk: at for at, pk in enumerate(firms.ids)}
    return [
        {
            "pk": firm.pk,
            "name": firms.names[at],
            "city": firms.labels[CITY][at],
            "field": firms.labels[FIELD][at],
            "stated": firm.pk in stated,
            "rung": grades.rungs[rungs[at]].title,
            "next": grades.rungs[rungs[at] + 1].title if rungs[at] + 1 < len(grades.rungs) else "",
            "met": int(met[at]),
            "unknown": int(unknown[at]),
        }
        for firm in found
        for at in [by_id[firm.pk]]
    ]
