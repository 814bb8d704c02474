"""The stories of the simulated valleys, told by the product's own actions: every step has its guard, letter and seal.

A story is a generator: it yields the moment of its next step and then does it. The teller runs all stories in one order
of time, so that the audit chain reads like two years of work.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import cycle
from typing import Any

from django.utils import timezone

from jinchuanggu.demo import story_steps as steps
from jinchuanggu.demo.pace import Pace
from jinchuanggu.demo.simulated_types import SimValley
from jinchuanggu.demo.world import World
from jinchuanggu.foundation.codes.working_days import add_working_days
from jinchuanggu.foundation.workflow.definition import load

Step = tuple[int, Callable[[], Any]]
Story = Iterator[datetime]

# (days before the plan's acceptance, step)
PLAN = (
    (118, steps.create), (112, steps.papers), (100, steps.write_plan), (84, steps.plan_session), (83, steps.submit),
    (72, steps.experts_speak), (66, steps.conclude), (58, steps.file), (54, steps.consult), (46, steps.units_speak),
    (38, steps.send_opinions), (28, steps.answer), (14, steps.accept),
)  # fmt: skip
BUILD = ((0, steps.begin), (-6, steps.milestones), (-9, steps.records))
# (days before the end of the story, step)
RECOGNITION = (
    (96, steps.figures), (90, steps.apply), (84, steps.open_assessment), (80, steps.commit), (78, steps.draw),
    (70, steps.scores), (66, steps.visits), (58, steps.conclude_assessment), (46, steps.approve), (37, steps.award),
)  # fmt: skip

PLAQUED_BEFORE = 450
"""Days ago that the valley revoked since got its plaque."""

# how far a valley in each state has come: the last step done
LAST: dict[str, Callable[..., Any]] = {
    "drafting": steps.papers, "arguing": steps.submit, "argued": steps.conclude, "filed": steps.file,
    "consulting": steps.consult, "returned": steps.return_plan, "answering": steps.send_opinions,
    "deciding": steps.answer, "preparing": steps.accept, "building": steps.figures, "applied": steps.apply,
    "assessing": steps.draw, "rectifying": steps.conclude_assessment, "approving": steps.conclude_assessment,
    "noticing": steps.approve, "objecting": steps.object, "plaqued": steps.award, "revoked": steps.award, "withdrawn": steps.withdraw,
}  # fmt: skip


def tell(world: World, pace: Pace, *others: Story) -> None:
    """Run every story, those of the valleys and others, in the order of time, then come back to now."""
    now = pace.moment
    in_order([*(_story(world, row, now, pace) for row in world.data.valleys.values()), *others], pace)
    pace.moment = now


def in_order(told: Sequence[Story], pace: Pace) -> None:
    """Step by step whichever story is next; the clock never goes back, so the audit chain is in order of time."""
    queue: list[tuple[datetime, int, Story]] = []
    for number, story in enumerate(told):
        heapq.heappush(queue, (next(story), number, story))
    reached: datetime | None = None
    while queue:
        moment, number, story = heapq.heappop(queue)
        pace.moment = moment if reached is None else max(moment, reached)
        following = next(story, None)
        reached = pace.moment
        if following is not None:
            heapq.heappush(queue, (max(following, moment + timedelta(minutes=30)), number, story))


def _story(world: World, row: SimValley, now: datetime, pace: Pace) -> Story:
    hours = cycle((9, 10, 14, 15, 16, 11))
    for days, step in schedule(row, now):
        day = (now - timedelta(days=days)).date()
        moment = timezone.make_aware(datetime.combine(day, time(next(hours), 7)))
        yield min(moment, now - timedelta(hours=1))
        step(world, row)


def schedule(row: SimValley, now: datetime) -> list[tuple[int, Callable[..., Any]]]:
    """`(days ago, step)` in order, up to the last step of the valley's state."""
    last = LAST[row.state]
    told: list[tuple[int, Callable[..., Any]]] = []
    if row.building_since is not None:
        begun = -row.building_since
        told += [(begun + days, step) for days, step in PLAN if step is not steps.accept]
        accepted = begun if row.kind == "specialised" else begun + 14
        told.append((accepted, steps.accept))
        told += [
            (begun + days, step) for days, step in BUILD if row.kind == "regional" or step is not steps.begin
        ]
        if row.state == "building":
            return [*told, (20, steps.figures)]
        end = _entered(row, now)
        course = list(RECOGNITION)
        cut = next(
            i
            for i, (_, step) in enumerate(course)
            if step is (steps.approve if last is steps.object else last)
        )
        course = course[: cut + 1]
        shift = end + (3 if last is steps.object else 0) - course[-1][0]
        told += [(days + shift, step) for days, step in course]
        if last is steps.object:
            told.append((end, steps.object))
        if row.state == "assessing":
            told.append((3, steps.some_scores))
        return told
    course = list(PLAN)
    if last in (steps.return_plan, steps.withdraw):
        course = [*course[:9], (46, last)]
    else:
        cut = next(i for i, (_, step) in enumerate(course) if step is last)
        course = course[: cut + 1]
    shift = _entered(row, now) - course[-1][0]
    told = [(days + shift, step) for days, step in course]
    if row.state == "arguing":
        told.append((1, steps.some_experts_speak))
    if row.state == "consulting":
        told.append((2, steps.some_units_speak))
    return told


def _entered(row: SimValley, now: datetime) -> int:
    """Days ago that the state was entered, so that its deadline falls on the day the story wants."""
    if row.state == "revoked":  # the plaque came long before: yearly monitoring took it away (`monitoring.py`)
        return PLAQUED_BEFORE
    rule = load("valley").states[row.state].deadline
    if row.deadline is None or rule is None:
        return 12
    today = timezone.localdate(now)
    wanted = today + timedelta(days=row.deadline)
    for days in range(200):
        start = today - timedelta(days=days)
        due = add_working_days(start, rule.days).day if rule.working else start + timedelta(days=rule.days)
        if due <= wanted:
            return days
    return 12
