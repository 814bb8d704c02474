"""What turning the numbers did to each firm, counted. Three-valued: who gains or loses for certain, and who is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.engines.rules.benefit import Frequency
from jinchuanggu.engines.rules.columns import Population, evaluate_columns
from jinchuanggu.policies.simulation import Turn, share_in, years_of

if TYPE_CHECKING:
    from jinchuanggu.residents.population import FirmColumns

Array = np.ndarray[Any, Any]
MET, NOT_MET, OPEN = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Side:
    """One version over all firms: `verdict` 1, 0 or -1; amounts in yuan before any schedule, NaN where not known."""

    verdict: Array
    low: Array
    high: Array

    def count(self, verdict: int) -> int:
        return int(np.count_nonzero(self.verdict == verdict))

    def money(self, verdict: int) -> tuple[float, float]:
        """What the firms of a verdict would be paid together, from and to."""
        of = self.verdict == verdict
        return float(np.nansum(self.low[of])), float(np.nansum(self.high[of]))


@dataclass(frozen=True, slots=True)
class Outcome:
    before: Side
    after: Side

    @property
    def winners(self) -> Array:
        """Did not meet the conditions, would meet them."""
        found: Array = (self.before.verdict == NOT_MET) & (self.after.verdict == MET)
        return found

    @property
    def losers(self) -> Array:
        found: Array = (self.before.verdict == MET) & (self.after.verdict == NOT_MET)
        return found

    @property
    def uncertain(self) -> Array:
        """Open before or after: whether the firm gains or loses depends on facts nobody gave."""
        found: Array = (self.before.verdict == OPEN) | (self.after.verdict == OPEN)
        return found

    def mask(self, name: str) -> Array:
        found: Array = getattr(self, name)
        return found

    def by(self, labels: Sequence[str]) -> list[dict[str, Any]]:
        """One row per label, those with the most movement first."""
        names, at = np.unique(np.array(labels, dtype=object).astype(str), return_inverse=True)
        masks = {
            "before": self.before.verdict == MET,
            "after": self.after.verdict == MET,
            "winners": self.winners,
            "losers": self.losers,
            "uncertain": self.uncertain,
        }
        counts = {key: np.bincount(at[mask], minlength=len(names)) for key, mask in masks.items()}
        rows = [
            {"label": str(name), **{key: int(values[index]) for key, values in counts.items()}}
            for index, name in enumerate(names)
        ]
        return sorted(rows, key=lambda row: (-(row["winners"] + row["losers"]), -row["after"], row["label"]))


@dataclass(frozen=True, slots=True)
class Year:
    """Payments of one year in yuan, from and to; `open`: what the uncertain would add at most under the new rules."""

    year: int
    share: float
    before: tuple[float, float]
    after: tuple[float, float]
    open: float


def run(turn: Turn, firms: FirmColumns, on: date) -> Outcome:
    """Judge every firm by both versions."""
    before = _side(turn.before, firms.population, on)
    return Outcome(before, before if turn.after is turn.before else _side(turn.after, firms.population, on))


def _side(rule_set: RuleSet, population: Population, on: date) -> Side:
    found = evaluate_columns(_unscheduled(rule_set), population, on, criteria=(), scores=False)
    nothing = np.full(found.n, np.nan)
    low = nothing if found.amount_low is None else found.amount_low
    return Side(found.verdict, low, low if found.amount_high is None else found.amount_high)


def _unscheduled(rule_set: RuleSet) -> RuleSet:
    """The same rules paying in full: the schedule is applied year by year."""
    if rule_set.benefit is None or not rule_set.benefit.steps:
        return rule_set
    return replace(rule_set, benefit=replace(rule_set.benefit, steps=()))


def years(turn: Turn, outcome: Outcome, on: date) -> list[Year]:
    """Payments year by year under the schedule; something given once is paid in the first year only."""
    benefit = turn.before.benefit
    if benefit is None or benefit.low is None:
        return []
    once = benefit.frequency is Frequency.ONCE
    full_before, full_after = outcome.before.money(MET), outcome.after.money(MET)
    open_after = outcome.after.money(OPEN)[1]
    found = []
    for year in years_of(on)[: 1 if once else None]:
        was, would = float(share_in(turn.before, year)), float(share_in(turn.after, year))
        found.append(
            Year(
                year,
                would,
                (full_before[0] * was / 100, full_before[1] * was / 100),
                (full_after[0] * would / 100, full_after[1] * would / 100),
                open_after * would / 100,
            )
        )
    return found


@lru_cache(maxsize=1)
def words() -> Mapping[int, str]:
    """The engine's words for a verdict of columns."""
    return {MET: "met", NOT_MET: "not_met", OPEN: "not_evidenced"}
