"""The demo province as a whole: what it promises holds on the loaded data."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from jinchuanggu.demo import load
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.audit.seal import verify
from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.foundation.organisations.models import Organisation, Region
from jinchuanggu.foundation.workflow.definition import load as process
from jinchuanggu.foundation.workflow.models import Case, Step, Task
from jinchuanggu.indicators.models import Figure
from jinchuanggu.programme.cases import find_case
from jinchuanggu.programme.facts import judge as judge_of_its_day
from jinchuanggu.programme.judging import judge
from jinchuanggu.programme.models import Valley
from jinchuanggu.residents.models import Resident, Space

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: DjangoDbBlocker):
    """Loaded once for the module and taken away afterwards by rolling the whole transaction back."""
    from django.db import connection, transaction

    with django_db_blocker.unblock():
        with transaction.atomic():
            load.load_once()
            yield
            transaction.set_rollback(True)
        connection.close()


@pytest.mark.clause("L1", "C3")
def test_every_real_valley_is_there_with_published_facts_only(province: None) -> None:
    real = Valley.objects.filter(origin="real")
    assert real.count() == 12
    assert not any(find_case(valley) for valley in real)
    ids = set(real.values_list("pk", flat=True))
    figures = Figure.objects.filter(valley_id__in=ids)
    assert figures.count() > 50
    assert not figures.exclude(source_kind="published").exists()
    assert not figures.filter(source_title="").exists()
    assert not Resident.objects.filter(valley_id__in=ids).exists()
    assert not Space.objects.filter(valley_id__in=ids).exists()
    assert not Document.objects.filter(valley_id__in=ids).exists()


def test_nothing_invented_hangs_on_a_real_body(province: None) -> None:
    invented = Organisation.objects.filter(origin="simulated")
    assert invented.exists()
    assert not invented.filter(region__origin="real").exists()
    assert not Organisation.objects.filter(origin="real", memberships__isnull=False).exists()
    assert not Valley.objects.filter(origin="simulated", region__origin="real").exists()
    assert not Valley.objects.filter(origin="simulated", universities__origin="real").exists()


def test_the_eleven_cities_and_the_zone_carry_their_codes(province: None) -> None:
    cities = Region.objects.filter(level="city", origin="real")
    assert sorted(cities.values_list("code", flat=True)) == [f"14{n:02}00" for n in range(1, 12)]
    assert Region.objects.get(code="zonggai").stat_code == "140171"


def test_there_is_a_valley_in_every_state(province: None) -> None:
    states = set(Valley.objects.filter(origin="simulated").values_list("state", flat=True))
    assert states == set(process("valley").states)


def test_the_story_has_its_turns(province: None) -> None:
    assert Step.objects.filter(event="return_plan").exists()
    failed = Valley.objects.get(state="rectifying", origin="simulated")
    short = [c["id"] for c in judge(failed)["criteria"] if c["status"] != "met"]
    assert short == ["full_time_staff"]
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert Task.objects.filter(closed_at__isnull=True, due_on=tomorrow).exists()


@pytest.mark.clause("C3")
def test_datong_is_judged_by_the_rules_of_its_day(province: None) -> None:
    assert judge_of_its_day(Valley.objects.get(name="晋创谷·大同")).verdict.value == "not_applicable"


def test_yangquan_and_shuozhou_are_judged_on_their_published_figures(province: None) -> None:
    for name, met in (("晋创谷·阳泉", {"planned_area", "residents"}),
                      ("晋创谷·朔州", {"planned_area", "startup_office", "standard_plants"})):  # fmt: skip
        result = judge(Valley.objects.get(name=name))
        assert result["verdict"] == "not_evidenced"
        assert met <= {c["id"] for c in result["criteria"] if c["status"] == "met"}
        assert not [c["id"] for c in result["criteria"] if c["status"] == "not_met"]


@pytest.mark.clause("X2")
def test_the_history_of_the_stories_is_sealed_and_complete(province: None) -> None:
    found = verify()
    assert found.intact, found
    assert found.count > 1000
    batched: Counter[tuple[str, int]] = Counter()
    for event in AuditEvent.objects.filter(detail__has_key="ids"):
        name, _dot, deed = event.verb.partition(".")
        if any(deed == move.event for move in process(name).moves):  # opening them is no step between states
            batched.update((name, pk) for pk in event.detail["ids"])
    for case in Case.objects.select_related("subject_type").prefetch_related("steps"):
        steps = list(case.steps.all())
        assert steps[0].event == "start"
        assert all(a.target == b.source for a, b in itertools.pairwise(steps))
        assert steps[-1].target == case.state
        label = case.subject_type.model_class()._meta.label_lower
        moved = AuditEvent.objects.filter(
            target_type=label, target_id=str(case.subject_id), verb__startswith=f"{case.process}.", detail__has_key="to",
        ).count()  # fmt: skip
        moved += batched.get((case.process, case.subject_id), 0)
        assert moved == len(steps) - 1, case


def test_grants_stand_in_every_state_and_their_books_add_up(province: None) -> None:
    from tests.policies.grants import check_books

    from jinchuanggu.foundation.workflow.definition import load as process
    from jinchuanggu.policies.models import GrantApplication

    told = set(GrantApplication.objects.values_list("state", flat=True))
    assert set(process("grant").states) - told <= {"opened"}
    assert set(GrantApplication.objects.values_list("origin", flat=True)) == {"simulated"}
    check_books()


def test_the_queues_of_the_demo_accounts_are_not_empty(province: None) -> None:
    from jinchuanggu.policies.models import GrantApplication
    from jinchuanggu.residents.models import Appeal

    def bodies(account: str):
        return Organisation.objects.filter(memberships__person__user__username=account)

    own = Valley.objects.filter(operator__in=bodies("operator"))
    assert GrantApplication.objects.filter(state="checking", valley_checked__in=own).exists()
    for account in ("office", "city"):
        assert Appeal.objects.filter(unit__in=bodies(account), answered_at__isnull=True).exists()


def test_every_account_can_be_entered_once_loaded_again_changes_nothing(province: None) -> None:
    before = AuditEvent.objects.count()
    assert load.load_once() is False
    assert AuditEvent.objects.count() == before


def test_nobody_moves_in_before_building_began_or_after_today(province: None) -> None:
    began = dict(Valley.objects.filter(building_since__isnull=False).values_list("pk", "building_since"))
    residents = list(Resident.objects.values_list("valley_id", "entered_on"))
    assert residents
    assert all(began[valley] <= entered <= timezone.localdate() for valley, entered in residents)
