"""A block of firms under every rule set at once: verdicts, amounts, and the best legal combination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from jinchuanggu.engines.rules.columns import Columns, Population, evaluate_columns
from jinchuanggu.engines.rules.model import RuleSet
from jinchuanggu.engines.rules.stacking import Offer, Why, best

Array = Any
MET, NOT_MET, OPEN = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Judged:
    """One block; all arrays in its order. ``found``: by rule set id; amounts in yuan."""

    found: dict[str, Columns]
    best_low: Array
    best_high: Array
    dropped: dict[int, str]


@dataclass(slots=True)
class Judge:
    """The rule sets to judge by on a day: ``titles`` give a status, ``measures`` something else."""

    titles: Sequence[RuleSet]
    measures: Sequence[RuleSet]
    on: date
    workers: int = 1
    _chosen: dict[Any, tuple[float, float, str]] = field(default_factory=dict)

    def judge(self, population: Population) -> Judged:
        wanted = {one.id: one for one in (*self.titles, *self.measures)}
        found = {
            name: evaluate_columns(rules, population, self.on, workers=self.workers)
            for name, rules in wanted.items()
        }
        low, high, dropped = self._best(found, population.n)
        return Judged(found, low, high, dropped)

    def _best(self, found: Mapping[str, Columns], n: int) -> tuple[Array, Array, dict[int, str]]:
        """Totals of the best combination. Where nothing competes it is the plain sum; the others are worked out
        firm by firm, once for firms with the same offers."""
        low, high = np.zeros(n), np.zeros(n)
        paying = [
            one for one in self.measures if one.benefit is not None and found[one.id].amount_low is not None
        ]
        due: dict[str, Array] = {}
        for one in paying:
            columns = found[one.id]
            amount, most = columns.amount_low, columns.amount_high
            assert amount is not None
            assert most is not None
            due[one.id] = (columns.verdict == MET) & ~np.isnan(amount)
            low += np.where(due[one.id], amount, 0)
            high += np.where(due[one.id], most, 0)
        dropped: dict[int, str] = {}
        for row in np.flatnonzero(self._competing(paying, due, n)):
            total = self._choose(paying, found, due, int(row))
            low[row], high[row] = total[0], total[1]
            if total[2]:
                dropped[int(row)] = total[2]
        return low, high, dropped

    def _competing(self, paying: Sequence[RuleSet], due: Mapping[str, Array], n: int) -> Array:
        """Firms for whom the plain sum may be more than they may have."""
        found = np.zeros(n, bool)
        groups: dict[str, list[Array]] = {}
        for one in paying:
            benefit = one.benefit
            assert benefit is not None
            if benefit.group:
                groups.setdefault(benefit.group, []).append(due[one.id])
            if benefit.pool:
                found |= due[one.id]
            for other in benefit.excludes:
                if other in due:
                    found |= due[one.id] & due[other]
        for members in groups.values():
            if len(members) > 1:
                found |= np.sum(members, axis=0) > 1
        return found

    def _choose(
        self, paying: Sequence[RuleSet], found: Mapping[str, Columns], due: Mapping[str, Array], row: int
    ) -> tuple[float, float, str]:
        key = tuple(
            (one.id, float(found[one.id].amount_low[row]), float(found[one.id].amount_high[row]))  # type: ignore[index]
            for one in paying
            if due[one.id][row]
        )
        if key not in self._chosen:
            by_id = {one.id: one for one in paying}
            offers = [offer_of(by_id[name], low, high) for name, low, high in key]
            choice = best(offers)
            left = [name for name, why in choice.dropped.items() if why.reason is not Why.NOTHING]
            titles = "、".join(by_id[name].title.zh for name in left)
            self._chosen[key] = (float(choice.total_low), float(choice.total_high), titles)
        return self._chosen[key]


def offer_of(rules: RuleSet, low: float, high: float) -> Offer:
    benefit = rules.benefit
    assert benefit is not None
    cap = benefit.pool_cap
    return Offer(
        id=rules.id,
        low=Decimal(repr(low)),
        high=Decimal(repr(high)),
        group=benefit.group,
        excludes=benefit.excludes,
        pool=benefit.pool,
        pool_cap=None if cap is None else Decimal(cap.numerator) / Decimal(cap.denominator),
    )
