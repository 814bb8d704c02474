"""The answer: a tree of findings that explains itself, and its stable form for machines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from jinchuanggu.engines.rules.facts import Source
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.model import Confidence, RuleSet
from jinchuanggu.engines.rules.texts import Text

SCHEMA = 1
"""Version of the form of ``as_dict``; grows when a field changes its meaning or goes."""

Value = Decimal | str | bool | None


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

    def as_dict(self) -> dict[str, object]:
        return {
            "id": self.id,
            "clause": self.clause,
            "title": self.title.as_dict(),
            "article": self.article,
            "kind": self.kind,
            "status": self.status.value,
            "value": plain(self.value),
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
    """The judgement of one subject on one day. ``rule_set`` is None exactly when nothing was in force."""

    verdict: Verdict
    kind: str | None
    name: str | None
    on: date
    rule_set: RuleSet | None
    data_period: int | None
    tree: tuple[Finding, ...]
    notes: tuple[Note, ...] = ()

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
    }


def plain(value: Value) -> int | float | str | bool | None:
    """A value as JSON can carry it, exactly: a whole number as int, a decimal as the float that prints alike.

    A decimal no float prints exactly (more than 17 digits) stays a string of digits.
    """
    if not isinstance(value, Decimal):
        return value
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else format(value, "f")
