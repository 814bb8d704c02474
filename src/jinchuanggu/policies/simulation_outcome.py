"""What turning the numbers did to each firm, counted: who comes in, who drops out, who gets more or less, who is open.

Plain Python over the engine, so that the command line says the same as the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from jinchuanggu.engines.rules.benefit import Frequency
from jinchuanggu.engines.rules.columns import Columns, Population
from jinchuanggu.engines.rules.model import RuleSet
from jinchuanggu.engines.rules.simulate import LOSER, UNCERTAIN, WINNER, Cost, Simulation, simulate

Array = np.ndarray[Any, Any]
MET, NOT_MET, OPEN = 1, 0, -1
WORDS = {MET: "met", NOT_MET: "not_met", OPEN: "not_evidenced"}
"""The engine's words for a verdict of columns."""
MOVES = ("winners", "losers", "more", "less", "uncertain")
YEARS = 5
"""So many years of payments are shown, the running one first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`winners` would meet the conditions and do not today, `losers` the other way round; `more` and `less` meet them
    both times and are surely paid otherwise; `uncertain`: it depends on facts nobody gave."""

    simulation: Simulation

    @property
    def before(self) -> Columns:
        return self.simulation.columns_before

    @property
    def after(self) -> Columns:
        return self.simulation.columns_after

    @property
    def years(self) -> tuple[Cost, ...]:
        """Payments year by year; none where no amount is known."""
        return tuple(
            year for year in self.simulation.years if year.before is not None or year.after is not None
        )

    def mask(self, name: str) -> Array:
        """Which firms moved so, one of `MOVES`."""
        was, would = self.before.verdict, self.after.verdict
        found: Array
        if name == "winners":
            found = (was == NOT_MET) & (would == MET)
        elif name == "losers":
            found = (was == MET) & (would == NOT_MET)
        else:
            found = np.zeros(self.before.n, bool)
            found[self.simulation.rows({"more": WINNER, "less": LOSER, "uncertain": UNCERTAIN}[name])] = True
            if name != "uncertain":
                found &= (was == MET) & (would == MET)
        return found

    def count(self, name: str) -> int:
        return int(self.mask(name).sum())

    def by(self, labels: Sequence[str]) -> list[dict[str, Any]]:
        """One row per label that has anything to say, those with the most movement first."""
        names, at = np.unique(np.asarray(labels, dtype=object).astype(str), return_inverse=True)
        masks = {"before": self.before.verdict == MET, "after": self.after.verdict == MET}
        masks |= {name: self.mask(name) for name in MOVES}
        counts = {key: np.bincount(at[mask], minlength=len(names)) for key, mask in masks.items()}
        rows = [
            {"label": str(name), **{key: int(values[index]) for key, values in counts.items()}}
            for index, name in enumerate(names)
        ]
        seen = [row for row in rows if any(row[key] for key in counts)]
        return sorted(seen, key=lambda row: (-(row["winners"] + row["losers"]), -row["after"], row["label"]))


def run(before: RuleSet, after: RuleSet, population: Population, on: date) -> Outcome:
    """Judge everybody by both versions. Something given once is shown for each year as if all were paid in it: so a
    schedule that falls can be seen at all."""
    old = _every_year(before)
    new = old if after is before else _every_year(after)
    return Outcome(simulate(old, new, population, on, years=range(on.year, on.year + YEARS)))


def once(rule_set: RuleSet) -> bool:
    return rule_set.benefit is not None and rule_set.benefit.frequency is Frequency.ONCE


def _every_year(rule_set: RuleSet) -> RuleSet:
    if not once(rule_set):
        return rule_set
    assert rule_set.benefit is not None
    return replace(rule_set, benefit=replace(rule_set.benefit, frequency=Frequency.YEARLY))
