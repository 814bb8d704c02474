"""Every change of an application up to its decision: fill in, send, propose, check, supplement, decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR, Actor
from jinchuanggu.foundation.audit.log import act
from jinchuanggu.foundation.documents.actions import Upload, add_document
from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.foundation.documents.numbers import validate_issuing_number
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.foundation.workflow.engine import Refused, StaleCase
from jinchuanggu.foundation.workflow.models import Case
from jinchuanggu.foundation.workflow.registry import Refusal
from jinchuanggu.policies.access_grants import DECIDERS, decided_by, get_application, get_own_firm
from jinchuanggu.policies.grant_standing import standing_of
from jinchuanggu.policies.grant_terms import Terms, payer_region, terms_shown
from jinchuanggu.policies.models import GrantApplication
from jinchuanggu.policies.models.grants import RELEASED
from jinchuanggu.policies.process.grant_effects import keep, take_terms
from jinchuanggu.policies.process.subject import PROCESS, case_of
from jinchuanggu.programme.models import Valley
from jinchuanggu.residents.queries import valleys_of_organisation

PAPERS = ("event_proof", "grant_paper")
MOST_AT_ONCE = 200
OWN_ACTS = frozenset(
    {"fill", "propose", "submit", "confirm", "approve", "pay_part", "pay_rest", "recover", "receive_part",
     "receive_rest"}
)  # fmt: skip
"""Moves that carry more than a reason and have acts of their own."""


@dataclass(frozen=True)
class Entries:
    """What a firm types: everything else is computed or known."""

    event_on: date | None = None
    event_ref: str = ""
    claimed: Decimal | None = None
    note: str = ""


def save_draft(
    actor: Actor, *, organisation_id: int, rule_set: str, entries: Entries, application_id: int | None = None
) -> GrantApplication:
    """Start or change a draft of the actor's own firm; facts and amount are computed anew.

    Of the same period there is one: a second start opens the first. Raises Http404, ValidationError (by field).
    """
    firm = get_own_firm(actor, organisation_id)
    terms = terms_shown(rule_set, timezone.localdate())
    if terms is None:
        raise Http404
    _check(terms, entries)
    try:
        with transaction.atomic():
            # two clicks of one firm wait here, so the second finds what the first made
            Organisation.objects.select_for_update().get(pk=firm.pk)
            application = _draft(actor, firm, terms, entries, application_id)
            _fill(application, terms, entries)
            with act(actor, "grant.saved", GrantApplication.objects.get(pk=application.pk)) as deed:
                application.save()
                deed.target = application
    except IntegrityError as error:
        raise ValidationError(_second_time()) from error
    return application


def _check(terms: Terms, entries: Entries) -> None:
    problems: dict[str, str] = {}
    if terms.needs_event and entries.event_on is None:
        problems["event_on"] = _("请填写事项发生日")
    if terms.benefit.frequency.value == "each" and not entries.event_ref.strip():
        problems["event_ref"] = _("请填写事项编号（合同登记号、贷款合同号等），同一事项只能申请一次")
    if entries.claimed is not None and entries.claimed <= 0:
        problems["claimed"] = _("申请金额应大于 0")
    if problems:
        raise ValidationError(problems)


def _second_time() -> str:
    return _("本期已申请过这项措施，不能重复申请")


def _draft(
    actor: Actor, firm: Organisation, terms: Terms, entries: Entries, application_id: int | None
) -> GrantApplication:
    rows = GrantApplication.objects.select_related("organisation__region__parent")
    mine = rows.filter(organisation=firm, rule_set=terms.rule_set.id)
    period = terms.period(entries.event_on or timezone.localdate(), entries.event_ref)
    if application_id is not None:
        found = mine.filter(pk=application_id).first()
        if found is None:
            raise Http404
    else:
        found = mine.filter(period=period).exclude(state__in=RELEASED).first()
    if found is None:
        return _start(actor, firm, terms, period, "fill")
    if found.state != "draft":
        raise ValidationError(_second_time(), code="second", params={"pk": found.pk})
    return found


def _start(actor: Actor, firm: Organisation, terms: Terms, period: str, event: str) -> GrantApplication:
    """A new application with its case; inside the caller's transaction."""
    valley = Valley.objects.filter(
        pk__in=valleys_of_organisation(firm.pk), operator__isnull=False
    ).order_by("pk").first()  # fmt: skip
    application = GrantApplication(
        organisation=firm, rule_set=terms.rule_set.id, title_zh=terms.rule_set.title.zh,
        title_en=terms.rule_set.title.en, level=terms.level, region=payer_region(terms, firm), policy=terms.policy,
        valley_checked=valley.pk if valley else None, basis_on=timezone.localdate(), period=period,
        automatic=event == "propose", origin=firm.origin,
    )  # fmt: skip
    take_terms(application, terms)
    if event == "propose":
        keep(application, standing_of(application))
    with act(actor, "grant.opened") as deed:
        application.save()
        kind = "province" if terms.provincial else "city"
        # what the system offers rests on records: nobody in the valley checks it once more
        variant = f"valley_{kind}" if valley and event == "fill" else kind
        deed.target = application
        case = engine.start(actor, PROCESS, application, variant=variant)
    engine.fire(actor, case, event)
    application.refresh_from_db()
    return application


def _fill(application: GrantApplication, terms: Terms, entries: Entries) -> None:
    application.event_on, application.event_ref = entries.event_on, entries.event_ref.strip()[:120]
    application.note, application.claimed = entries.note.strip(), entries.claimed
    standing = standing_of(application)
    keep(application, standing)
    # a claim out of range is told when it is sent, not silently mended
    if entries.claimed is not None and application.computed_low != application.computed_high:
        application.claimed = entries.claimed
    application.period = terms.period(application.basis_on, application.event_ref)


def submit(
    actor: Actor, *, pk: int, committed: bool, revision: int | None = None, seen: str = ""
) -> GrantApplication:
    """Send a draft. `seen` is the digest of the result that the page showed. Raises Refused, Http404."""
    application = _own(actor, pk)
    _unseen(application, seen)
    return _fire(actor, application, "submit", payload={"committed": committed}, revision=revision)


def confirm(
    actor: Actor, *, pk: int, committed: bool, revision: int | None = None, seen: str = ""
) -> GrantApplication:
    """The firm takes what the system proposed (免申即享). Raises Refused, Http404."""
    application = _own(actor, pk)
    _unseen(application, seen)
    return _fire(actor, application, "confirm", payload={"committed": committed}, revision=revision)


def _unseen(application: GrantApplication, seen: str) -> None:
    now = standing_of(application).now
    if seen and now is not None and seen != now.digest:
        raise Refused([Refusal(_("数据已变化，请核对新的核算结果后再提交"), "S2")])


def propose(organisation_id: int, rule_set: str) -> GrantApplication | None:
    """免申即享: offer an automatic measure to a firm whose facts are complete; None where it cannot be.

    Offered once for each period; the system acts, the firm confirms.
    """
    terms = terms_shown(rule_set, timezone.localdate())
    firm = Organisation.objects.select_related("region__parent").filter(pk=organisation_id).first()
    if terms is None or firm is None or not terms.automatic or terms.needs_event:
        return None
    period = terms.period(timezone.localdate(), "")
    taken = GrantApplication.objects.filter(organisation=firm, rule_set=rule_set, period=period)
    if taken.exists():  # also one that was declined or refused: nobody is pressed twice
        return None
    try:
        with transaction.atomic():
            return _start(SYSTEM_ACTOR, firm, terms, period, "propose")
    except (Refused, IntegrityError):
        return None


def add_paper(actor: Actor, *, pk: int, kind: str, file: Upload, title: str = "") -> Document:
    """The firm adds a paper while it still writes. Raises ValidationError, Http404."""
    application = _own(actor, pk)
    if application.state not in ("draft", "supplementing"):
        raise ValidationError(_("当前状态不能再上传材料"))
    if kind not in PAPERS:
        raise ValidationError({"kind": _("请选择材料类别")})
    name = title.strip() or getattr(file, "name", "") or (file[0] if isinstance(file, tuple) else "")
    return add_document(actor, subject=application, kind=kind, title=str(name)[:200], file=file)


def move(
    actor: Actor,
    *,
    pk: int,
    event: str,
    reason: str = "",
    due_on: date | None = None,
    issuing_number: str = "",
    revision: int | None = None,
) -> GrantApplication:
    """A move that asks for no more than a reason, a day or a number. Raises Refused, ValidationError, Http404."""
    validate_issuing_number(issuing_number)
    payload = {"due_on": due_on, "issuing_number": issuing_number}
    if event != "ask_supplement":  # every other day is the rule's
        payload.pop("due_on")
    application = get_application(actor, pk)
    if event in OWN_ACTS:
        raise Http404
    return _fire(actor, application, event, reason=reason, payload=payload, revision=revision)


def approve(
    actor: Actor,
    *,
    pk: int,
    amount: Decimal | None = None,
    opinion: str = "",
    issuing_number: str = "",
    revision: int | None = None,
) -> GrantApplication:
    """Grant. Without an amount the most that the rules allow. Raises Refused, ValidationError, Http404."""
    validate_issuing_number(issuing_number)
    payload = {"opinion": opinion, "issuing_number": issuing_number}
    if amount is not None:
        payload["amount"] = amount  # type: ignore[assignment]
    return _fire(actor, get_application(actor, pk), "approve", payload=payload, revision=revision)


def approve_many(actor: Actor, *, pks: Sequence[int], opinion: str = "") -> list[GrantApplication]:
    """Grant several at once: all of them, or none and every reason why. Raises Refused, Http404."""
    wanted = sorted(set(pks))
    if not wanted:
        raise Refused([Refusal(_("请先勾选要同意的申请"))])
    if len(wanted) > MOST_AT_ONCE:
        raise Refused([Refusal(_("一次最多办理 %(n)s 件") % {"n": MOST_AT_ONCE})])
    rows = list(decided_by(actor).filter(pk__in=wanted).select_related("organisation").order_by("pk"))
    if len(rows) != len(wanted):
        raise Http404
    refusals: list[Refusal] = []
    with transaction.atomic():
        cases = {row.pk: case_of(row) for row in rows}
        # all rows before any budget, in one order, so that nobody waits in a circle
        list(Case.objects.select_for_update().filter(pk__in=[c.pk for c in cases.values()]).order_by("pk"))
        for row in rows:
            try:
                engine.fire(actor, cases[row.pk], "approve", payload={"opinion": opinion})
            except Refused as refused:
                refusals += [
                    Refusal(f"{row.organisation}：{one.message}", one.clause, row.get_absolute_url())
                    for one in refused.refusals
                ]
        if refusals:
            raise Refused(refusals)
    return rows


def _own(actor: Actor, pk: int) -> GrantApplication:
    """The firm's own application. Raises Http404."""
    if actor.role != Role.ENTERPRISE:
        raise Http404
    return get_application(actor, pk)


def _fire(
    actor: Actor, application: GrantApplication, event: str, *, reason: str = "",
    payload: dict[str, Any] | None = None, revision: int | None = None,
) -> GrantApplication:  # fmt: skip
    try:
        engine.fire(
            actor, case_of(application), event, reason=reason, payload=payload or {}, revision=revision
        )
    except IntegrityError as error:  # the database keeps the period and the group to one
        raise Refused([Refusal(_second_time(), "S2")]) from error
    application.refresh_from_db()
    return application


def may_decide(actor: Actor) -> bool:
    """Whether this hat decides on applications at all."""
    return actor.role in DECIDERS


__all__ = [
    "PAPERS", "Entries", "StaleCase", "add_paper", "approve", "approve_many", "confirm", "may_decide", "move",
    "propose", "save_draft", "submit",
]  # fmt: skip
