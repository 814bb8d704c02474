"""The pages of eligibility as plain data for their templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.engines.rules.benefit import BenefitKind
from jinchuanggu.engines.rules.sureness import how_sure
from jinchuanggu.policies import eligibility_words as words
from jinchuanggu.policies.eligibility import Eligibility, Group, Judged
from jinchuanggu.policies.entries import level_in
from jinchuanggu.policies.models import GrantApplication, Level, RuleEntry
from jinchuanggu.policies.models.grants import UNSENT
from jinchuanggu.residents.inputs import anchor


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, for the links a page offers."""

    firm_id: int
    may_apply: bool
    may_fill: bool
    cases: Mapping[str, GrantApplication] = field(default_factory=dict)


def cases_of(firm_id: int, on: date) -> dict[str, GrantApplication]:
    """What a firm has applied for once and for all or in this year, by measure: not to be applied for again."""
    rows = GrantApplication.objects.filter(organisation_id=firm_id, period__in=("once", str(on.year)))
    return {row.rule_set: row for row in rows.exclude(state__in=(*UNSENT, "proposed"))}


def address(name: str, *args: Any) -> str:
    """An address of another part of the room, or nothing while that part isn't there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def entries_of(rule_sets: Iterable[RuleSet]) -> dict[tuple[str, date], RuleEntry]:
    """The library's records of these versions, in one query."""
    wanted = {rules.id for rules in rule_sets}
    rows = RuleEntry.objects.filter(rule_set__in=wanted, superseded=False).select_related("text__policy")
    return {(row.rule_set, row.effective_from): row for row in rows}


def source_of(rule_set: RuleSet, entry: RuleEntry | None) -> dict[str, Any]:
    """Where a rule comes from: document, version, how sure, and its page in the library."""
    policy = entry.text.policy if entry is not None else None
    return {
        "document": words.say(rule_set.document.title),
        "number": rule_set.document.number,
        "chapter": rule_set.document.chapter,
        "issuer": words.say(rule_set.document.issuer),
        "url": rule_set.document.url or "",
        "source": rule_set.source,
        "version": rule_set.version,
        "effective_from": rule_set.effective_from,
        "effective_to": rule_set.effective_to,
        "sure": how_sure(rule_set),
        "authority": words.say(rule_set.authority),
        "level": str(Level(level_in(rule_set, entry.text if entry is not None else None)).label),
        "policy_url": address("policy", policy.pk) if policy is not None else "",
    }  # fmt: skip


def measure_row(one: Judged, reader: Reader, entry: RuleEntry | None, on: date) -> dict[str, Any]:
    """One measure in a list."""
    benefit = one.rule_set.benefit
    _label, tone, icon, _explained = words.GROUPS[one.group]
    row = {
        "id": one.rule_set.id,
        "title": words.say(one.rule_set.title),
        "url": reverse("eligibility_measure", args=[reader.firm_id, one.rule_set.id]),
        "group": one.group.value,
        "group_label": words.group_words(one),
        "tone": tone,
        "icon": icon,
        "kind": str(words.KINDS[benefit.kind]) if benefit is not None else "",
        "frequency": str(words.FREQUENCIES[benefit.frequency]) if benefit is not None else "",
        "amount": words.amount_words(one),
        "known": one.high is not None,
        "only_in": one.only_in,
        "note": _note(one, on),
        "waits_for_text": one.waits_for_text,
        "apply_url": "",
        "case": reader.cases.get(one.rule_set.id),
    }
    paid_out = benefit is not None and benefit.kind is BenefitKind.GRANT  # the rest has its own ways
    if (
        one.group in (Group.APPLY, Group.DIRECT) and reader.may_apply and paid_out and not row["case"]
    ):  # 免申即享 is confirmed there
        row["apply_url"] = address("grant_apply", reader.firm_id, one.rule_set.id)
    return {**row, **source_of(one.rule_set, entry)}


def _note(one: Judged, on: date) -> str:
    """What lies between the firm and the measure, in one line."""
    if one.only_in:
        return _("只适用于%(region)s的企业") % {"region": one.only_in}
    if one.group is Group.NEAR:
        return words.change_words(one.change, on)
    if one.group is Group.UNKNOWN:
        if one.waits_for_text:
            return _("规则条文待核，不需企业补材料")
        keys = one.missing
        titles = _("、").join(words.fact_line(key)["title"] for key in keys[:3])
        return _("缺：%(facts)s") % {"facts": titles + ("…" if len(keys) > 3 else "")}
    if one.group is Group.NOT:
        short = [finding for finding in one.result.criteria if finding.status.value == "not_met"]
        return _("；").join(words.say(finding.title) for finding in short[:2])
    return ""


def group_sections(found: Eligibility, reader: Reader) -> list[dict[str, Any]]:
    """The five groups with their rows, in the order they are read."""
    entries = entries_of(one.rule_set for one in found.judged)
    sections = []
    for group in Group:
        label, tone, icon, explained = words.GROUPS[group]
        rows = [
            measure_row(one, reader, entries.get((one.rule_set.id, one.rule_set.effective_from)), found.on)
            for one in found.groups[group]
        ]
        sections.append(
            {"key": group.value, "label": str(label), "tone": tone, "icon": icon, "help": str(explained),
             "rows": [row for row in rows if not row["waits_for_text"]],
             "pending": [row for row in rows if row["waits_for_text"]]}
        )  # fmt: skip
    return sections


def combination(found: Eligibility) -> dict[str, Any]:
    """The best legal combination: what counts, what was set aside and because of which other measure."""
    titles = {one.rule_set.id: words.say(one.rule_set.title) for one in found.judged}
    by_id = {one.rule_set.id: one for one in found.judged}
    choice = found.choice
    return {
        "taken": [{"title": titles[one], "amount": words.amount_words(by_id[one])} for one in choice.taken],
        "dropped": [
            {
                "title": titles[one],
                "amount": words.amount_words(by_id[one]),
                "reason": drop_words(reason, titles),
            }
            for one, reason in choice.dropped.items()
        ],
        "total": words.money(choice.total_low, choice.total_high),
        "high": choice.total_high,
    }


def drop_words(reason: Any, titles: Mapping[str, str]) -> str:
    """Why a measure does not count beside the others."""
    other = getattr(reason, "because_of", None) or ()
    names = _("、").join(titles.get(one, one) for one in ((other,) if isinstance(other, str) else other))
    said = {
        "group": _("同类政策就高不重复，已选“%(other)s”"),
        "excludes": _("与“%(other)s”不能同时享受"),
        "pool": _("与“%(other)s”合用上限，已用满"),
        "nothing": _("按现有数据金额为零"),
    }.get(str(getattr(reason, "reason", reason)), _("已选更优的“%(other)s”"))
    return said % {"other": names}


def todo_lines(found: Eligibility) -> list[dict[str, Any]]:
    return [{**words.fact_line(one.key), "decides": one.decides} for one in found.todo]


def missing_lines(keys: Iterable[str]) -> list[dict[str, str]]:
    return [words.fact_line(key) for key in keys]


def standards(result: dict[str, Any]) -> dict[str, Any]:
    """The result with the alternatives of its only condition laid side by side: each standard by itself."""
    criteria = result["criteria"]
    if len(criteria) != 1 or not criteria[0]["children"]:
        return result
    return {**result, "criteria": criteria[0]["children"], "counts": None}


def profile_url(firm_id: int, key: str = "") -> str:
    """The form of the firm's facts, at one of them."""
    url = reverse("firm_profile", args=[firm_id])
    return f"{url}#{anchor(key)}" if key else url


def total_high(found: Eligibility) -> Decimal:
    return found.choice.total_high or Decimal(0)
