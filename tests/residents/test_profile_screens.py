"""The profile page: form, errors, conflict, autosave, and whose page it is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.residents.models import FirmStanding
from tests import factories
from tests.residents import firms

pytestmark = pytest.mark.django_db


def test_an_enterprise_fills_its_form_and_sees_units_sources_and_years() -> None:
    body = firms.firm("甲示例企业", **firms.FACTS)
    client = factories.client_of(factories.actor(Role.ENTERPRISE, body))
    page = client.get(reverse("firm_profile", args=[body.pk]))
    text = page.content.decode()
    assert 'name="f-revenue_cny-2025" value="2000"' in text
    assert "报送 · 2026-03-20 · 甲示例企业" in text
    assert "入驻记录" in text
    answer = client.post(
        reverse("firm_profile", args=[body.pk]),
        {"version": "1", "f-staff_total": "41", "f-revenue_cny-2025": "2000.5"},
    )
    assert answer.status_code == 302
    standing = FirmStanding.objects.get(organisation=body)
    assert (standing.values["staff_total"], standing.values["tech_staff"]) == ("41", "12")


def test_errors_keep_everything_typed_and_name_their_fields() -> None:
    body = firms.firm("甲示例企业")
    client = factories.client_of(factories.actor(Role.ENTERPRISE, body))
    answer = client.post(
        reverse("firm_profile", args=[body.pk]),
        {"version": "0", "f-staff_total": "四十", "f-tech_staff": "12", "f-ip_class1": "1.5"},
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-staff_total"' in text
    assert 'href="#f-ip_class1"' in text
    assert 'value="四十"' in text
    assert 'value="12"' in text


def test_a_conflict_lays_both_side_by_side_and_the_second_press_wins() -> None:
    body = firms.firm("甲示例企业", staff_total="40")
    client = factories.client_of(factories.actor(Role.ENTERPRISE, body))
    url = reverse("firm_profile", args=[body.pk])
    assert client.post(url, {"version": "1", "f-staff_total": "41"}).status_code == 302
    answer = client.post(url, {"version": "1", "f-staff_total": "50"})
    assert answer.status_code == 409
    assert 'name="version" value="2"' in answer.content.decode()
    assert client.post(url, {"version": "2", "f-staff_total": "50"}).status_code == 302
    assert FirmStanding.objects.get(organisation=body).values["staff_total"] == "50"


def test_autosave_answers_with_the_new_version_or_a_conflict() -> None:
    body = firms.firm("甲示例企业")
    client = factories.client_of(factories.actor(Role.ENTERPRISE, body))
    url = reverse("firm_profile_autosave", args=[body.pk])
    first = client.post(url, {"version": "0", "f-staff_total": "41"})
    assert (first.status_code, first["X-Version"]) == (204, "1")
    assert client.post(url, {"version": "0", "f-staff_total": "42"}).status_code == 409


def test_an_enterprise_never_reaches_another() -> None:
    own, other = firms.firm("甲示例企业"), firms.firm("乙示例企业")
    client = factories.client_of(factories.actor(Role.ENTERPRISE, own))
    assert client.get(reverse("firm_profile", args=[other.pk])).status_code == 404
    assert client.post(reverse("firm_profile", args=[other.pk]), {"version": "0"}).status_code == 404
    assert client.post(reverse("firm_profile_autosave", args=[other.pk]), {}).status_code == 404
    assert client.get(reverse("firm_profiles")).url == reverse("firm_profile", args=[own.pk])


def test_the_province_reads_and_writes_nothing() -> None:
    body = firms.firm("甲示例企业", **firms.FACTS)
    client = factories.client_of(factories.provincial_office())
    assert "readonly" in client.get(reverse("firm_profile", args=[body.pk])).content.decode()
    assert client.post(reverse("firm_profile", args=[body.pk]), {"version": "1"}).status_code == 404


def test_the_list_costs_the_same_for_two_firms_and_for_twenty(django_assert_max_num_queries: object) -> None:
    client = factories.client_of(factories.city_office())
    for number in range(2):
        firms.firm(f"示例企业{number}", **firms.FACTS)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        client.get(reverse("firm_profiles"))
    for number in range(2, 20):
        firms.firm(f"示例企业{number}", **firms.FACTS)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        page = client.get(reverse("firm_profiles"))
    assert page.content.decode().count("示例企业") >= 20
