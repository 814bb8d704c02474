"""Rungs and counts of many firms at once, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from jinchuanggu.engines.rules.model import Pending
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.policies.eligibility import measures_on
from jinchuanggu.policies.eligibility_ladder import find_on
from jinchuanggu.residents.population import CITY, FIELD, population


def batch(found: Sequence[Organisation], on: date) -> list[dict[str, Any]]:
    """A row per firm: rung, next rung, how many measures it can have and how many wait for its facts.

    Five queries and one pass over columns, whatever the number of firms.
    """
    import numpy as np

    from jinchuanggu.engines.rules.columns import evaluate_columns
    from jinchuanggu.engines.rules.ladder import grade

    if not found:
        return []
    firms = population([firm.pk for firm in found], on)
    rows = firms.population
    met, unknown = np.zeros(rows.n, int), np.zeros(rows.n, int)
    for rule_set in measures_on(on):
        if any(isinstance(criterion.test, Pending) for criterion in rule_set.walk()):
            continue  # nobody can be told yet; it is no fact of the firms that is missing
        verdict = evaluate_columns(rule_set, rows, on, criteria=(), scores=False).verdict
        met += verdict == 1
        unknown += verdict == -1
    grades = grade(rows, on, find_on(on))
    by_id = {pk: at for at, pk in enumerate(firms.ids)}
    return [
        {
            "pk": firm.pk,
            "name": firms.names[at],
            "city": firms.labels[CITY][at],
            "field": firms.labels[FIELD][at],
            "rung": grades.rungs[grades.rung[at]].title,
            "next": grades.rungs[grades.next[at]].title if grades.next[at] >= 0 else "",
            "met": int(met[at]),
            "unknown": int(unknown[at]),
        }
        for firm in found
        for at in [by_id[firm.pk]]
    ]
