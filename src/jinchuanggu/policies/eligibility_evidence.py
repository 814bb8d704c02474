"""A result for the verdict template: every piece of evidence says which fact it is, of which day, and from whom."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.engines.rules import Result
from jinchuanggu.engines.rules.model import Input, InputType, IsTrue
from jinchuanggu.policies import eligibility_words as words
from jinchuanggu.residents.inputs import key_of, read_inputs
from jinchuanggu.residents.models import FactSource
from jinchuanggu.residents.profile import Origin, Profile

Piece = dict[str, Any]


def result_for_template(result: Result, profile: Profile) -> dict[str, Any]:
    """The result as components/verdict.html takes it."""
    found: dict[str, Any] = dict(result.as_dict())
    inputs = dict(result.rule_set.inputs) if result.rule_set is not None else {}
    statements = {
        criterion.id: criterion.test.input
        for criterion in (result.rule_set.walk() if result.rule_set is not None else ())
        if isinstance(criterion.test, IsTrue)
    }
    for part in ("criteria", "expert"):
        for criterion in found[part]:
            _dress(criterion, profile, inputs, statements)
    return found


def _dress(
    criterion: dict[str, Any], profile: Profile, inputs: dict[str, Input], statements: dict[str, str]
) -> None:
    name = statements.get(criterion["id"])
    if name is not None and not criterion["evidence"] and name in profile.stated:
        criterion["evidence"] = [_said(name, profile)]
    for piece in criterion["evidence"]:
        _source(piece, profile, inputs.get(piece["input"]))
    if isinstance(criterion["value"], bool):
        criterion["value"] = _yes_no(criterion["value"])
        criterion["threshold"] = None
    elif isinstance(criterion["value"], str) and criterion["evidence"]:
        criterion["value"] = _label(inputs.get(criterion["evidence"][0]["input"]), criterion["value"])
    for child in criterion["children"]:
        _dress(child, profile, inputs, statements)


def _said(name: str, profile: Profile) -> Piece:
    """A statement as evidence: the engine reads it, the profile knows where it came from."""
    return {
        "input": name, "value": profile.stated[name], "unit": None, "date": None, "year": None, "source": None,
        "chosen": True, "note": None,
    }  # fmt: skip


def _source(piece: Piece, profile: Profile, declared: Input | None) -> None:
    if declared is not None and declared.type is not InputType.SERIES:
        piece["year"] = None  # what is not yearly shows its day
    origin = profile.origins.get(key_of(piece["input"], piece["year"]))
    if origin is None and piece["source"] is None:
        origin = Origin(FactSource.COMPUTED, None, "")
    title = words.say(declared.title) if declared is not None else ""
    who = (
        piece["source"]["title"] if piece["source"] is not None else origin.who if origin is not None else ""
    )
    url = piece["source"]["url"] if piece["source"] is not None else None
    piece["source"] = {
        "title": " · ".join(part for part in (title, who) if part),
        "url": url,
        "kind": origin.kind if origin is not None else FactSource.FILED.value,
        "date": None,
    }
    if origin is not None and origin.on is not None and not piece["date"]:
        piece["date"] = origin.on.isoformat()
    if isinstance(piece["value"], bool):
        piece["value"] = _yes_no(piece["value"])
    elif isinstance(piece["value"], str):
        piece["value"] = _label(declared, piece["value"])


def _yes_no(value: bool) -> str:
    return _("是") if value else _("否")


def _label(declared: Input | None, value: str) -> str:
    """The words for a code; `none` of a certificate in words."""
    if declared is None:
        return value
    if declared.type is InputType.DATE:
        return _("无") if value == "none" else value
    option = declared.options.get(value) or (
        read_inputs()[declared.id].options.get(value) if declared.id in read_inputs() else None
    )
    return words.say(option) if option is not None else value
