"""The draw on the records: commit, draw, replace; a conflicted expert can never be drawn."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinchuanggu.foundation.audit.models import AuditEvent, ChainHead
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.programme.actions import draw
from jinchuanggu.programme.assessment_view import draw_of
from jinchuanggu.programme.conflicts import conflicts_of
from jinchuanggu.programme.models import Assessor, Conflict, DrawSecret, Expert
from jinchuanggu.programme.pool import select
from jinchuanggu.programme.schemes.loading import scheme
from tests import factories
from tests.programme.course import PANEL, add_expert, assessing, course, drawn

pytestmark = pytest.mark.django_db


@pytest.mark.clause("P3")
def test_commit_publishes_pool_and_hash_but_neither_names_nor_the_secret() -> None:
    made = assessing()
    found = draw.commit(made.office, pk=made.assessment.pk)
    secret = DrawSecret.objects.get(assessment=found).secret
    assert found.commitment == hashlib.sha256(secret.encode()).hexdigest()
    assert {tuple(sorted(entry)) for entry in found.pool} == {("category", "code")}
    assert len(found.pool) == sum(PANEL.values()) + 2 * len(PANEL)
    written = json.dumps(list(AuditEvent.objects.values("changes", "detail")), default=str)
    assert secret not in written
    with pytest.raises(ValidationError, match="不能重新承诺"):
        draw.commit(made.office, pk=found.pk)


@pytest.mark.clause("P3", "X2")
def test_anybody_can_redo_the_draw_from_what_is_published() -> None:
    made = assessing()
    draw.commit(made.office, pk=made.assessment.pk)
    head = ChainHead.objects.get().digest
    found = draw.draw(made.office, pk=made.assessment.pk)
    secret, chain, public = found.seed.split("|")
    assert (chain, public) == (head, "")
    assert hashlib.sha256(secret.encode()).hexdigest() == found.commitment
    order = sorted(found.pool, key=lambda e: hashlib.sha256(f"{found.seed}|{e['code']}".encode()).hexdigest())
    free, seated = dict(PANEL), []
    for entry in order:
        if free[entry["category"]] > 0:
            free[entry["category"]] -= 1
            seated.append(entry["code"])
    assert list(found.assessors.values_list("code", flat=True)) == seated
    shown = draw_of(found)
    assert shown["agrees"]
    assert shown["opens"]


def test_a_tampered_seat_shows_in_the_recomputation() -> None:
    made = drawn()
    seat = made.assessment.assessors.first()
    outside = {entry["code"] for entry in made.assessment.pool} - set(
        made.assessment.assessors.values_list("code", flat=True)
    )
    Assessor.objects.filter(pk=seat.pk).update(code=outside.pop())
    assert not draw_of(made.assessment)["agrees"]


def test_draw_once_and_only_after_the_commitment() -> None:
    made = assessing()
    with pytest.raises(ValidationError, match="先公布种子承诺"):
        draw.draw(made.office, pk=made.assessment.pk)
    draw.commit(made.office, pk=made.assessment.pk)
    draw.draw(made.office, pk=made.assessment.pk)
    with pytest.raises(ValidationError, match="不能重抽"):
        draw.draw(made.office, pk=made.assessment.pk)
    assert made.assessment.assessors.count() == scheme().seats


def test_an_announced_public_fact_must_be_given_and_enters_the_seed() -> None:
    made = assessing()
    draw.commit(made.office, pk=made.assessment.pk, public_fact="次日双色球开奖号码")
    with pytest.raises(ValidationError) as problem:
        draw.draw(made.office, pk=made.assessment.pk)
    assert "public_value" in problem.value.message_dict
    found = draw.draw(made.office, pk=made.assessment.pk, public_value="01 02 03")
    assert found.seed.endswith("|01 02 03")


def test_a_secret_that_does_not_open_the_commitment_stops_the_draw() -> None:
    made = assessing()
    draw.commit(made.office, pk=made.assessment.pk)
    DrawSecret.objects.update(secret="f" * 64)
    with pytest.raises(ValidationError, match="种子与承诺不符"):
        draw.draw(made.office, pk=made.assessment.pk)


def test_only_the_provincial_office_draws() -> None:
    made = assessing()
    auditor = factories.actor(Role.AUDITOR, factories.organisation("platform", where=factories.province()))
    for actor in (made.city, made.government, auditor, next(iter(made.experts.values()))):
        with pytest.raises(Http404):
            draw.commit(actor, pk=made.assessment.pk)


def conflicted(made, how: str) -> Expert:
    """A technical expert in conflict with the valley in the given way."""
    valley = made.valley
    university, zone = valley.universities.get(), valley.zones.get()
    employer = {
        "university": university,
        "operator": valley.operator,
        "zone": zone,
        "college": factories.organisation(
            "institute", "示例大学材料学院", where=factories.province(), parent=university
        ),
        "region": factories.organisation("enterprise", "阳泉示例企业", where=valley.region),
    }.get(how)
    actor = add_expert(made, "technical", employer)
    expert = Expert.objects.get(person_id=actor.person_id)
    if how == "hat":
        factories.hat(Role.UNIVERSITY, university, expert.person)
    elif how == "declared":
        Conflict.objects.create(expert=expert, organisation=zone, note="配偶任职", declared_on="2026-01-01")
    elif how == "cooperation":
        expert.cooperated_with.add(valley.operator)
    return expert


KINDS = {
    "university": "same_organisation", "operator": "same_organisation", "zone": "same_organisation",
    "college": "same_organisation", "hat": "same_organisation", "region": "same_region", "declared": "declared",
    "cooperation": "cooperation",
}  # fmt: skip


@pytest.mark.parametrize(("how", "kind"), KINDS.items())
@pytest.mark.clause("P3")
def test_every_kind_of_conflict_is_found_and_named(how: str, kind: str) -> None:
    made = course()
    expert = conflicted(made, how)
    assert kind in {found.kind for found in conflicts_of(made.valley)[expert.pk]}
    selection = select(made.valley, scheme())
    assert expert not in selection.free
    assert expert in [candidate.expert for candidate in selection.excluded]


def test_residents_are_in_the_circle_of_interest() -> None:
    from django.utils import timezone

    from jinchuanggu.residents.models import Resident

    made = course()
    firm = factories.organisation("enterprise", "入驻企业", where=factories.province())
    Resident.objects.create(
        valley_id=made.valley.pk, organisation=firm, kind="enterprise", entered_on=timezone.localdate()
    )
    actor = add_expert(made, "finance", firm)
    expert = Expert.objects.get(person_id=actor.person_id)
    assert [found.kind for found in conflicts_of(made.valley)[expert.pk]] == ["same_organisation"]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ways=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=3), late=st.booleans())
@pytest.mark.clause("P3")
def test_a_conflicted_expert_is_never_drawn(ways: list[str], late: bool) -> None:
    """Whether the conflict was there before the pool was fixed or arose between commitment and draw."""
    from django.db import transaction

    with transaction.atomic():
        made = assessing()
        if late:
            draw.commit(made.office, pk=made.assessment.pk)
            bank = list(Expert.objects.filter(pk__in=made.experts, category="technical"))
            victims = bank[: len(ways)][:2]
            for expert in victims:
                expert.cooperated_with.add(made.valley.operator)
        else:
            victims = [conflicted(made, how) for how in ways]
            draw.commit(made.office, pk=made.assessment.pk)
        draw.draw(made.office, pk=made.assessment.pk)
        drawn_ones = set(Assessor.objects.values_list("expert_id", flat=True))
        assert not drawn_ones & {expert.pk for expert in victims}
        if late:
            assert {item["kind"] for item in made.assessment.skipped} == {"cooperation"}
        assert draw_of(made.assessment)["agrees"]
        transaction.set_rollback(True)


def test_too_small_a_pool_is_refused_with_the_category() -> None:
    made = assessing()
    Expert.objects.filter(category="finance").update(active=False)
    with pytest.raises(ValidationError, match="财务类可抽专家 0 人，需要 1 人"):
        draw.commit(made.office, pk=made.assessment.pk)


def test_excused_is_followed_by_the_next_in_the_published_order() -> None:
    made = drawn()
    seat = made.assessment.assessors.get(order=1)
    with pytest.raises(ValidationError):
        draw.excuse(made.office, pk=seat.pk, reason=" ")
    following = draw.excuse(made.office, pk=seat.pk, reason="出国")
    assert following is not None
    assert following.expert.category == seat.expert.category
    assert following.order == scheme().seats + 1
    assert draw_of(made.assessment)["agrees"]
    with pytest.raises(ValidationError, match="已经回避"):
        draw.excuse(made.office, pk=seat.pk, reason="出国")


def test_the_order_can_run_dry() -> None:
    made = drawn()
    seats = made.assessment.assessors.filter(expert__category="finance")
    assert draw.excuse(made.office, pk=seats.get().pk, reason="请假") is not None
    assert draw.excuse(made.office, pk=seats.get(excused_at__isnull=True).pk, reason="请假") is not None
    assert draw.excuse(made.office, pk=seats.get(excused_at__isnull=True).pk, reason="请假") is None
