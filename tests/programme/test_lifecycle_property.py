"""Random actors try random moves, legal and illegal: only what the process file allows ever happens, and
all of it shows.
"""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinchuanggu.foundation.access.actor import SYSTEM, Actor
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.workflow import engine, registry
from jinchuanggu.foundation.workflow.definition import load
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.foundation.workflow.models import Deadline, Task
from jinchuanggu.programme.actions import argument, consultation
from jinchuanggu.programme.cases import case_of
from jinchuanggu.programme.models import Valley
from jinchuanggu.programme.plan_data import plan_data
from tests import factories

PROCESS = load("valley")
EVENTS = [*sorted({move.event for move in PROCESS.moves}), "no_such_move"]
WHO = ["city", "government", "office", "province", "stranger", "unit", "expert", "public"]
BY_ROLE = {
    "city_office": "city",
    "city_government": "government",
    "provincial_office": "office",
    "provincial_government": "province",
}
# what a willing participant does between moves, so that walks get far
HELP = ["plan", "session", "opinions", "minutes", "consult", "answers", "breakage"]
EXAMPLES = 40


class World:
    """One valley and everybody who may or may not have a say in it."""

    def __init__(self, kind: str) -> None:
        elsewhere = factories.region("140400", "长治市")
        self.actors: dict[str, Actor] = {
            "city": factories.city_office(),
            "government": factories.city_government(),
            "office": factories.provincial_office(),
            "province": factories.provincial_government(),
            "stranger": factories.city_office(elsewhere),
            "unit": factories.member_unit(),
            "expert": factories.expert()[1],
            "public": Actor(),
        }
        self.valley = factories.valley(self.actors["city"], kind=kind)
        self.kind = kind
        self.experts: list[Actor] = []
        self.expected = ["start"]

    def help(self, what: str) -> None:
        """Do one useful thing if it can be done now; refusals are fine."""
        city, valley = self.actors["city"], self.valley
        valley.refresh_from_db()
        try:
            getattr(self, f"_{what}")(city, valley)
        except Exception as error:
            if type(error).__name__ not in {"ValidationError", "Http404", "Refused"}:
                raise

    def _plan(self, city: Actor, valley: Valley) -> None:
        factories.complete_plan(valley)

    def _session(self, city: Actor, valley: Valley) -> None:
        self.experts = factories.planned_session(city, valley)

    def _opinions(self, city: Actor, valley: Valley) -> None:
        for one in self.experts:
            for opinion in argument.my_opinions(one).filter(session__concluded_at__isnull=True):
                argument.give_expert_opinion(
                    one, opinion_id=opinion.pk, verdict="pass", text="同意通过论证。"
                )

    def _minutes(self, city: Actor, valley: Valley) -> None:
        argument.write_minutes(
            city, valley_id=valley.pk, minutes="专家组审阅方案并形成一致意见，同意通过论证。"
        )

    def _consult(self, city: Actor, valley: Valley) -> None:
        unit = self.actors["unit"]
        for opinion in consultation.my_opinions(unit).filter(consultation__closed_at__isnull=True):
            consultation.give_opinion(unit, opinion_id=opinion.pk, stand="suggest", text="建议补充测算依据。")

    def _answers(self, city: Actor, valley: Valley) -> None:
        round_ = valley.consultations.first()
        for opinion in round_.opinions.filter(given_at__isnull=False) if round_ else []:
            consultation.answer_opinion(
                city, valley_id=valley.pk, opinion_id=opinion.pk, adopted=True, answer="已按意见补充。"
            )

    def _breakage(self, city: Actor, valley: Valley) -> None:
        """Something the plan needs goes missing."""
        valley.universities.clear()

    def attempt(self, who: str, event: str, *, reason: str, revision: int | None) -> None:
        """One try. It must succeed exactly when table, role and scope allow it and no guard objects."""
        actor, case = self.actors[who], case_of(self.valley)
        before, revision_before = case.state, case.revision
        move = PROCESS.move(before, event, self.kind)
        subject = Valley.objects.get(pk=self.valley.pk)
        may = (
            move is not None
            and actor.role in move.by
            and actor.role != SYSTEM
            and actor.organisation_id in registry.holders["valley"](subject, actor.role)
        )
        payload: dict[str, Any] = {}
        if event == "open_consultation":
            due = timezone.localdate() + timedelta(days=5)
            payload = {"units": [self.actors["unit"].organisation_id], "due_on": due}
        tasks = set(Task.objects.values_list("pk", "closed_at"))
        events = AuditEvent.objects.count()
        try:
            engine.fire(actor, case, event, reason=reason, revision=revision, payload=payload)
        except Refused as refused:
            if not refused.refusals:
                raise AssertionError("a refusal says why") from refused
            case.refresh_from_db()
            assert (case.state, case.revision) == (before, revision_before), "a refused move changes nothing"
            assert set(Task.objects.values_list("pk", "closed_at")) == tasks
            assert AuditEvent.objects.count() == events
            return
        assert may, f"{who} made {event} from {before}"
        assert move is not None
        assert not move.reason or reason.strip()
        assert revision in (None, revision_before)
        case.refresh_from_db()
        assert case.state == move.target
        assert case.revision == revision_before + 1
        self.expected.append(event)

    def by_the_book(self, choice: int) -> None:
        """A move that the table has from here, by the one whose move it is; guards may still object."""
        moves = PROCESS.moves_from(case_of(self.valley).state, self.kind)
        if moves:
            move = moves[choice % len(moves)]
            self.attempt(BY_ROLE[move.by[0]], move.event, reason="理由充分", revision=None)

    def check(self) -> None:
        """History complete, mirror true, one open task for each holder, at most one open deadline."""
        case = case_of(self.valley)
        steps = list(case.steps.all())
        assert [step.event for step in steps] == self.expected
        assert steps[0].target == PROCESS.initial
        for before, after in itertools.pairwise(steps):
            assert after.source == before.target, "no gap in the history"
        assert steps[-1].target == case.state
        sealed = AuditEvent.objects.filter(
            target_type="programme.valley", target_id=str(self.valley.pk), verb__startswith="valley."
        )
        verbs = [
            verb.removeprefix("valley.") for verb in sealed.order_by("number").values_list("verb", flat=True)
        ]
        assert [verb for verb in verbs if verb in EVENTS] == self.expected[1:], "every move is in the audit"
        valley = Valley.objects.get(pk=self.valley.pk)
        state = PROCESS.states[case.state]
        assert (valley.state, valley.stage) == (state.key, state.stage)
        open_tasks = Task.objects.filter(case=case, closed_at__isnull=True)
        holders = registry.holders["valley"](valley, state.holder) if state.holder and state.task else []
        assert sorted(open_tasks.values_list("organisation_id", flat=True)) == sorted(holders)
        assert Deadline.objects.filter(case=case, closed_at__isnull=True).count() == (
            1 if state.deadline else 0
        )
        assert not state.variants or self.kind in state.variants


STEP = st.one_of(
    st.tuples(st.just("legal"), st.integers(0, 7)),
    st.tuples(st.just("help"), st.sampled_from(HELP)),
    st.tuples(
        st.just("move"),
        st.sampled_from(WHO),
        st.sampled_from(EVENTS),
        st.sampled_from(["", "  ", "理由充分"]),
        st.sampled_from([None, None, -1]),
    ),
)
# likely next moves, so that half of the walk goes forward
FORWARD = {
    "drafting": ("city", "submit_argument"),
    "returned": ("city", "submit_argument"),
    "arguing": ("city", "conclude_argument"),
    "argued": ("government", "file"),
    "filed": ("office", "open_consultation"),
    "consulting": ("office", "send_opinions"),
    "answering": ("city", "answer"),
    "deciding": ("office", "accept"),
    "preparing": ("city", "begin"),
    "withdrawn": ("city", "reopen"),
}


@pytest.mark.django_db
@pytest.mark.slow
def test_no_illegal_move_passes_and_nothing_is_lost() -> None:
    reached: set[str] = set()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(
        kind=st.sampled_from(["regional", "specialised"]),
        steps=st.lists(STEP, min_size=4, max_size=24),
        eager=st.booleans(),
    )
    def walk(kind: str, steps: list[tuple[Any, ...]], eager: bool) -> None:
        world = World(kind)
        for step in steps:
            if step[0] == "help":
                world.help(step[1])
            elif step[0] == "legal":
                world.by_the_book(step[1])
            else:
                _, who, event, reason, shift = step
                revision = None if shift is None else case_of(world.valley).revision + shift
                world.attempt(who, event, reason=reason, revision=revision)
            if eager:
                _go_on(world)
            reached.add(case_of(world.valley).state)
        world.check()

    walk()
    _verify_chain()
    assert {"drafting", "arguing", "argued", "filed", "consulting", "withdrawn"} <= reached, reached


def _go_on(world: World) -> None:
    """Prepare and try the likely next move, so that walks get past the first state."""
    state = case_of(world.valley).state
    if state not in FORWARD:
        return
    for what in {
        "drafting": ["plan", "session"],
        "returned": ["plan", "session"],
        "arguing": ["opinions", "minutes"],
        "consulting": ["consult"],
        "answering": ["answers"],
    }.get(state, []):
        world.help(what)
    who, event = FORWARD[state]
    world.attempt(who, event, reason="理由充分", revision=None)


def _verify_chain() -> None:
    from jinchuanggu.foundation.audit import seal

    found = seal.verify()
    assert found.broken is None, found.why
    assert found.count == AuditEvent.objects.count()


def test_every_guard_and_effect_of_the_process_is_there() -> None:
    for move in PROCESS.moves:
        assert set(move.guards) <= set(registry.guards), move.event
        assert set(move.effects) <= set(registry.effects), move.event
        for kind in move.documents:
            assert plan_data().paper(kind), kind


def test_no_state_is_a_trap() -> None:
    """From everywhere somebody can go on, except where the course has ended; and every state can be
    reached.
    """
    for kind in sorted(PROCESS.variants):
        seen, waiting = {PROCESS.initial}, [PROCESS.initial]
        while waiting:
            for move in PROCESS.moves_from(waiting.pop(), kind):
                if move.target not in seen:
                    seen.add(move.target)
                    waiting.append(move.target)
        states = {state.key for state in PROCESS.states_of(kind)}
        assert seen == states
        for state in states - {"revoked"}:
            assert PROCESS.moves_from(state, kind), state
