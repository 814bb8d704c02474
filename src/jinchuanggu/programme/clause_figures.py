"""One live figure per clause for the ledger, in a few queries for all of them."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.models import ChainHead
from jinchuanggu.indicators.definitions.catalogue import catalogue
from jinchuanggu.indicators.definitions.words import untyped
from jinchuanggu.programme.access import visible_valleys
from jinchuanggu.programme.models import ArgumentSession, Assessment, Consultation, Plaque


def all_figures(actor: Actor) -> dict[str, str]:
    """`{clause id: words with a number}` over the valleys the reader may see."""
    rows = visible_valleys(actor)
    mine = rows.values("pk")
    counts = rows.aggregate(
        all=Count("pk"),
        regional=Count("pk", filter=Q(kind="regional")),
        specialised=Count("pk", filter=Q(kind="specialised")),
        met=Count("pk", filter=Q(verdict="met")),
        not_met=Count("pk", filter=Q(verdict="not_met")),
        unknown=Count("pk", filter=Q(verdict="not_evidenced")),
        building=Count("pk", filter=Q(stage="build")),
        plaqued=Count("pk", filter=Q(stage="plaque")),
    )
    judged = _("满足 %(met)s · 不满足 %(not_met)s · 证据不足 %(unknown)s") % counts
    share = untyped(catalogue())
    head = ChainHead.objects.values_list("number", flat=True).first() or 0
    return {
        "L1": _("%(all)s 个晋创谷：区域综合类 %(regional)s，省域专业类 %(specialised)s") % counts,
        "C3": judged,
        "P1": _("专家论证 %(a)s 次，征求意见 %(b)s 轮")
        % {
            "a": ArgumentSession.objects.filter(valley__in=mine).count(),
            "b": Consultation.objects.filter(valley__in=mine).count(),
        },
        "P2": _("先行建设中 %(building)s 个") % counts,
        "P3": _("评估 %(a)s 次，系统内授牌 %(b)s 块")
        % {
            "a": Assessment.objects.filter(valley__in=mine).count(),
            "b": Plaque.objects.filter(valley__in=mine).count(),
        },
        "X2": _("审计链共 %(n)s 条") % {"n": head},
        "X3": _("%(total)s 个指标中 %(untyped)s 个（%(percent)s %%）无人填报，由记录算出")
        % {"total": share.total, "untyped": share.untyped, "percent": share.percent},
    }
