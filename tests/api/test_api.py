"""The read API: the caller's own scope, exact figures, one shape of error, pages by cursor."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from jinchuanggu.indicators.models import Figure
from jinchuanggu.programme.models import Valley
from tests import factories

pytestmark = pytest.mark.django_db


def published(name: str = "晋创谷·晋中", **fields: object) -> Valley:
    return Valley.objects.create(
        name=name, region=factories.region("140700", "晋中市"), state="plaqued", stage="plaque", origin="real",
        published_only=True, **{"key_fields": None, **fields},
    )  # fmt: skip


def hidden() -> Valley:
    return factories.valley(factories.city_office(factories.region("140400", "长治市")))


def test_a_valley_whose_fields_nobody_published_has_null_not_an_error() -> None:
    answer = Client().get(f"/api/v1/valleys/{published().pk}")
    assert answer.status_code == 200
    assert answer.json()["key_fields"] is None


def test_figures_are_exact_and_only_published_ones_reach_the_public() -> None:
    valley = published()
    for kind, value in (("published", "0.3920"), ("filed", "7")):
        Figure.objects.create(
            valley_id=valley.pk, indicator="planned_area_km2", value=Decimal(value), unit="km2", source_kind=kind,
            dated=date(2024, 4, 5), source_title="报道", origin="real",
        )  # fmt: skip
    figures = Client().get(f"/api/v1/valleys/{valley.pk}").json()["figures"]
    assert [(f["value"], f["source_title"]) for f in figures] == [("0.3920", "报道")]


def test_a_valley_outside_the_scope_looks_like_none() -> None:
    valley = hidden()
    miss, refused = Client().get("/api/v1/valleys/999999"), Client().get(f"/api/v1/valleys/{valley.pk}")
    assert refused.status_code == miss.status_code == 404
    assert refused.json() == miss.json()
    assert valley.pk not in [row["id"] for row in Client().get("/api/v1/valleys").json()["items"]]


def test_pages_follow_each_other_without_gap_or_repetition() -> None:
    wanted = [published(f"晋创谷·第{n}").pk for n in range(5)]
    seen, after = [], 0
    while after is not None:
        page = Client().get(f"/api/v1/valleys?limit=2&after={after}").json()
        seen += [row["id"] for row in page["items"]]
        after = page["next"]
    assert seen == wanted


def test_every_mistake_of_a_request_is_named() -> None:
    answer = Client().get("/api/v1/valleys?limit=0&kind=x&after=-1")
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"limit", "kind", "after"}


def test_the_description_is_served() -> None:
    assert "/api/v1/valleys/{pk}" in Client().get("/api/openapi.json").json()["paths"]


@pytest.mark.parametrize(
    "path", ["/api/v1/valleys/99999999999999999999999", "/api/v1/valleys?after=99999999999999999999999"]
)
def test_numbers_without_end_are_answered(path: str) -> None:
    assert Client().get(path).status_code in {200, 404, 422}
