"""Many cases of one process at once: the same table, guards and history as `engine`, in a number of queries that does
not depend on how many they are. One audit event names them all.

Every guard is still asked for every subject; whoever is refused stays where it is, with its reasons, and the others go.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import SYSTEM, Actor
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.workflow import engine, registry
from jinchuanggu.foundation.workflow.definition import Move, State, load
from jinchuanggu.foundation.workflow.models import Case, Deadline, Step, Task
from jinchuanggu.foundation.workflow.registry import Attempt, Refusal
from jinchuanggu.foundation.workflow.writing import insert_many


@dataclass
class Moved:
    """What came of it: subjects that moved, and those that did not with everything that stands in their way."""

    done: list[Any] = field(default_factory=list)
    refused: list[tuple[Any, list[Refusal]]] = field(default_factory=list)


def start_many(actor: Actor, process_id: str, subjects: Sequence[models.Model], *, variant: str = "") -> None:
    """Open a case for each saved subject, all of one model. Runs inside the caller's transaction, which records it."""
    if not subjects:
        return
    process, now, label = load(process_id), timezone.now(), actor.label
    kind = ContentType.objects.get_for_model(type(subjects[0]))
    cases = Case.objects.bulk_create(
        [
            Case(
                process=process.id, version=process.version, variant=variant, state=process.initial, since=now,
                subject_type=kind, subject_id=subject.pk,
            )
            for subject in subjects
        ]
    )  # fmt: skip
    insert_many(
        [
            Step(case=case, event="start", source="", target=case.state, at=now, actor_label=label, role=actor.role)
            for case in cases
        ]
    )  # fmt: skip
    state = process.states[process.initial]
    _mirror(process_id, list(subjects), state)
    if state.deadline or state.task:
        for case, subject in zip(cases, subjects, strict=True):
            engine._enter(case, state, subject)


def fire_many(
    actor: Actor,
    process_id: str,
    subjects: Iterable[models.Model],
    event: str,
    *,
    reason: str = "",
    payload: dict[str, Any] | None = None,
    detail: dict[str, Any] | None = None,
) -> Moved:
    """Make one move for every subject that can make it, in one transaction with one event."""
    listed = sorted(subjects, key=lambda subject: subject.pk)
    moved = Moved()
    if not listed:
        return moved
    with transaction.atomic():
        kind = ContentType.objects.get_for_model(type(listed[0]))
        cases = {
            case.subject_id: case
            for case in Case.objects.select_for_update().filter(
                process=process_id, subject_type=kind, subject_id__in=[subject.pk for subject in listed]
            )
        }
        attempts: dict[int, Attempt] = {}
        moves: dict[int, Move] = {}
        for subject in listed:
            case = cases.get(subject.pk)
            move = load(process_id, case.version).move(case.state, event, case.variant) if case else None
            if case is None or move is None:
                title = engine.say(load(process_id, case.version).states[case.state].title) if case else "—"
                words = _("当前状态“%(state)s”不能办理此动作") % {"state": title}
                moved.refused.append((subject, [Refusal(words)]))
            else:
                attempts[subject.pk] = Attempt(actor, case, subject, event, reason, payload or {})
                moves[subject.pk] = move
        standing = _hindrances(actor, process_id, attempts, moves)
        for pk, refusals in standing.items():
            moved.refused.append((attempts[pk].subject, refusals))
        groups: dict[int, tuple[Move, list[Attempt]]] = {}
        for pk, attempt in attempts.items():
            if pk not in standing:
                groups.setdefault(id(moves[pk]), (moves[pk], []))[1].append(attempt)
                moved.done.append(attempt.subject)
        for move, going in groups.values():
            _go(actor, process_id, move, going)
        if moved.done:
            record(
                actor, f"{process_id}.{event}", reason=reason,
                detail={
                    "ids": [subject.pk for subject in moved.done], "refused": [one.pk for one, _why in moved.refused],
                    "count": len(moved.done), **(detail or {}),
                },
            )  # fmt: skip
    return moved


def _hindrances(
    actor: Actor, process_id: str, attempts: dict[int, Attempt], moves: dict[int, Move]
) -> dict[int, list[Refusal]]:
    """Everything that stands in the way, by subject; who may is asked first and alone, as `engine.fire` does."""
    found: dict[int, list[Refusal]] = {}
    asked = list(attempts.values())
    holders = _holders(process_id, [attempt.subject for attempt in asked], actor.role)
    for attempt in asked:
        pk = attempt.subject.pk
        mine = actor.role == SYSTEM or actor.organisation_id in holders.get(pk, set())
        if actor.role not in moves[pk].by or not mine:
            found[pk] = [Refusal(_("此动作由其他角色办理"))]
    by_guard: dict[str, list[Attempt]] = {}
    for attempt in asked:
        pk = attempt.subject.pk
        if pk in found:
            continue
        for name in moves[pk].guards:
            by_guard.setdefault(name, []).append(attempt)
        if moves[pk].documents:
            present = registry.documents_present[process_id](attempt.subject)
            for kind in set(moves[pk].documents) - present:
                title = engine.say(registry.document_titles.get(kind)) or kind
                found.setdefault(pk, []).append(Refusal(_("缺少文件：%(title)s") % {"title": title}))
        if moves[pk].reason and not attempt.reason.strip():
            found.setdefault(pk, []).append(Refusal(_("请写明理由")))
    for name, going in by_guard.items():
        for pk, refusals in _ask(name, going).items():
            found.setdefault(pk, []).extend(refusals)
    return found


def _ask(name: str, attempts: list[Attempt]) -> dict[int, list[Refusal]]:
    if name in registry.guards_many:
        return {pk: found for pk, found in registry.guards_many[name](attempts).items() if found}
    answers = {}
    for attempt in attempts:
        if answer := registry.guards[name](attempt):
            answers[attempt.subject.pk] = answer if isinstance(answer, list) else [answer]
    return answers


def _holders(process_id: str, subjects: list[Any], role: str) -> dict[int, set[int]]:
    if process_id in registry.many:
        return registry.many[process_id].holders_of(subjects, role)
    return {subject.pk: set(registry.holders[process_id](subject, role)) for subject in subjects}


def _mirror(process_id: str, subjects: list[Any], state: State) -> None:
    if process_id in registry.many:
        registry.many[process_id].on_state(subjects, state.key, state.stage)
        return
    for subject in subjects:
        registry.mirrors[process_id](subject, state.key, state.stage)


def _go(actor: Actor, process_id: str, move: Move, attempts: list[Attempt]) -> None:
    """Cases, history, deadlines, effects and mirrors of those that make this move."""
    now, label = timezone.now(), actor.label
    cases = [attempt.case for attempt in attempts]
    pks = [case.pk for case in cases]
    insert_many(
        [
            Step(
                case=case, event=move.event, source=case.state, target=move.target, at=now, actor_label=label,
                role=actor.role, reason=attempts[0].reason,
            )
            for case in cases
        ]
    )  # fmt: skip
    Case.objects.filter(pk__in=pks).update(state=move.target, since=now, revision=F("revision") + 1)
    for case in cases:
        case.state, case.since, case.revision = move.target, now, case.revision + 1
    Deadline.objects.filter(case__in=pks, closed_at__isnull=True).update(closed_at=now)
    Task.objects.filter(case__in=pks, closed_at__isnull=True).update(closed_at=now, closed_how="moved")
    for name in move.effects:
        if name in registry.effects_many:
            registry.effects_many[name](attempts)
        else:
            for attempt in attempts:
                registry.effects[name](attempt)
    process = load(process_id, cases[0].version)
    state = process.states[move.target]
    _mirror(process_id, [attempt.subject for attempt in attempts], state)
    if state.deadline or state.task:
        for attempt in attempts:
            engine._enter(attempt.case, state, attempt.subject)
