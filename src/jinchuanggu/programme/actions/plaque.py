"""The plaque: its number from a series without gaps, and the award."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.documents.numbers import validate_issuing_number
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import fire
from jinchuanggu.foundation.workflow.models import Case
from jinchuanggu.programme.access import get_valley
from jinchuanggu.programme.cases import case_of
from jinchuanggu.programme.models import NumberSeries, Plaque, Valley
from jinchuanggu.programme.schemes.loading import read


def award(actor: Actor, *, valley_pk: int, decision_number: str = "", revision: int | None = None) -> Case:
    """Award the plaque by the process's move. Raises ValidationError for a bad issuing number, Refused otherwise."""
    if actor.role != Role.PROVINCIAL_OFFICE:
        raise Http404
    valley = get_valley(actor, valley_pk)
    try:
        validate_issuing_number(decision_number.strip())
    except ValidationError as problem:
        raise ValidationError({"decision_number": problem.messages}) from problem
    payload: dict[str, Any] = {"decision_number": decision_number.strip()}
    return fire(actor, case_of(valley), "award", payload=payload, revision=revision)


def number_of(year: int, sequence: int) -> str:
    """The number as it stands on the plaque, by the pattern of `schemes/plaque.v1.yaml`."""
    return str(read("plaque.v1")["pattern"]).format(year=year, sequence=sequence)


def next_number(year: int) -> str:
    """What the next plaque of a year would get; only the award takes it."""
    series = NumberSeries.objects.filter(key=read("plaque.v1")["series"], year=year).first()
    return number_of(year, (series.last if series else 0) + 1)


def take_number(year: int) -> str:
    """Take the next number under the lock of its series; a rolled-back award gives it back, so no gap arises."""
    series, _created = NumberSeries.objects.select_for_update().get_or_create(
        key=read("plaque.v1")["series"], year=year
    )
    series.last += 1
    series.save(update_fields=["last"])
    return number_of(year, series.last)


def give(actor: Actor, valley: Valley, decision_number: str) -> Plaque:
    """Make the plaque and date the valley's unveiling; inside the transaction of the move."""
    today = timezone.localdate()
    plaque = Plaque.objects.create(
        valley=valley, name=valley.name, number=take_number(today.year), awarded_on=today,
        decision_number=decision_number, issued_at=timezone.now(),
    )  # fmt: skip
    Valley.objects.filter(pk=valley.pk).update(unveiled_on=today)
    record(actor, "plaque.award", plaque, detail={"number": plaque.number, "decision": decision_number})
    return plaque
