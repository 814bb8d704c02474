"""The pages of yearly monitoring open for those whom they concern, and for nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse
from freezegun import freeze_time

from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.programme.actions import monitoring
from jinchuanggu.programme.models import Plaque
from jinchuanggu.programme.monitoring.cases import case_of
from tests import factories
from tests.foundation.world import World
from tests.programme.test_monitoring_course import file, opened, scored, world  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P4")]


@freeze_time("2026-12-20 09:00+08:00")
def test_every_page_along_the_year(world: World) -> None:  # noqa: F811
    first, second = opened(world)
    office = world.actor(Role.PROVINCIAL_OFFICE)
    city, province = factories.client_of(world.actor(Role.CITY_OFFICE)), factories.client_of(office)
    stranger = factories.client_of(world.actor(Role.CITY_OFFICE, 1))
    for name, args in (("monitoring", []), ("monitoring_cycle", [2026]), ("monitoring_scheme", [2026]),
                       ("annual_report", [first.pk]), ("report_edit", [first.pk])):  # fmt: skip
        assert city.get(reverse(name, args=args)).status_code == 200, name
    assert stranger.get(reverse("annual_report", args=[first.pk])).status_code == 404
    assert stranger.get(reverse("report_edit", args=[first.pk])).status_code == 404
    file(world, first), file(world, second, 1)
    engine.fire(office, case_of(first), "begin_scoring")
    assert province.get(reverse("report_scores", args=[first.pk])).status_code == 200
    assert (
        b"\xe8\xaf\x84\xe4\xbb\xb7\xe5\xbe\x97\xe5\x88\x86" not in city.get(first.get_absolute_url()).content
    )
    monitoring.score(office, report_id=first.pk, criterion="tasks", points="5", reason="评议")
    engine.fire(office, case_of(first), "finish_scoring")
    scored(world, second)
    monitoring.publish_ranking(office, year=2026)
    assert province.get(reverse("report_decide", args=[first.pk])).status_code == 200
    due = [{"title": "补", "requirement": "补齐", "due_on": "2027-03-31"}]
    monitoring.decide(office, report_id=first.pk, outcome="rectify", reason="差", items=due)
    item = first.items.get()
    assert city.get(item.get_absolute_url()).status_code == 200
    assert stranger.get(item.get_absolute_url()).status_code == 404
    assert province.get(reverse("monitoring_cycle", args=[2026])).status_code == 200


@freeze_time("2026-12-20 09:00+08:00")
def test_a_revoked_plaque_says_so_to_the_public(world: World) -> None:  # noqa: F811
    plaque = Plaque.objects.order_by("pk")[0]
    Plaque.objects.filter(pk=plaque.pk).update(revoked_on="2026-12-20")
    page = factories.client_of().get(reverse("public_plaque"), {"number": plaque.number}).content.decode()
    assert "撤销" in page
    assert "编号有效" not in page
