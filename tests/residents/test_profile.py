"""The facts of a firm: what is kept, where it comes from, who may write it, and what the rules get to read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.residents import scopes
from jinchuanggu.residents.actions.profile import ProfileConflict, save_profile
from jinchuanggu.residents.models import FirmStanding, FirmYear
from jinchuanggu.residents.profile import facts_for, profile_of, record_for
from tests import factories
from tests.residents import firms

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def test_money_is_typed_in_ten_thousands_and_kept_in_yuan() -> None:
    body = firms.firm()
    actor = factories.actor(Role.ENTERPRISE, body)
    save_profile(
        actor,
        organisation_id=body.pk,
        revision=0,
        values={"revenue_cny@2025": "1,234.56", "staff_total": "40", "assets_cny": "0.01", "listed": "false"},
    )
    assert FirmYear.objects.get(organisation=body, year=2025).values == {"revenue_cny": "12345600"}
    assert FirmStanding.objects.get(organisation=body).values == {
        "staff_total": "40", "assets_cny": "100", "listed": False
    }  # fmt: skip
    record = record_for(body.pk, TODAY)
    assert record["revenue_cny"] == {2025: Decimal(12345600)}
    assert record["listed"] is False


def test_all_errors_are_said_at_once_and_nothing_is_written() -> None:
    body = firms.firm()
    actor = factories.actor(Role.ENTERPRISE, body)
    with pytest.raises(ValidationError) as refused:
        save_profile(
            actor,
            organisation_id=body.pk,
            revision=0,
            values={
                "staff_total": "12.5",
                "revenue_cny@2025": "约两千",
                "registered_on": "昨天",
                "hightech_field": "新材科",
                "niche_share_percent": "-1",
                "ip_class1": "3",
            },
        )
    found = refused.value.message_dict
    assert set(found) == {
        "staff_total", "revenue_cny@2025", "registered_on", "hightech_field", "niche_share_percent"
    }  # fmt: skip
    assert "整数" in found["staff_total"][0]
    assert "新材料" in found["hightech_field"][0]
    assert not FirmYear.objects.exists()
    assert not AuditEvent.objects.filter(verb="firm.save").exists()


def test_a_part_larger_than_its_whole_is_refused_with_both_numbers() -> None:
    body = firms.firm(staff_total="10")
    actor = factories.actor(Role.ENTERPRISE, body)
    with pytest.raises(ValidationError) as refused:
        save_profile(actor, organisation_id=body.pk, revision=1, values={"tech_staff": "11"})
    assert "11" in refused.value.message_dict["tech_staff"][0]
    assert "10" in refused.value.message_dict["tech_staff"][0]


def test_a_loss_is_a_fact_but_negative_staff_is_none() -> None:
    body = firms.firm()
    actor = factories.actor(Role.ENTERPRISE, body)
    typed = {"net_profit_cny@2025": "-30", "revenue_cny@2025": "-1"}  # more was returned than sold
    save_profile(actor, organisation_id=body.pk, revision=0, values=typed)
    record = record_for(body.pk, TODAY)
    assert record["net_profit_cny"] == {2025: Decimal(-300000)}
    assert record["revenue_cny"] == {2025: Decimal(-10000)}
    with pytest.raises(ValidationError):
        save_profile(actor, organisation_id=body.pk, revision=1, values={"staff_total": "-1"})


def test_who_saves_second_is_told_and_nothing_is_lost() -> None:
    body = firms.firm()
    actor = factories.actor(Role.ENTERPRISE, body)
    save_profile(actor, organisation_id=body.pk, revision=0, values={"staff_total": "40"})
    with pytest.raises(ProfileConflict) as conflict:
        save_profile(actor, organisation_id=body.pk, revision=0, values={"staff_total": "41"})
    assert conflict.value.standing.revision == 1
    assert record_for(body.pk, TODAY)["staff_total"] == 40


def test_autosave_keeps_what_can_be_read() -> None:
    body = firms.firm(staff_total="40")
    actor = factories.actor(Role.ENTERPRISE, body)
    save_profile(
        actor, organisation_id=body.pk, revision=1, lenient=True,
        values={"staff_total": "4x", "tech_staff": "12"},
    )  # fmt: skip
    record = record_for(body.pk, TODAY)
    assert (record["staff_total"], record["tech_staff"]) == (40, 12)


def test_an_unchanged_value_keeps_its_source_and_a_cleared_one_goes() -> None:
    body = firms.firm(staff_total="40", tech_staff="12")
    actor = factories.actor(Role.ENTERPRISE, body)
    save_profile(
        actor, organisation_id=body.pk, revision=1,
        values={"staff_total": "40", "tech_staff": "", "rd_staff": "3"},
    )  # fmt: skip
    profile = profile_of(body.pk, TODAY)
    assert profile.origins["staff_total"].on == date(2026, 3, 20)
    assert profile.origins["rd_staff"].on == timezone.localdate()
    assert "tech_staff" not in profile.stated
    event = AuditEvent.objects.get(verb="firm.save")
    assert event.changes == {"tech_staff": ["12", None], "rd_staff": [None, "3"]}


def test_figures_come_with_their_sources() -> None:
    body = firms.firm("阳泉示例企业", **firms.FACTS)
    facts = facts_for(body.pk, TODAY)
    figure = next(one for one in facts.reports["revenue_cny"] if one.year == 2025)
    assert (figure.value, figure.source.title, figure.source.date) == (
        20000000, "阳泉示例企业", "2026-03-20"
    )  # fmt: skip
    assert facts.statements["mainland_resident"].holds is True


def test_revenue_filed_with_the_valley_stands_in_and_stands_beside() -> None:
    body = firms.firm(**{"revenue_cny@2025": "20000000"})
    row = firms.resident(body)
    firms.filed_revenue(row, 2024, "15000000")
    firms.filed_revenue(row, 2025, "19000000")
    reports = facts_for(body.pk, TODAY).reports["revenue_cny"]
    assert [(one.year, one.value, one.chosen) for one in reports] == [
        (2024, 15000000, False), (2025, 20000000, True), (2025, 19000000, False)
    ]  # fmt: skip
    assert reports[0].source.title == "年度营业收入报送"


def test_residency_and_city_come_from_records_and_nobody_types_them() -> None:
    body = firms.firm()
    assert record_for(body.pk, TODAY)["valley_resident"] is False
    row = firms.resident(body, entered_on=date(2026, 1, 5))
    assert record_for(body.pk, TODAY)["valley_resident"] is True
    assert record_for(body.pk, date(2026, 1, 4))["valley_resident"] is False
    row.left_on = date(2026, 10, 1)
    row.save()
    assert record_for(body.pk, TODAY)["valley_resident"] is False
    assert record_for(body.pk, TODAY)["city"] == "140300"
    actor = factories.actor(Role.ENTERPRISE, body)
    save_profile(
        actor, organisation_id=body.pk, revision=0, values={"valley_resident": "true", "city": "140100"}
    )
    assert record_for(body.pk, TODAY)["valley_resident"] is False
    assert record_for(body.pk, TODAY)["city"] == "140300"


def test_each_hat_reaches_its_own_firms_and_no_other() -> None:
    city, other = factories.city_office(), factories.city_office(factories.region("140200", "大同市"))
    valley = factories.valley(city)
    operator = factories.actor(Role.OPERATOR, factories.organisation("operator"))
    valley.operator_id = operator.organisation_id
    valley.save()
    tenant, neighbour = firms.firm("谷内企业"), firms.firm("谷外企业")
    firms.resident(tenant, valley.pk)
    own = factories.actor(Role.ENTERPRISE, tenant)
    reached = {
        name: set(scopes.firms(actor).values_list("name", flat=True))
        for name, actor in {
            "office": factories.provincial_office(), "city": city, "other": other, "operator": operator, "own": own,
            "member": factories.member_unit(),
        }.items()
    }  # fmt: skip
    assert reached == {
        "office": {"谷内企业", "谷外企业"}, "city": {"谷内企业", "谷外企业"}, "other": set(),
        "operator": {"谷内企业"}, "own": {"谷内企业"}, "member": set(),
    }  # fmt: skip
    for actor in (own, operator, other, factories.provincial_office()):
        with pytest.raises(Http404):
            save_profile(actor, organisation_id=neighbour.pk, revision=0, values={"staff_total": "1"})


def test_a_title_never_held_is_a_fact_and_not_a_gap() -> None:
    body = firms.firm()
    actor = factories.actor(Role.ENTERPRISE, body)
    save_profile(actor, organisation_id=body.pk, revision=0, values={"hnte_valid_until": "无"})
    assert record_for(body.pk, TODAY)["hnte_valid_until"] == date.min
    with pytest.raises(ValidationError):
        save_profile(actor, organisation_id=body.pk, revision=1, values={"registered_on": "无"})
