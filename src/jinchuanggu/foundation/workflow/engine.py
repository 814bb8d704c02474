"""The interpreter: start a case, say which moves are open and why others are not, make a move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jinchuanggu.foundation import events
from jinchuanggu.foundation.access.actor import SYSTEM, Actor
from jinchuanggu.foundation.audit.log import act
from jinchuanggu.foundation.codes.working_days import add_working_days
from jinchuanggu.foundation.workflow import registry
from jinchuanggu.foundation.workflow.definition import Move, Process, State, Text, load
from jinchuanggu.foundation.workflow.models import Case, Deadline, Step, Task
from jinchuanggu.foundation.workflow.registry import Attempt, Refusal


class Refused(Exception):
    """A move that cannot be made. `refusals` says everything that stands in its way, not the first thing only."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__("；".join(str(refusal.message) for refusal in refusals))
        self.refusals = refusals


class StaleCase(Refused):
    """Somebody else moved the case in the meantime."""


@dataclass(frozen=True)
class Offer:
    """A move as shown to one actor: open when `refusals` is empty."""

    move: Move
    title: str
    refusals: list[Refusal]
    next_holder: str

    @property
    def open(self) -> bool:
        return not self.refusals


def say(text: Text | None) -> str:
    """The text in the language of the reader."""
    if not text:
        return ""
    return text["en" if (get_language() or "").startswith("en") else "zh"]


def process_of(case: Case) -> Process:
    return load(case.process, case.version)


def state_of(case: Case) -> State:
    return process_of(case).states[case.state]


def start(
    actor: Actor, process_id: str, subject: models.Model, *, variant: str = "", due_on: date | None = None
) -> Case:
    """Open a case in the initial state of the newest version. Runs inside the caller's transaction.

    `due_on` is heard where the process file leaves the day of its first state to be given.
    """
    process = load(process_id)
    case = Case.objects.create(
        process=process.id,
        version=process.version,
        variant=variant,
        state=process.initial,
        since=timezone.now(),
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
    )
    Step.objects.create(
        case=case,
        event="start",
        source="",
        target=case.state,
        at=case.since,
        actor_label=actor.label,
        role=actor.role,
    )
    _mirror(case, process.states[case.state], subject)
    _enter(case, process.states[case.state], subject, due_on=due_on)
    return case


def _may(actor: Actor, case: Case, subject: Any, move: Move) -> bool:
    if actor.role not in move.by:
        return False
    if actor.role == SYSTEM:
        return True
    return actor.organisation_id in registry.holders[case.process](subject, actor.role)


def _hindrances(attempt: Attempt, case: Case, move: Move, *, asked: bool) -> list[Refusal]:
    found: list[Refusal] = []
    if move.documents:
        present = registry.documents_present[case.process](attempt.subject)
        for kind in move.documents:
            if kind not in present:
                title = say(registry.document_titles.get(kind)) or kind
                found.append(Refusal(_("缺少文件：%(title)s") % {"title": title}))
    for name in move.guards:
        answer = registry.guards[name](attempt)
        if answer:
            found.extend(answer if isinstance(answer, list) else [answer])
    if asked and move.reason and not attempt.reason.strip():
        found.append(Refusal(_("请写明理由")))
    return found


def offers(actor: Actor, case: Case, subject: Any | None = None) -> list[Offer]:
    """The moves this actor may make from here, each with what still stands in its way."""
    subject = subject if subject is not None else case.subject
    process = process_of(case)
    shown = []
    for move in process.moves_from(case.state, case.variant):
        if not _may(actor, case, subject, move):
            continue
        attempt = Attempt(actor, case, subject, move.event)
        following = process.states[move.target].held_by(case.variant) or ""
        shown.append(Offer(move, say(move.title), _hindrances(attempt, case, move, asked=False), following))
    return shown


def fire(
    actor: Actor,
    case: Case,
    event: str,
    *,
    reason: str = "",
    payload: dict[str, Any] | None = None,
    revision: int | None = None,
) -> Case:
    """Make a move: lock, check who, check documents and guards, change, run effects, deadlines, tasks, history.

    `revision` is what the actor's page showed; when the case has moved since, `StaleCase` says so and nothing changes.
    Raises `Refused` with every reason at once.
    """
    with act(actor, f"{case.process}.{event}", case.subject, reason=reason) as deed:
        locked = Case.objects.select_for_update().get(pk=case.pk)
        if revision is not None and locked.revision != revision:
            raise StaleCase([Refusal(_("此事项已被他人办理，请刷新后再试"))])
        process, subject = process_of(locked), locked.subject
        move = process.move(locked.state, event, locked.variant)
        if move is None:
            title = say(process.states[locked.state].title)
            raise Refused([Refusal(_("当前状态“%(state)s”不能办理此动作") % {"state": title})])
        if not _may(actor, locked, subject, move):
            raise Refused([Refusal(_("此动作由其他角色办理"))])
        attempt = Attempt(actor, locked, subject, event, reason, payload or {})
        if hindrances := _hindrances(attempt, locked, move, asked=True):
            raise Refused(hindrances)
        source, now = locked.state, timezone.now()
        locked.state, locked.since, locked.revision = move.target, now, locked.revision + 1
        locked.save(update_fields=["state", "since", "revision"])
        Step.objects.create(
            case=locked, event=event, source=source, target=move.target, at=now,
            actor_label=actor.label, role=actor.role, reason=reason,
        )  # fmt: skip
        _leave(locked)
        for name in move.effects:
            registry.effects[name](attempt)
        _mirror(locked, process.states[move.target], subject)
        subject.refresh_from_db()
        _enter(locked, process.states[move.target], subject, due_on=attempt.payload.get("due_on"))
        deed.target = subject
        deed.detail.update({"from": source, "to": move.target, "process": f"{process.id}.v{process.version}"})
        events.publish("case.moved", case=locked, move=move, actor=actor, subject=subject, reason=reason)
    case.refresh_from_db()
    return case


def _leave(case: Case) -> None:
    now = timezone.now()
    case.deadlines.filter(closed_at__isnull=True).update(closed_at=now)
    case.tasks.filter(closed_at__isnull=True).update(closed_at=now, closed_how="moved")


def _mirror(case: Case, state: State, subject: Any) -> None:
    registry.mirrors[case.process](subject, state.key, state.stage)


def _enter(case: Case, state: State, subject: Any, due_on: date | None = None) -> None:
    """Deadline and tasks of the state entered. `due_on`: the day the actor named, heard only where the process
    file leaves it to them, so that no form can move a deadline that the rule fixes.
    """
    due = None
    if state.deadline:
        due = set_deadline(case, state.deadline.key, state.deadline.days, working=state.deadline.working,
                           basis=state.deadline.basis, due_on=due_on if state.deadline.given else None).due_on  # fmt: skip
    holder = state.held_by(case.variant)
    if holder and state.task:
        for organisation_id in registry.holders[case.process](subject, holder):
            open_task(
                case=case, kind=state.key, title=state.task, url=registry.addresses[case.process](subject),
                role=holder, organisation_id=organisation_id, due_on=due,
                origin=getattr(subject, "origin", "simulated"),
            )  # fmt: skip


def set_deadline(
    case: Case, key: str, days: int, *, working: bool, basis: str = "", due_on: date | None = None
) -> Deadline:
    """Store a due date: the one given, else counted from today; a year without a published calendar marks it."""
    today, provisional = timezone.localdate(), False
    if due_on is not None:
        due = due_on
    elif working:
        due, provisional = add_working_days(today, days)
    else:
        due = today + timedelta(days=days)
    return Deadline.objects.create(
        case=case,
        key=key,
        state=case.state,
        started_on=today,
        due_on=due,
        basis=basis,
        provisional=provisional,
    )


def open_task(**fields: Any) -> Task:
    """Put something into a work queue; the same `key` cannot be open twice."""
    fields.setdefault("created_at", timezone.now())
    if fields.get("key") and (task := Task.objects.filter(key=fields["key"], closed_at__isnull=True).first()):
        return task
    task = Task.objects.create(**fields)
    events.publish("task.opened", task=task)
    return task


def close_task(key: str, how: str = "done") -> None:
    """Take something out of the queue."""
    Task.objects.filter(key=key, closed_at__isnull=True).update(closed_at=timezone.now(), closed_how=how)
