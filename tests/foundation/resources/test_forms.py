"""Create and edit: nobody reaches beyond their scope, nothing typed is lost, two editors see each other."""

from __future__ import annotations

import pytest

from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.programme.models import Expert
from jinchuanggu.residents.models import Resident, Space
from tests.foundation import world

pytestmark = pytest.mark.django_db


def _space(made: world.World, city: int = 0, **changes: object) -> dict[str, object]:
    return {
        "name": "二号楼", "valley_id": made.valleys[city].pk, "kind": "office", "area_m2": "80.5", "startup_zone": "true",
        "completed_on": "2025-05-01", **changes,
    }  # fmt: skip


def test_a_record_is_made_and_written_to_the_history() -> None:
    made = world.build()
    client = made.client(Role.OPERATOR)
    response = client.post("/r/spaces/new", {**_space(made), "token": "t-1"}, follow=True)
    space = Space.objects.get(name="二号楼")
    assert response.redirect_chain[-1][0] == f"/r/spaces/{space.pk}/"
    assert AuditEvent.objects.get(verb="spaces.create").target_id == str(space.pk)
    assert space.origin == "simulated"


def test_the_same_form_sent_twice_makes_one_record() -> None:
    made = world.build()
    client = made.client(Role.OPERATOR)
    for _turn in range(2):
        response = client.post("/r/spaces/new", {**_space(made), "token": "t-1"}, follow=True)
        assert response.status_code == 200
    assert Space.objects.filter(name="二号楼").count() == 1


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.CITY_OFFICE])
def test_nobody_creates_in_another_valley(role: str) -> None:
    made = world.build()
    client = made.client(role)
    response = client.post("/r/spaces/new", _space(made, city=1))
    assert response.status_code == 422
    assert "valley_id" in response.context["form"].errors
    firm = {"organisation": made.firms[0].pk, "kind": "enterprise", "entered_on": "2026-01-01", "start_up": "true",
            "sci_tech": "true", "valley_id": made.valleys[1].pk}  # fmt: skip
    before = Resident.objects.count()
    assert client.post("/r/residents/new", firm).status_code == 422
    assert Resident.objects.count() == before


def test_an_id_smuggled_past_the_form_is_a_miss() -> None:
    from django.http import Http404

    from jinchuanggu.foundation.resources import actions
    from jinchuanggu.foundation.resources.registry import resources

    made = world.build()
    values = {
        "name": "x",
        "valley_id": made.valleys[1].pk,
        "kind": "office",
        "area_m2": 1,
        "startup_zone": True,
    }
    with pytest.raises(Http404):
        actions.create(made.actor(Role.OPERATOR), resource=resources["spaces"], values=values)
    own = Space.objects.get(name="甲市一号楼")
    with pytest.raises(Http404):
        actions.update(
            made.actor(Role.OPERATOR),
            resource=resources["spaces"],
            pk=own.pk,
            values={"valley_id": made.valleys[1].pk},
        )
    assert Space.objects.get(pk=own.pk).valley_id == made.valleys[0].pk


def test_every_error_stands_at_its_field_and_what_was_typed_stays() -> None:
    made = world.build()
    response = made.client(Role.OPERATOR).post(
        "/r/spaces/new", _space(made, area_m2="-4", kind="x", completed_on="某日")
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"kind", "completed_on"}
    assert "有 2 处需要更正" in page
    assert 'value="二号楼"' in page
    response = made.client(Role.OPERATOR).post("/r/spaces/new", _space(made, area_m2="-4"))
    assert response.context["form"].errors["area_m2"] == ["面积应大于 0"]


def test_two_editors_see_both_versions_and_nothing_is_overwritten_unseen() -> None:
    made = world.build()
    client, pk = made.client(Role.OPERATOR), Space.objects.get(name="甲市一号楼").pk
    seen = client.get(f"/r/spaces/{pk}/edit").context["seen"]
    made.client(Role.CITY_OFFICE).post(
        f"/r/spaces/{pk}/edit", {**_space(made, name="甲市一号楼", area_m2="999"), "seen": seen}
    )
    assert Space.objects.get(pk=pk).area_m2 == 999
    response = client.post(
        f"/r/spaces/{pk}/edit", {**_space(made, name="甲市一号楼", area_m2="1000"), "seen": seen}
    )
    assert response.status_code == 409
    assert ("面积（m²）", "999", "1,000") in response.context["conflict"]
    assert Space.objects.get(pk=pk).area_m2 == 999
    response = client.post(
        f"/r/spaces/{pk}/edit",
        {**_space(made, name="甲市一号楼", area_m2="1000"), "seen": response.context["seen"]}, follow=True,
    )  # fmt: skip
    assert response.status_code == 200
    assert Space.objects.get(pk=pk).area_m2 == 1000
    entries = client.get(f"/r/spaces/{pk}/history").context["past"]
    assert [(c.label, c.old, c.new) for c in entries[0].changes] == [("面积（m²）", "999", "1,000")]


def test_saving_without_a_change_writes_no_event() -> None:
    made = world.build()
    client, space = made.client(Role.OPERATOR), Space.objects.get(name="甲市一号楼")
    before = AuditEvent.objects.count()
    form = {**_space(made, name=space.name, area_m2="1200.5", completed_on=""), "seen": client.get(
        f"/r/spaces/{space.pk}/edit").context["seen"]}  # fmt: skip
    assert client.post(f"/r/spaces/{space.pk}/edit", form).status_code == 302
    assert AuditEvent.objects.count() == before


def test_a_simulated_record_is_not_hung_on_a_real_body() -> None:
    made = world.build()
    real = Organisation.objects.create(
        name="真实企业", kind="enterprise", region=made.cities[0], origin="real"
    )
    form = {"organisation": real.pk, "kind": "enterprise", "entered_on": "2026-01-01", "start_up": "true", "sci_tech": "true",
            "valley_id": made.valleys[0].pk}  # fmt: skip
    response = made.client(Role.OPERATOR).post("/r/residents/new", form)
    assert response.status_code == 422
    assert "模拟数据不能挂在真实单位名下" in str(response.context["form"].errors)


def test_past_cooperation_of_an_expert_is_kept_by_name() -> None:
    made = world.build()
    expert = Expert.objects.first()
    client = made.client(Role.PROVINCIAL_OFFICE)
    page = client.get(f"/r/experts/{expert.pk}/edit")
    form = {"person": page.context["form"]["person"].value() or expert.person_id, "category": "finance", "fields": "新材料；煤化工",
            "active": "true", "cooperated_with": f"{made.firms[0].name}\n{made.firms[1].name}", "seen": page.context["seen"]}  # fmt: skip
    assert client.post(f"/r/experts/{expert.pk}/edit", form).status_code == 302
    expert.refresh_from_db()
    assert set(expert.cooperated_with.all()) == set(made.firms)
    assert expert.fields == ["新材料", "煤化工"]


def test_suggestions_come_from_the_actors_options_only() -> None:
    made = world.build()
    shown = made.client(Role.OPERATOR).get("/r/residents/options/organisation?q=市企业").content.decode()
    assert made.firms[0].name in shown
    assert made.firms[1].name not in shown
    assert made.client(Role.OPERATOR).get("/r/residents/options/nothing?q=x").status_code == 404
    assert (
        made.client(Role.PROVINCIAL_GOVERNMENT).get("/r/residents/options/organisation?q=x").status_code
        == 403
    )


def test_an_administrator_hands_out_hats_and_nobody_else_sees_them() -> None:
    made = world.build()
    for role in Role.values:
        status = made.client(role).get("/r/memberships/").status_code
        assert status == (200 if role in {Role.ADMIN, Role.AUDITOR} else 403)
