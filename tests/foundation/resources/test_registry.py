"""What holds for every declared resource and every role: what a list shows opens, nothing else does."""

from __future__ import annotations

import pytest

from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.resources.registry import resources
from tests.foundation import world

pytestmark = pytest.mark.django_db
PAIRS = [(name, role) for name in resources for role in Role.values]


def _listed(client, name: str) -> set[int] | None:
    response = client.get(f"/r/{name}/")
    if response.status_code == 403:
        return None
    assert response.status_code == 200
    return {row["pk"] for row in response.context["listing"].table}


def _sample(resource, reached: set[int], many: int = 4) -> list[int]:
    """Some rows within reach and some beyond it."""
    every = set(resource.model._default_manager.values_list("pk", flat=True))
    return [*sorted(reached)[:many], *sorted(every - reached)[:many]]


@pytest.mark.parametrize(("name", "role"), PAIRS)
def test_what_the_list_shows_is_what_opens(name: str, role: str) -> None:
    made = world.build()
    client, resource = made.client(role), resources[name]
    listed = _listed(client, name)
    for number, pk in enumerate(_sample(resource, listed or set(), many=1 if listed is None else 3)):
        status = client.get(f"/r/{name}/{pk}/").status_code
        if number == 0:
            assert client.get(f"/r/{name}/{pk}/history").status_code == status
        if listed is None:
            assert status == 403
        else:
            assert status == (200 if pk in listed else 404)


@pytest.mark.parametrize(("name", "role"), [(n, r) for n, r in PAIRS if r in resources[n].access.change])
def test_what_may_be_changed_lies_within_what_may_be_seen(name: str, role: str) -> None:
    made = world.build()
    resource, actor = resources[name], made.actor(role)
    seen = set(resource.scope(actor).values_list("pk", flat=True))
    writable = set(resource.may_write(actor).values_list("pk", flat=True))
    assert writable <= seen
    client = made.client(role)
    for pk in _sample(resource, writable):
        assert client.get(f"/r/{name}/{pk}/edit").status_code == (200 if pk in writable else 404)


@pytest.mark.parametrize("name", resources)
def test_no_row_of_the_other_city_is_shown_to_a_city_or_an_operator(name: str) -> None:
    made = world.build()
    for role in (Role.CITY_OFFICE, Role.OPERATOR, Role.ENTERPRISE):
        if role not in resources[name].access.view:
            continue
        here, there = (
            set(resources[name].scope(made.actor(role, c)).values_list("pk", flat=True)) for c in (0, 1)
        )
        assert here
        assert not here & there


@pytest.mark.parametrize("name", resources)
def test_every_address_declares_its_roles(name: str) -> None:
    from jinchuanggu.foundation.resources.urls import urls

    for route in urls(resources[name]):
        assert route.callback.guard, route.name


@pytest.mark.parametrize("name", resources)
def test_every_declared_path_exists(name: str) -> None:
    resource = resources[name]
    paths = [c.path for c in resource.columns] + [p for s in resource.sections for p in s.fields]
    paths += [f.path for f in resource.filters] + [*resource.form, *resource.search, *resource.references]
    for path in paths:
        assert resource.field(path) is not None
        assert str(resource.label_of(path))
    for key in resource.keys:
        assert set(key) <= set(resource.form)
    constraints = {c.name for c in resource.model._meta.constraints}
    assert set(resource.messages) == constraints, "every constraint is said in words"


@pytest.mark.parametrize("name", resources)
def test_what_can_be_sorted_by_has_an_index(name: str) -> None:
    resource = resources[name]
    first = {next(iter(i.fields)) for i in resource.model._meta.indexes if i.fields}
    for column in resource.columns:
        if column.sortable:
            field = resource.field(column.path)
            assert field.db_index or field.unique or field.name in first, column.path
