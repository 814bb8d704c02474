"""The required parts of a plan by kind of valley, each refusal quoting its clause (L2, C2).

Limits, clauses and words are those of the official conditions; nothing is stated twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules.library import official
from jinchuanggu.engines.rules.model import Count, Criterion
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.workflow.registry import Refusal
from jinchuanggu.programme.models import Valley, ValleyKind
from jinchuanggu.programme.plan_data import plan_data


def _criterion(kind: str, name: str) -> Criterion:
    """The official condition by its id, as in force today (the newest where none is)."""
    rules = official("valley_recognition")
    rule_set = rules.concerning("valley", kind=kind or ValleyKind.REGIONAL)[0]
    found = rules.in_force(rule_set, timezone.localdate()) or rules.versions(rule_set)[-1]
    return next(criterion for criterion in found.walk() if criterion.id == name)


def _count(criterion: Criterion) -> Count:
    assert isinstance(criterion.test, Count), criterion.id
    return criterion.test


def _quoted(criterion: Criterion, message: str) -> str:
    """The message with clause number, document and the words of the article."""
    return _("%(message)s（%(quote)s：“%(article)s”）") % {
        "message": message, "quote": plan_data().quote(criterion.clause), "article": criterion.article,
    }  # fmt: skip


def _refusal(criterion: Criterion, message: str, url: str = "") -> Refusal:
    return Refusal(_quoted(criterion, message), criterion.clause, url)


def most_fields(kind: str) -> int:
    """How many key fields a kind of valley may name."""
    return int(_count(_criterion(kind, "key_fields")).limit)


def fields_refused(kind: str, fields: Sequence[str], url: str = "") -> Refusal | None:
    """Too many key fields for the kind; a fourth of a regional valley is refused."""
    if kind not in ValleyKind.values or len(fields) <= (most := most_fields(kind)):
        return None
    message = _("重点领域已列 %(n)s 个，最多 %(most)s 个") % {"n": len(fields), "most": most}
    return _refusal(_criterion(kind, "key_fields"), message, url)


def fields_missing(valley: Valley) -> list[Refusal]:
    """What the kind asks of key fields and chain coverage."""
    url = _edit(valley)
    if valley.kind not in ValleyKind.values:
        return [Refusal(_("尚未选择平台类别"), "L1", url)]
    found, criterion = [], _criterion(valley.kind, "key_fields")
    if not valley.key_fields:
        found.append(_refusal(criterion, _("尚未明确重点领域"), url))
    if refused := fields_refused(valley.kind, valley.key_fields or [], url):
        found.append(refused)
    if valley.kind == ValleyKind.SPECIALISED and not valley.whole_chain:
        found.append(_refusal(_criterion(valley.kind, "whole_chain"), _("尚未说明覆盖全产业链"), url))
    return found


def university_missing(valley: Valley) -> Refusal | None:
    criterion = _criterion(valley.kind, "partner_university")
    if valley.universities.count() >= _count(criterion).limit:
        return None
    return _refusal(criterion, _("方案没有共建高校"), _edit(valley))


def zone_missing(valley: Valley) -> Refusal | None:
    """No host zone, or none of the level that the clause asks for."""
    criterion = _criterion(valley.kind, "host_zone")
    zones = list(valley.zones.all())
    if sum(fits(zone) for zone in zones) >= _count(criterion).limit:
        return None
    message = (
        _("所在开发区不是省级以上：%(names)s") % {"names": _("、").join(zone.name for zone in zones)}
        if zones
        else _("方案没有载明所在开发区、园区")
    )
    return _refusal(criterion, message, _edit(valley))


def fits(zone: Organisation) -> bool:
    """Whether a zone has the level the clause asks for."""
    levels = _count(_criterion(ValleyKind.REGIONAL, "host_zone")).where["level"]
    return zone.zone_level in levels


def zones_refused(zones: Sequence[Organisation]) -> str:
    """Words of refusal for zones below the level asked for, or nothing."""
    low = [zone.name for zone in zones if not fits(zone)]
    if not low:
        return ""
    message = _("%(names)s 不是省级以上开发区、园区") % {"names": _("、").join(low)}
    return _quoted(_criterion(ValleyKind.REGIONAL, "host_zone"), message)


def emptied(kind: str, name: str) -> str:
    """Words of refusal for a required list emptied after the plan was filed."""
    return _quoted(_criterion(kind, name), _("方案已报送，不能留空"))


def _edit(valley: Valley) -> str:
    return reverse("valley_edit", args=[valley.pk])
