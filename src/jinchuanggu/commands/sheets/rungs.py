"""Where firms stand on the cultivation ladder, what the next rung asks of each, and how far it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from jinchuanggu.commands.sheets.distances import amount_words, distances
from jinchuanggu.engines.rules.columns import Columns, Population, evaluate_columns
from jinchuanggu.engines.rules.evaluate import evaluate
from jinchuanggu.engines.rules.facts import Facts
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.ladder import Rung, grade, official_on, rungs
from jinchuanggu.engines.rules.model import Criterion, Joined, RuleSet
from jinchuanggu.engines.rules.texts import Lang

MET, NOT_MET, OPEN = 1, 0, -1
TOLD = 4
"""So many distances are told of one firm."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A block of firms: words of the rung and of the next one (empty at the top), distances, advice; and the rule
    set that the next rung asks, or an empty id."""

    rungs: list[str]
    following: list[str]
    distances: list[str]
    advices: list[str]
    next_ids: list[str]


@dataclass(slots=True)
class Rungs:
    """The ladder on a day. The rule set of a rung is its first one in force."""

    on: date
    lang: Lang
    _sets: dict[str, RuleSet | None] = field(default_factory=dict)

    def rules_of(self, rung: Rung) -> RuleSet | None:
        if rung.id not in self._sets:
            find = official_on(self.on)
            self._sets[rung.id] = next((found for name in rung.rule_sets if (found := find(name))), None)
        return self._sets[rung.id]

    def grade(self, people: Population) -> Graded:
        """Every firm of a block; rule sets are judged once for all who have them next."""
        found = grade(people, self.on)
        every = rungs()
        words = [rung.title.get(self.lang) for rung in every]
        names = [words[at] for at in found.rung.tolist()]
        following = [words[at] if at >= 0 else "" for at in found.next.tolist()]
        distances, advices, ids = [""] * people.n, [""] * people.n, [""] * people.n
        for position, rung in enumerate(every):
            rows = np.flatnonzero(found.next == position)
            rules = self.rules_of(rung)
            if not rows.size or rules is None:
                continue
            part = people.take(rows)
            columns = evaluate_columns(rules, part, self.on)
            told = self._advice(rules, columns)
            far = self._distances(rules, part, columns)
            for at, row in enumerate(rows.tolist()):
                ids[row], advices[row], distances[row] = rung.id, told[at], far[at]
        return Graded(names, following, distances, advices, ids)

    def _advice(self, rules: RuleSet, columns: Columns) -> list[str]:
        """What is not met, then what is not evidenced; firms with the same gaps share the words."""
        leaves = [
            one for top in rules.criteria if not top.expert for one in _plain(top) if one.id in columns.status
        ]
        if not leaves:
            return [""] * columns.n
        table = np.stack([columns.status[one.id] for one in leaves], axis=1)
        patterns, at = np.unique(table, axis=0, return_inverse=True)
        titles = [one.title.get(self.lang) for one in leaves]
        words = [self._words(titles, pattern.tolist()) for pattern in patterns]
        return [words[index] for index in at.reshape(-1).tolist()]

    def _words(self, titles: Sequence[str], pattern: Sequence[int]) -> str:
        zh = self.lang == "zh"
        between = "、" if zh else ", "
        short = between.join(
            title for title, status in zip(titles, pattern, strict=True) if status == NOT_MET
        )
        unknown = between.join(title for title, status in zip(titles, pattern, strict=True) if status == OPEN)
        said = [("不满足：" if zh else "not met: ") + short] if short else []
        said += [("待补证据：" if zh else "to be evidenced: ") + unknown] if unknown else []
        return ("；" if zh else "; ").join(said)

    def _distances(self, rules: RuleSet, part: Population, columns: Columns) -> list[str]:
        """How far each firm is from the conditions it does not meet, as far as they are numbers."""
        told: list[list[str]] = [[] for _ in range(part.n)]
        between = "：差 " if self.lang == "zh" else ": short by "
        for criterion, far, unit in distances(rules, part, columns, self.on):
            title = criterion.title.get(self.lang) + between
            for row in np.flatnonzero(~np.isnan(far)).tolist():
                if len(told[row]) < TOLD:
                    told[row].append(title + amount_words(float(far[row]), unit, self.lang))
        mark = "；" if self.lang == "zh" else "; "
        return [mark.join(lines) for lines in told]

    def lines(self, facts: Facts, rung: str) -> list[tuple[str, str, str, str]]:
        """Rule set, condition, verdict and why, for every condition of the next rung."""
        rules = next((self.rules_of(one) for one in rungs() if one.id == rung), None)
        if rules is None:
            return []
        zh = self.lang == "zh"
        words = {
            Status.MET: "满足" if zh else "met",
            Status.NOT_MET: "不满足" if zh else "not met",
            Status.NOT_EVIDENCED: "证据不足" if zh else "not evidenced",
        }
        return [
            (rules.title.get(self.lang), f"{one.clause} {one.title.get(self.lang)}", words[one.status], one.explanation.get(self.lang))
            for one in evaluate(rules, facts, self.on).criteria
        ]  # fmt: skip


def _plain(criterion: Criterion) -> Iterator[Criterion]:
    """The conditions that all have to hold; a choice between several is one."""
    test = criterion.test
    if not isinstance(test, Joined) or test.least is not None:
        yield criterion
        return
    for child in test.children:
        if isinstance(child, Criterion):
            yield from _plain(child)
