"""What the cockpit shows, to whom, from how many queries; files say what the page says."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jinchuanggu.cockpit.settings import alert_settings
from jinchuanggu.indicators.store import units
from jinchuanggu.policies.models import Budget, Policy, RuleText
from jinchuanggu.programme.models import Milestone, Valley
from tests import factories
from tests.cockpit.scene import scene

pytestmark = pytest.mark.django_db
ALL = "?key=revenue_cny&at=2026-10"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 24, 4, tzinfo=UTC))


def context_of(actor, path: str = "/cockpit/" + ALL):
    answer = factories.client_of(actor).get(path)
    assert answer.status_code == 200
    return answer.context


def panel(context, name: str):
    return next(one for one in context["panels"] if one.name == name)


def test_the_province_sees_figures_that_add_up_and_open() -> None:
    made = scene()
    context = context_of(made.office)
    card = next(one for one in context["first"].extra["cards"] if "revenue_cny" in one["url"])
    assert card["value"] == 100 + 200 + 300 + 400
    assert str(card["growth"]) == "4.2"  # 1000 against 960
    assert factories.client_of(made.office).get(card["url"]).status_code == 200


def test_the_rank_is_of_the_valleys_best_first_and_each_opens() -> None:
    made = scene()
    table = panel(context_of(made.office), "ranking").table
    assert [(row[0].value, row[2].value) for row in table.rows] == [(1, 700), (2, 300)]
    client = factories.client_of(made.office)
    for row in table.rows:
        assert client.get(row[1].url).status_code == 200
        assert client.get(row[2].url).status_code == 200


def test_cities_can_be_ranked_and_tiles_open_their_cities() -> None:
    made = scene()
    context = context_of(made.office, "/cockpit/" + ALL + "&by=city")
    assert [row[2].value for row in panel(context, "ranking").table.rows] == [700, 300]
    tiles = panel(context, "places")
    assert tiles.kind == "tiles"
    assert all(one["url"] for one in tiles.extra["regions"])


def test_real_and_simulated_are_never_in_one_list_or_sum() -> None:
    made = scene()
    real = scene(origin="real", prefix="real9")
    shown = panel(context_of(made.office), "ranking").table
    assert {row[1].value for row in shown.rows} == {valley.name for valley in made.valleys}
    other = context_of(real.office, "/cockpit/" + ALL + "&origin=real")
    assert {row[1].value for row in panel(other, "ranking").table.rows} == {v.name for v in real.valleys}
    assert panel(other, "places").kind == "map"


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_a_file_holds_the_rows_of_the_page(form: str) -> None:
    made = scene()
    table = panel(context_of(made.office), "ranking").table
    address = f"/cockpit/{made.province.pk}/data/ranking.{form}{ALL}"
    answer = factories.client_of(made.office).get(address)
    assert answer.status_code == 200
    names = [row[1].value for row in table.rows]
    values = [str(row[2].plain) for row in table.rows]
    if form == "csv":
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]
        assert [row[1] for row in rows] == names
        assert [row[2] for row in rows] == values
    elif form == "json":
        rows = json.loads(answer.content)["rows"]
        assert [row["unit"] for row in rows] == names
        assert [str(row["value"]) for row in rows] == values
    else:
        from python_calamine import CalamineWorkbook

        rows = (
            CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()[1:]
        )
        assert [row[1] for row in rows] == names
        assert [row[2] for row in rows] == [float(value) for value in values]


def test_every_hat_lands_in_its_own_place() -> None:
    made = scene()
    assert context_of(made.city)["place"].name == made.cities[0].name
    assert context_of(made.operator)["place"].name == made.valleys[0].name
    assert context_of(made.firm)["place"].unit == made.firms[0]


def test_nobody_opens_what_is_not_theirs() -> None:
    made = scene()
    other_valley = units.valley_unit(made.valleys[1].pk)
    for actor in (made.city, made.operator, made.firm):
        client = factories.client_of(actor)
        assert client.get(f"/cockpit/{other_valley.pk}/").status_code == 404
        assert client.get(f"/cockpit/{other_valley.pk}/data/ranking.csv").status_code == 404
        assert client.get(f"/cockpit/{made.firms[-1].pk}/").status_code == 404
        assert client.get(f"/cockpit/{made.firms[-1].pk}/panel/trend/").status_code == 404
    assert factories.client_of().get("/cockpit/").status_code in (302, 403)
    _seat, expert = factories.expert()
    assert factories.client_of(expert).get("/cockpit/").status_code == 403


def test_a_panel_or_form_that_is_not_there_is_not_found() -> None:
    made = scene()
    client = factories.client_of(made.office)
    assert client.get(f"/cockpit/{made.province.pk}/data/nothing.csv").status_code == 404
    assert client.get(f"/cockpit/{made.province.pk}/data/ranking.pdf").status_code == 404


def test_a_month_without_values_says_so_and_the_future_is_the_newest_month() -> None:
    made = scene()
    context = context_of(made.office, "/cockpit/?key=revenue_cny&at=2025-03")
    assert all(row[2].value is None for row in panel(context, "ranking").table.rows)
    assert str(context_of(made.office, "/cockpit/?at=2031-01")["page"].at) == "2026-10"


def queries(actor, path: str) -> int:
    client = factories.client_of(actor)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def test_more_cities_and_firms_ask_no_more_questions() -> None:
    small = scene(cities=2, firms=2)
    few = queries(small.office, f"/cockpit/{small.province.pk}/{ALL}")
    few_valley = queries(small.office, f"/cockpit/{units.valley_unit(small.valleys[0].pk).pk}/{ALL}")
    big = scene(cities=6, firms=9, prefix="sim8")
    assert queries(big.office, f"/cockpit/{big.province.pk}/{ALL}") <= few
    valley = units.valley_unit(big.valleys[0].pk)
    assert queries(big.office, f"/cockpit/{valley.pk}/{ALL}") <= few_valley


def test_the_wall_is_the_same_page_and_keeps_its_state() -> None:
    made = scene()
    answer = factories.client_of(made.office).get("/cockpit/" + ALL + "&wall=1")
    text = answer.content.decode()
    assert "data-wall" in text
    assert "every 60s" in text
    assert "1,000" in text or "1000" in text


def test_a_figure_that_fell_below_its_condition_is_told_and_one_that_never_met_it_is_not() -> None:
    from decimal import Decimal

    from jinchuanggu.indicators.models import ValueSource
    from jinchuanggu.indicators.store.posting import Posting, post
    from jinchuanggu.indicators.store.rollup import roll_up
    from tests.cockpit.scene import AT

    made = scene()
    fell, never = (units.valley_unit(valley.pk) for valley in made.valleys)
    roll_up(
        post(
            Posting("full_time_staff", unit.pk, period, Decimal(value), source=ValueSource.COMPUTED)
            for unit, values in ((fell, (500, 380)), (never, (300, 310)))
            for period, value in zip((AT.shift(-1), AT), values, strict=True)
        )
    )
    told = [one for one in context_of(made.office)["alerts"] if one.kind == "条件下滑"]
    assert [one.place if hasattr(one, "place") else one.text for one in told]
    assert len(told) == 1
    assert made.valleys[0].name in told[0].text
    assert "380" in told[0].text
    assert "400" in told[0].text


def test_a_real_province_that_works_here_is_read_like_any_other() -> None:
    real = scene(origin="real", prefix="real8")
    Valley.objects.filter(pk__in=[valley.pk for valley in real.valleys]).update(state="building", stage="build")
    shown = context_of(real.office, "/cockpit/" + ALL + "&origin=real")
    cards = {card["label"]: card["value"] for card in shown["first"].extra["cards"]}
    assert 1000 in cards.values()  # the sum that was filed, not only what pages published


def test_what_is_known_from_pages_only_is_never_said_to_be_without_alerts() -> None:
    real = scene(origin="real", prefix="real7")
    Valley.objects.filter(pk__in=[valley.pk for valley in real.valleys]).update(published_only=True)
    shown = context_of(real.office, "/cockpit/?origin=real")
    assert shown["page"].published
    assert "没有预警" not in shown["answer"] + panel(shown, "alerts").words


@pytest.mark.parametrize("at", ["1900-01", "2999-12", "0001-01", "9999-12"])
def test_no_month_is_too_far(at: str) -> None:
    made = scene()
    assert factories.client_of(made.office).get(f"/cockpit/?key=revenue_cny&at={at}").status_code == 200


def test_a_budget_counts_once_however_many_rule_texts_its_policy_has() -> None:
    made = scene()
    policy = Policy.objects.create(code="b", title_zh="若干措施", level="city", region=made.cities[0])
    Budget.objects.create(policy=policy, year=2026, amount_cny=500_000)
    for number in range(3):
        RuleText.objects.create(
            policy=policy, region=made.cities[0], level="city", family=f"f{number}", title=str(number), yaml="", digest="0",
            status="draft",
        )  # fmt: skip
    for actor in (made.city, made.office):
        assert panel(context_of(actor), "budget").table.rows[0][1].value == 500_000


def test_more_alerts_than_are_looked_up_are_told_as_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    made = scene()
    for number in range(4):
        Milestone.objects.create(
            valley=made.valleys[0], title=str(number), starts_on=date(2026, 1, 1), due_on=date(2026, 2, 1)
        )
    whole = context_of(made.office)
    assert "4 项预警" in whole["answer"]
    assert "至少" not in whole["answer"]
    fewer = dataclasses.replace(alert_settings(), most_of_a_kind=2)
    monkeypatch.setattr("jinchuanggu.cockpit.alerts.alert_settings", lambda: fewer)
    cut = context_of(made.office)
    assert "至少 3 项" in cut["answer"]
    assert panel(cut, "alerts").words.startswith("至少 3 项")
