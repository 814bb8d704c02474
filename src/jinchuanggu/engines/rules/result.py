"""The answer: a tree of findings that explains itself, and its stable form for machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from jinchuanggu.engines.rules.answers import Amount as Amount
from jinchuanggu.engines.rules.answers import Points as Points
from jinchuanggu.engines.rules.answers import Value as Value
from jinchuanggu.engines.rules.answers import Worth as Worth
from jinchuanggu.engines.rules.answers import interval as interval
from jinchuanggu.engines.rules.answers import plain as plain
from jinchuanggu.engines.rules.benefit import Benefit
from jinchuanggu.engines.rules.facts import Source
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.model import Confidence, RuleSet
from jinchuanggu.engines.rules.texts import Text
from jinchuanggu.engines.rules.units import decimal_of

SCHEMA = 2
"""Version of the form of ``as_dict``; grows when a field changes its meaning or goes."""

ENGINE = "2"
"""Version of the meaning of evaluation; grows when the same rules and facts could come out otherwise."""


class Verdict(StrEnum):
    """The outcome of a whole rule set; the first three as for one criterion."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_EVIDENCED = "not_evidenced"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing a finding rests on, or weighed and put aside (``chosen`` false)."""

    input: str
    value: Value
    unit: str | None = None
    date: str | None = None
    year: int | None = None
    source: Source | None = None
    chosen: bool = True
    note: str | None = None

    def as_dict(self) -> dict[str, object]:
        return {
            "input": self.input,
            "value": plain(self.value),
            "unit": self.unit,
            "date": self.date,
            "year": self.year,
            "source": self.source.as_dict() if self.source else None,
            "chosen": self.chosen,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Gap:
    """A known input and how far it is from enough: always a positive amount of ``unit``."""

    criterion: str
    input: str
    distance: Decimal
    unit: str | None

    def as_dict(self) -> dict[str, object]:
        return {
            "criterion": self.criterion,
            "input": self.input,
            "distance": plain(self.distance),
            "unit": self.unit,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one criterion."""

    id: str
    title: Text
    clause: str
    article: str
    kind: str
    status: Status
    value: Value
    threshold: Value
    operator: str | None
    wording: str | None
    unit: str | None
    distance: Decimal | None
    margin: Decimal | None
    evidence: tuple[Evidence, ...]
    reason: str
    explanation: Text
    advice: Text | None
    missing: tuple[str, ...]
    gaps: tuple[Gap, ...]
    flags: tuple[str, ...]
    confidence: Confidence
    expert: bool
    children: tuple[Finding, ...] = ()
    high: Decimal | None = None
    """Of an open score the most it can come to; ``value`` is then the least."""

    def as_dict(self) -> dict[str, object]:
        return {
            "id": self.id,
            "clause": self.clause,
            "title": self.title.as_dict(),
            "article": self.article,
            "kind": self.kind,
            "status": self.status.value,
            "value": plain(self.value),
            "high": plain(self.high),
            "threshold": plain(self.threshold),
            "operator": self.operator,
            "wording": self.wording,
            "unit": self.unit,
            "distance": plain(self.distance),
            "margin": plain(self.margin),
            "evidence": [piece.as_dict() for piece in self.evidence],
            "reason": self.reason,
            "explanation": self.explanation.as_dict(),
            "advice": self.advice.as_dict() if self.advice else None,
            "missing": list(self.missing),
            "gaps": [gap.as_dict() for gap in self.gaps],
            "flags": list(self.flags),
            "confidence": self.confidence.value,
            "children": [] if self.kind == "all" else [child.as_dict() for child in self.children],
        }

    def leaves(self) -> Iterator[Finding]:
        """The findings this one is the plain sum of; a choice (any, at least n) is one finding."""
        if self.kind != "all":
            yield self
            return
        for child in self.children:
            yield from child.leaves()

    def outline(self) -> dict[str, object]:
        """The tree by ids, for a screen that opens level by level."""
        return {
            "id": self.id,
            "clause": self.clause,
            "title": self.title.as_dict(),
            "status": self.status.value,
            "children": [child.outline() for child in self.children],
        }


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader must know besides the findings. ``about`` is an input id or None."""

    code: str
    text: Text
    about: str | None = None

    def as_dict(self) -> dict[str, object]:
        return {"code": self.code, "about": self.about, "text": self.text.as_dict()}


@dataclass(frozen=True, slots=True)
class Result:
    """The judgement of one subject on one day. ``rule_set`` is None exactly when nothing was in force.

    ``inputs``: the facts that were read, as plain data - with the version and digest of the rules, the engine and
    the day the record of a decision.
    """

    verdict: Verdict
    kind: str | None
    name: str | None
    on: date
    rule_set: RuleSet | None
    data_period: int | None
    tree: tuple[Finding, ...]
    notes: tuple[Note, ...] = ()
    scores: tuple[Points, ...] = ()
    values: Mapping[str, Worth] = field(default_factory=dict)
    amount: Amount | None = None
    inputs: Mapping[str, object] = field(default_factory=dict)

    @property
    def evaluated(self) -> dict[str, object]:
        """The record of the decision: which engine, which rules to the letter, which day, which facts."""
        rules = self.rule_set
        return {
            "engine": ENGINE,
            "rule_set": rules.id if rules else None,
            "version": rules.version if rules else None,
            "digest": rules.digest if rules else None,
            "on": self.on.isoformat(),
            "inputs": dict(self.inputs),
        }

    def points(self, part: str) -> Points:
        """The points of a part of any score, by its id; KeyError when there is none."""
        for scheme in self.scores:
            for found in scheme.walk():
                if found.id == part:
                    return found
        raise KeyError(part)

    @property
    def criteria(self) -> tuple[Finding, ...]:
        """The computed criteria, flat, in the order of the document: those the verdict is made of."""
        return tuple(leaf for top in self.tree if not top.expert for leaf in top.leaves())

    @property
    def expert(self) -> tuple[Finding, ...]:
        """The criteria in the hands of experts; the verdict does not wait for them."""
        return tuple(leaf for top in self.tree if top.expert for leaf in top.leaves())

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts that would turn what is not evidenced into a decision, each once."""
        return tuple(dict.fromkeys(name for finding in self.criteria for name in finding.missing))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(gap for finding in self.criteria for gap in finding.gaps)

    def count(self, status: Status) -> int:
        return sum(finding.status is status for finding in self.criteria)

    def finding(self, criterion: str) -> Finding:
        """A finding by its criterion's id, at any depth; KeyError when there is none."""
        waiting = list(self.tree)
        while waiting:
            found = waiting.pop()
            if found.id == criterion:
                return found
            waiting.extend(found.children)
        raise KeyError(criterion)

    def as_dict(self) -> dict[str, object]:
        """Only dicts, lists, strings, booleans, None and numbers: ready for ``json.dumps``."""
        return {
            "schema": SCHEMA,
            "verdict": self.verdict.value,
            "kind": self.kind,
            "name": self.name,
            "on": self.on.isoformat(),
            "rule_set": describe(self.rule_set) if self.rule_set else None,
            "data_period": self.data_period,
            "counts": {status.value: self.count(status) for status in Status},
            "criteria": [finding.as_dict() for finding in self.criteria],
            "expert": [finding.as_dict() for finding in self.expert],
            "outline": [finding.outline() for finding in self.tree],
            "missing": list(self.missing),
            "gaps": [gap.as_dict() for gap in self.gaps],
            "notes": [note.as_dict() for note in self.notes],
            "scores": [scheme.as_dict() for scheme in self.scores],
            "values": {name: worth.as_dict() for name, worth in self.values.items()},
            "amount": self.amount.as_dict() if self.amount else None,
            "evaluated": self.evaluated,
        }


def describe(rule_set: RuleSet) -> dict[str, object]:
    """The head of a rule set: which rules these are, since when, how sure, and who decides in earnest."""
    document = rule_set.document
    return {
        "id": rule_set.id,
        "version": rule_set.version,
        "title": rule_set.title.as_dict(),
        "document": {
            "title": document.title.as_dict(),
            "number": document.number,
            "chapter": document.chapter,
            "issuer": document.issuer.as_dict(),
            "issued": document.issued.isoformat(),
            "url": document.url,
        },
        "effective_from": rule_set.effective_from.isoformat(),
        "effective_to": rule_set.effective_to.isoformat() if rule_set.effective_to else None,
        "confidence": rule_set.confidence.value,
        "source": rule_set.source,
        "review": {
            "status": rule_set.review.status.value,
            "reviewer": rule_set.review.reviewer,
            "date": rule_set.review.date.isoformat() if rule_set.review.date else None,
        },
        "authority": rule_set.authority.as_dict(),
        "subject": rule_set.subject,
        "paraphrase": rule_set.paraphrase,
        "digest": rule_set.digest,
        "benefit": _benefit(rule_set.benefit) if rule_set.benefit else None,
    }


def _benefit(benefit: Benefit) -> dict[str, object]:
    return {
        "kind": benefit.kind.value,
        "beneficiary": benefit.beneficiary.as_dict(),
        "payer": benefit.payer.as_dict() if benefit.payer else None,
        "known": benefit.low is not None,
        "delivery": benefit.delivery.value,
        "basis": benefit.basis.value,
        "frequency": benefit.frequency.value,
        "group": benefit.group,
        "excludes": list(benefit.excludes),
        "pool": benefit.pool,
        "pool_cap": None if benefit.pool_cap is None else plain(decimal_of(benefit.pool_cap)),
        "steps": [
            {"from": step.start.isoformat(), "percent": plain(decimal_of(step.percent))}
            for step in benefit.steps
        ],
    }
