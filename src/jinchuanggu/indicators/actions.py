"""Writes of the evidence store.

Whose valley it is was checked by the caller, who also passes it as audit target.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act
from jinchuanggu.indicators.definitions.library import indicators
from jinchuanggu.indicators.models import Figure, SourceKind
from jinchuanggu.indicators.published import sync_figures

COMPUTED_SOURCE = "入驻单位与空间记录"


def file_figure(
    actor: Actor,
    valley: models.Model,
    *,
    indicator: str,
    value: Decimal,
    dated: date,
    source_title: str,
    year: int | None = None,
    source_url: str = "",
    scope_note: str = "",
    source_kind: str = SourceKind.FILED,
) -> Figure:
    """Store one report of a figure with its source, beside those already there.

    Raises ValidationError by field.
    """
    definition = indicators().get(indicator)
    errors: dict[str, str] = {}
    if definition is None:
        raise ValidationError({"indicator": _("没有这个指标")})
    if value < 0:
        errors["value"] = _("不能小于 0")
    if dated > timezone.localdate():
        errors["dated"] = _("数据日期不能晚于今天")
    if not source_title.strip():
        errors["source_title"] = _("请写明来源")
    if definition.yearly and year is None:
        errors["year"] = _("年度指标须写明年份")
    if year is not None and not 2000 <= year <= dated.year:
        errors["year"] = _("年份应在 2000 年至数据日期之间")
    if errors:
        raise ValidationError(errors)
    with act(actor, "figure.file", detail={"valley": str(valley)}) as deed:
        figure = Figure(
            valley_id=valley.pk,
            indicator=indicator,
            value=value,
            unit=definition.unit,
            year=year,
            dated=dated,
            source_kind=source_kind,
            source_title=source_title.strip(),
            source_url=source_url.strip(),
            scope_note=scope_note.strip(),
            origin=getattr(valley, "origin", "simulated"),
        )
        figure.clean_fields()
        figure.save()
        deed.target = figure
        sync_figures([valley.pk])
    return figure


def choose_figure(actor: Actor, valley: models.Model, *, figure: Figure, reason: str) -> Figure:
    """Mark which of several reports counts, with the reason. Raises ValidationError without one."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明采用理由")})
    with act(actor, "figure.choose", figure, reason=reason):
        Figure.objects.filter(
            valley_id=valley.pk, indicator=figure.indicator, year=figure.year, chosen=True
        ).exclude(pk=figure.pk).update(chosen=False)
        figure.chosen = True
        figure.save(update_fields=["chosen"])
        sync_figures([valley.pk])
    return figure


def keep_computed(
    valley: models.Model, computed: Iterable[tuple[str, Decimal, str, int | None]], on: date
) -> int:
    """Store what the records give today where it differs from the last computed report; returns how many
    are new.

    A choice that stood on the former computed report moves to the new one: people chose the records, not a
    number.
    Runs inside the caller's transaction.
    """
    last: dict[tuple[str, int | None], Figure] = {}
    for figure in Figure.objects.filter(valley_id=valley.pk, source_kind=SourceKind.COMPUTED).order_by(
        "dated", "pk"
    ):
        last[figure.indicator, figure.year] = figure
    new: list[Any] = []
    for indicator, value, unit, year in computed:
        before = last.get((indicator, year))
        if before is not None and before.value == value:
            continue
        chosen = bool(before and before.chosen)
        if before is not None and chosen:
            Figure.objects.filter(pk=before.pk).update(chosen=False)
        new.append(
            Figure(
                valley_id=valley.pk,
                indicator=indicator,
                value=value,
                unit=unit,
                year=year,
                dated=on,
                source_kind=SourceKind.COMPUTED,
                source_title=COMPUTED_SOURCE,
                chosen=chosen,
                origin=getattr(valley, "origin", "simulated"),
            )
        )
    Figure.objects.bulk_create(new)
    if new:
        sync_figures([valley.pk])
    return len(new)
