"""Applying for recognition: the application carries the rule results of its day, and a reason when short of them."""

from __future__ import annotations

from django.db.models import Max
from django.utils import timezone

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.workflow.engine import fire
from jinchuanggu.foundation.workflow.models import Case
from jinchuanggu.programme import judging
from jinchuanggu.programme.access import get_own_valley
from jinchuanggu.programme.cases import case_of
from jinchuanggu.programme.models import Application, Valley
from jinchuanggu.programme.verdicts import refresh_verdict


def apply(actor: Actor, *, valley_pk: int, shortfall_reason: str = "", revision: int | None = None) -> Case:
    """Apply for recognition. Raises Refused with everything that stands in the way."""
    valley = get_own_valley(actor, valley_pk)
    payload = {"shortfall_reason": shortfall_reason.strip()}
    return fire(actor, case_of(valley), "apply", payload=payload, revision=revision)


def write(actor: Actor, valley: Valley, shortfall_reason: str) -> Application:
    """The next numbered application with today's result; inside the transaction of the move."""
    last = Application.objects.filter(valley=valley).aggregate(last=Max("number"))["last"] or 0
    refresh_verdict(valley)  # takes over what the records give today
    result = judging.judge(valley)
    met = result["verdict"] == judging.MET
    application = Application.objects.create(
        valley=valley,
        number=last + 1,
        made_on=timezone.localdate(),
        verdict=result["verdict"],
        result=result,
        shortfall_reason="" if met else shortfall_reason.strip(),
    )
    rules = result["rule_set"] or {}
    record(
        actor, "application.make", application, reason=application.shortfall_reason,
        detail={"verdict": result["verdict"], "counts": result["counts"],
                "rule_set": f"{rules.get('id')}.v{rules.get('version')}"},
    )  # fmt: skip
    return application


def latest(valley: Valley) -> Application | None:
    return Application.objects.filter(valley=valley).order_by("-number").first()


def withdraw(actor: Actor, valley: Valley) -> None:
    """Mark the running application as withdrawn; inside the transaction of the move."""
    application = latest(valley)
    if application is None or application.withdrawn_at is not None:
        return
    application.withdrawn_at = timezone.now()
    application.save(update_fields=["withdrawn_at"])
    record(actor, "application.withdraw", application)
