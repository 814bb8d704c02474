"""Figures of a valley: the city or the operator files one with its source; the city or the office says
which counts.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.indicators import actions as evidence
from jinchuanggu.indicators.models import Figure
from jinchuanggu.programme.access import get_file
from jinchuanggu.programme.models import Valley
from jinchuanggu.programme.verdicts import refresh_verdict


def may_file(actor: Actor, valley: Valley) -> bool:
    """The valley's own city office or its operator. A valley known from public pages only takes none."""
    if valley.published_only:
        return False
    if actor.role == Role.CITY_OFFICE:
        return actor.region_id == valley.region_id
    return actor.role == Role.OPERATOR and actor.organisation_id == valley.operator_id


def may_choose(actor: Actor, valley: Valley) -> bool:
    """The provincial office for every valley, the city office for its own."""
    if actor.role == Role.PROVINCIAL_OFFICE:
        return True
    return (
        actor.role == Role.CITY_OFFICE and actor.region_id == valley.region_id and not valley.published_only
    )


def file_figure(
    actor: Actor,
    *,
    valley_id: int,
    indicator: str,
    value: Decimal,
    dated: date,
    source_title: str,
    year: int | None = None,
    source_url: str = "",
    scope_note: str = "",
) -> Figure:
    """File one report of a figure, beside those already there.

    Raises ValidationError, Http404, PermissionDenied.
    """
    valley = get_file(actor, valley_id)
    if not may_file(actor, valley):
        raise PermissionDenied
    with transaction.atomic():
        figure = evidence.file_figure(
            actor,
            valley,
            indicator=indicator,
            value=value,
            dated=dated,
            source_title=source_title,
            year=year,
            source_url=source_url,
            scope_note=scope_note,
        )
        refresh_verdict(valley)
    return figure


def choose_figure(actor: Actor, *, valley_id: int, figure_id: int, reason: str) -> Figure:
    """Say which of several reports counts, and why. Raises ValidationError, Http404, PermissionDenied."""
    valley = get_file(actor, valley_id)
    if not may_choose(actor, valley):
        raise PermissionDenied
    figure = Figure.objects.filter(valley_id=valley.pk, pk=figure_id).first()
    if figure is None:
        raise Http404
    with transaction.atomic():
        evidence.choose_figure(actor, valley, figure=figure, reason=reason)
        refresh_verdict(valley)
    return figure


def recompute(actor: Actor, *, valley_id: int) -> Valley:
    """Compute the figures anew from the residents' records and judge the valley.

    Raises Http404, PermissionDenied.
    """
    valley = get_file(actor, valley_id)
    if not (may_file(actor, valley) or may_choose(actor, valley)):
        raise PermissionDenied
    with transaction.atomic():
        refresh_verdict(valley)
        record(actor, "figure.recompute", valley, detail={"verdict": valley.verdict, **valley.verdict_counts})
    return valley
