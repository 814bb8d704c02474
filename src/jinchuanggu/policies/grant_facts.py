"""What a measure comes to for one firm on one day: the facts used, the verdict, the amount - and what changed since.

`snapshot` is what an application keeps; `compare` tells a kept one from today's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jinchuanggu.engines.rules import Facts, Result, RuleSet, evaluate
from jinchuanggu.policies.grant_terms import FEN, Terms
from jinchuanggu.residents import profile

MET = "met"


@dataclass(frozen=True)
class Snapshot:
    """`low`, `high`: what may be paid, after the step-down of the day (`percent`); `full`: before it.

    None where the amount is not known.
    """

    on: date
    result: dict[str, Any]
    facts: list[dict[str, Any]]
    low: Decimal | None
    high: Decimal | None
    full: Decimal | None
    percent: Decimal

    @property
    def met(self) -> bool:
        return bool(self.result.get("verdict") == MET)

    @property
    def known(self) -> bool:
        """Whether there is an amount that can be granted."""
        return self.low is not None and self.high is not None and self.high > 0

    @property
    def digest(self) -> str:
        """The same for two snapshots that say the same."""
        return digest_of(self.result)


def facts_of(organisation_id: int, on: date) -> tuple[Facts, dict[str, str]]:
    """The firm's facts, and what each came from; the one door to the firms' records."""
    known = profile.profile_of(organisation_id, on)
    return known.facts(), {name: origin.title for name, origin in known.origins.items()}


def snapshot(organisation_id: int, terms: Terms, on: date) -> Snapshot:
    """Judge and compute now, by the rules and facts of the day `on`."""
    facts, sources = facts_of(organisation_id, on)
    result = evaluate(terms.rule_set, facts, on)
    amount = result.amount
    known = amount is not None and amount.known
    low, high = (amount.low, amount.high) if amount is not None and known else (None, None)
    return Snapshot(
        on=on,
        result=result.as_dict(),
        facts=facts_used(terms.rule_set, facts, sources),
        low=low,
        high=high,
        full=_full(result, terms) if known else None,
        percent=amount.percent if amount is not None else Decimal(100),
    )


def _full(result: Result, terms: Terms) -> Decimal | None:
    """The greatest amount before the step-down, to the fen."""
    worth = result.values.get(terms.benefit.high or "")
    return None if worth is None or worth.value is None else worth.value.quantize(FEN)


def facts_used(rule_set: RuleSet, facts: Facts, sources: dict[str, str]) -> list[dict[str, Any]]:
    """Rows `{input, title, unit, value, year, date, source}` of the given facts that the rules read, JSON-ready."""
    return [row for name in inputs_used(rule_set) for row in _rows(rule_set, facts, name, sources)]


def _rows(rule_set: RuleSet, facts: Facts, name: str, sources: dict[str, str]) -> Iterator[dict[str, Any]]:
    declared, said = rule_set.inputs[name], sources.get(name, "")
    head = {
        "input": name,
        "title": declared.title.as_dict(),
        "unit": declared.unit,
        "year": None,
        "date": None,
    }
    for figure in facts.reports.get(name, ()):
        if len(facts.reports[name]) > 1 and figure.year is None and not figure.chosen:
            continue
        yield {
            **head,
            "value": format(figure.value, "f"),
            "year": figure.year,
            "date": str(figure.date) if figure.date else None,
            "source": figure.source.title if figure.source else "",
        }
    if name in facts.statements:
        yield {**head, "value": facts.statements[name].holds, "source": said}
    if name in facts.codes:
        label = declared.options.get(facts.codes[name])
        yield {**head, "value": label.as_dict() if label else facts.codes[name], "source": said}
    if name in facts.dates:
        yield {**head, "value": facts.dates[name].isoformat(), "source": said}


def inputs_used(rule_set: RuleSet) -> list[str]:
    """Ids of the reported inputs that criteria, scores and the amount read."""
    return [name for name in rule_set.reads if not rule_set.inputs[name].computed]


def essence(result: dict[str, Any]) -> dict[str, Any]:
    """What a result comes to: verdict, amount, and the status of every criterion.

    Values alone do not count: days left of a certificate are fewer every day, and a figure far above its limit may
    move without moving anything.
    """
    return {
        "verdict": result.get("verdict"),
        "amount": _amount(result),
        "statuses": {c["id"]: c["status"] for c in result.get("criteria", [])},
    }


def _amount(result: dict[str, Any]) -> Any:
    amount = result.get("amount") or {}
    return [amount.get("low"), amount.get("high")]


def digest_of(result: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(essence(result), sort_keys=True, default=str).encode()).hexdigest()


def compare(kept: dict[str, Any], now: dict[str, Any]) -> list[dict[str, Any]]:
    """What differs between two results: `{title, unit, before, after}`; the statuses stand beside the values."""
    rows: list[dict[str, Any]] = []
    before = {c["id"]: c for c in kept.get("criteria", [])}
    for criterion in now.get("criteria", []):
        old = before.get(criterion["id"])
        if old is None or (old["status"], old.get("value")) != (criterion["status"], criterion.get("value")):
            rows.append(
                {
                    "title": criterion["title"],
                    "unit": criterion.get("unit"),
                    "before": old.get("value") if old else None,
                    "before_status": old["status"] if old else "",
                    "after": criterion.get("value"),
                    "after_status": criterion["status"],
                }
            )
    if _amount(kept) != _amount(now):
        title = {"zh": "核算金额", "en": "Computed amount"}
        pair = (_amount(kept), _amount(now))
        rows.append(
            {
                "title": title,
                "unit": "cny",
                "before": pair[0][1],
                "after": pair[1][1],
                "before_status": "",
                "after_status": "",
            }
        )
    return rows
