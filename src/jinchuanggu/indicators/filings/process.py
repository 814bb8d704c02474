"""What the course of a filing needs to know: who stands behind a role, its page, what is sound, what locking does."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import BooleanField, Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.audit import verbs
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import registry
from jinchuanggu.foundation.workflow.registry import Attempt, Refusal
from jinchuanggu.foundation.workflow.writing import set_many
from jinchuanggu.indicators.checks.judging import Finding
from jinchuanggu.indicators.filings import (
    clock,  # noqa: F401  (the clock registers itself)
    locking,
    notices,
)
from jinchuanggu.indicators.filings.access import PROCESS, holders_many, holders_of
from jinchuanggu.indicators.filings.findings import findings_many
from jinchuanggu.indicators.filings.notices import address_of
from jinchuanggu.indicators.filings.opening import refresh_shown
from jinchuanggu.indicators.filings.tasks import group_of, sync_tasks
from jinchuanggu.indicators.forms.library import form_of
from jinchuanggu.indicators.models import Filing

verbs.register(
    {
        "filing.open": {"zh": "下发报表", "en": "Forms opened"},
        "filing.save": {"zh": "填写报表", "en": "Filing filled in"},
        "filing.rows": {"zh": "批量填写报表", "en": "Filings filled in together"},
        "filing.comment": {"zh": "批注", "en": "Comment"},
        "filing.resolve": {"zh": "批注已解决", "en": "Comment resolved"},
        "filing.upload": {"zh": "上传报表", "en": "Workbook of a filing uploaded"},
    }
)


def mirror_many(filings: Sequence[Filing], state: str, stage: str) -> None:
    """Keep the state on the filings, and bring the work queues to where they stand."""
    Filing.objects.filter(pk__in=[filing.pk for filing in filings]).update(state=state, stage=stage)
    for filing in filings:
        filing.state, filing.stage = state, stage
    sync_tasks({group_of(filing) for filing in filings})


registry.quiet.add(PROCESS)
registry.subject(
    PROCESS,
    holders_of=holders_of,
    address_of=address_of,
    on_state=lambda filing, state, stage: mirror_many([filing], state, stage),
)
registry.many[PROCESS] = registry.Many(holders_of=holders_many, on_state=mirror_many)


def _grouped(attempts: Sequence[Attempt]) -> dict[tuple[str, int, int], list[Attempt]]:
    """Attempts by form, its version and period, so that each group is read at once."""
    groups: dict[tuple[str, int, int], list[Attempt]] = {}
    for attempt in attempts:
        filing = attempt.subject
        groups.setdefault((filing.form, filing.form_version, filing.period), []).append(attempt)
    return groups


def refusal_of(finding: Finding, filing: Filing) -> Refusal:
    """A finding as the reason of a refused move; its address leads to the first cell concerned."""
    url = f"{address_of(filing)}#c-{finding.cells[0]}" if finding.cells else address_of(filing)
    if finding.hard:
        return Refusal(finding.message, url=url)
    return Refusal(_("请核实，或说明：%(what)s") % {"what": finding.message}, url=url)


@registry.guard_many("filing_is_sound")
def _sound_many(attempts: list[Attempt]) -> dict[int, list[Refusal]]:
    """Nothing hard stands and every soft finding is explained. Leaves the findings on the filing for the effects."""
    refused: dict[int, list[Refusal]] = {}
    for (form, version, _period), group in _grouped(attempts).items():
        filings = [attempt.subject for attempt in group]
        found = findings_many(form_of(form, version), filings)
        for filing in filings:
            filing.standing = {one.id for one in found[filing.pk]}
            blocking = [one for one in found[filing.pk] if one.blocks]
            if blocking:
                refused[filing.pk] = [refusal_of(one, filing) for one in blocking]
    return refused


@registry.guard
def filing_is_sound(attempt: Attempt) -> list[Refusal] | None:
    return _sound_many([attempt]).get(attempt.subject.pk)


@registry.guard
def filing_lies_with_actor(attempt: Attempt) -> Refusal | None:
    """An operator returns what it checks, the city office what it reviews."""
    if (attempt.actor.role, attempt.case.state) in {
        (Role.OPERATOR, "checking"),
        (Role.CITY_OFFICE, "reviewing"),
    }:
        return None
    return Refusal(_("报表现由其他角色审核，不能由您退回"))


@registry.effect_many("note_submission")
def _note_many(attempts: list[Attempt]) -> None:
    """Who sent it and when; the first time decides whether it was late. Explanations that nothing asks for go."""
    now, pks = timezone.now(), [attempt.subject.pk for attempt in attempts]
    today = timezone.localdate(now)
    rows = Filing.objects.filter(pk__in=pks)
    rows.filter(submitted_at__isnull=True).update(
        submitted_at=now,
        late=Case(
            When(Q(due_on__lt=today), then=Value(True)), default=Value(False), output_field=BooleanField()
        ),
    )
    rows.update(submitted_by=attempts[0].actor.label[:240])
    pruned = {}
    for attempt in attempts:
        said, standing = attempt.subject.explanations, getattr(attempt.subject, "standing", None)
        if standing is not None and set(said) - standing:
            pruned[attempt.subject.pk] = {"explanations": {key: said[key] for key in said if key in standing}}
    set_many(Filing, pruned)
    refresh_shown([attempt.subject for attempt in attempts])


@registry.effect
def note_submission(attempt: Attempt) -> None:
    _note_many([attempt])


@registry.effect_many("keep_version")
def _keep_many(attempts: list[Attempt]) -> None:
    locking.lock_filings(attempts)


@registry.effect
def keep_version(attempt: Attempt) -> None:
    locking.lock_filings([attempt])


@registry.effect
def tell_filler(attempt: Attempt) -> None:
    notices.tell_filler(attempt)
