"""The public site: the answer first, sources everywhere, nothing that isn't public."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from jinchuanggu.indicators.models import Figure
from jinchuanggu.portal.draws import SCRIPT
from jinchuanggu.programme.actions import plaque as plaques
from jinchuanggu.programme.models import Objection, Valley
from jinchuanggu.programme.verdicts import refresh_verdict
from tests import factories
from tests.programme.course import Course, assessing, built, drawn, let_notice_run_out, noticing, passed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_one_was_here_before() -> None:
    cache.clear()


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def real() -> Valley:
    """A real valley with two reports of one figure."""
    where = factories.region("140200", "大同市", longitude=Decimal("113.3"), latitude=Decimal("40.1"))
    valley = Valley.objects.create(
        name="晋创谷·大同", region=where, state="plaqued", stage="plaque", origin="real", published_only=True, unveiled_on=date(2024, 4, 3),
        unveiled_source="某报", unveiled_url="https://example.org/news",
    )  # fmt: skip
    for value, day in ((200, date(2024, 5, 1)), (450, date(2025, 5, 1))):
        Figure.objects.create(
            valley_id=valley.pk, indicator="full_time_staff", value=Decimal(value), unit="persons", dated=day,
            source_kind="published", source_title=f"报道 {day.year}", source_url="https://example.org/a", origin="real",
        )  # fmt: skip
    refresh_verdict(valley)
    return valley


@pytest.mark.clause("L1")
def test_home_says_how_many_and_lists_what_the_map_shows(client: Client, real: Valley) -> None:
    noticing()
    body = text(client.get("/"))
    assert "已有 1 个晋创谷，其中 1 个已挂牌" in body
    assert "另有 1 个模拟的谷" in body
    assert reverse("public_valley", args=[real.pk]) in body
    only = text(client.get("/?origin=real"))
    assert "晋创谷·示例" not in only.split("</main>")[0].split('<ul class="j-map-list">')[1].split("</ul>")[0]


@pytest.mark.clause("C3", "X4")
def test_a_valley_shows_every_report_with_source_and_date(client: Client, real: Valley) -> None:
    body = text(client.get(reverse("public_valley", args=[real.pk])))
    assert "报道 2024" in body
    assert "报道 2025" in body
    assert "https://example.org/a" in body
    assert "2024-04-03" in body
    assert "类别未公布" in body


def test_an_unpublished_valley_does_not_exist_for_the_public(client: Client) -> None:
    for made in (built(), passed()):
        assert client.get(reverse("public_valley", args=[made.valley.pk])).status_code == 404
        assert made.valley.name not in text(client.get(reverse("public_valleys")))


def test_what_is_simulated_is_marked_on_every_page(client: Client) -> None:
    made = noticing()
    notice = made.valley.public_notices.get()
    for url in (
        reverse("public_valley", args=[made.valley.pk]),
        reverse("public_notice", args=[notice.pk]),
        reverse("public_draw", args=[made.assessment.pk]),
    ):
        assert "本页为模拟数据" in text(client.get(url))
    for url in (reverse("public_valleys"), reverse("public_notices"), reverse("home")):
        assert 'data-origin="simulated"' in text(client.get(url))


def test_filters_and_pages_are_forgiving(client: Client, real: Valley) -> None:
    url = reverse("public_valleys")
    assert real.name in text(client.get(url, {"q": "大同"}))
    assert real.name not in text(client.get(url, {"q": "没有这个"}))
    assert client.get(url, {"page": "999", "origin": "nonsense"}).status_code == 200
    assert client.get(url, {"page": "x"}).status_code == 200


@pytest.mark.clause("P3")
def test_objecting_gives_a_receipt_once_and_the_answer_later(client: Client) -> None:
    made = noticing()
    url = reverse("public_notice", args=[made.valley.public_notices.get().pk])
    wrong = client.post(
        url, {"raised_by": "王某", "contact": "", "text": "面积不符，请核查原始材料。", "token": "t1"}
    )
    assert wrong.status_code == 422
    assert "面积不符，请核查原始材料。" in text(wrong)
    fields = {
        "raised_by": "王某",
        "contact": "13800000000",
        "text": "面积不符，请核查原始材料。",
        "token": "t1",
    }
    assert client.post(url, fields).status_code == 302
    assert client.post(url, fields).status_code == 302
    row = Objection.objects.get()
    first = text(client.get(reverse("public_receipt")))
    assert row.receipt in first
    assert row.receipt not in text(client.get(reverse("public_receipt")))
    found = text(client.post(reverse("public_receipt"), {"receipt": row.receipt}))
    assert "待答复" in found
    assert "13800000000" not in found
    assert "没有找到" in text(client.post(reverse("public_receipt"), {"receipt": "YY-0000-XXXXXXXX"}))
    for number in range(4):
        client.post(url, {**fields, "token": f"n{number}"})
    assert client.post(url, {**fields, "token": "last"}).status_code == 429


def test_no_form_after_the_notice(client: Client) -> None:
    made = noticing()
    url = reverse("public_notice", args=[made.valley.public_notices.get().pk])
    let_notice_run_out(made)
    assert "提交异议" not in text(client.get(url))
    fields = {"raised_by": "王某", "contact": "13800000000", "text": "面积不符，请核查原始材料。"}
    assert client.post(url, fields).status_code == 422


@pytest.mark.clause("P3", "X2")
def test_the_ten_lines_printed_on_the_page_redo_the_draw(client: Client, tmp_path: Path) -> None:
    made = drawn()
    data = client.get(reverse("public_draw_json", args=[made.assessment.pk])).json()
    script, file = tmp_path / "redo.py", tmp_path / "draw.json"
    script.write_text(SCRIPT, encoding="utf-8")
    file.write_text(json.dumps(data), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(file)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[1:] == [seat["code"] for seat in data["seats"]]
    data["seats"][0]["code"], data["seats"][1]["code"] = data["seats"][1]["code"], data["seats"][0]["code"]
    file.write_text(json.dumps(data), encoding="utf-8")
    assert (
        subprocess.run([sys.executable, str(script), str(file)], capture_output=True, check=False).returncode
        != 0
    )


def test_the_page_prints_the_same_program_as_the_document() -> None:
    document = Path(__file__).resolve().parents[2] / "docs" / "draw.md"
    assert SCRIPT in document.read_text(encoding="utf-8")


def names_of(made: Course) -> list[str]:
    return [str(seat.expert.person) for seat in made.assessment.assessors.all()]


@pytest.mark.parametrize("make", [drawn, passed])
def test_no_expert_is_named_in_public(client: Client, make) -> None:
    made = make()
    pages = text(client.get(reverse("public_draw", args=[made.assessment.pk])))
    pages += text(client.get(reverse("public_draw_json", args=[made.assessment.pk])))
    assert made.assessment.assessors.first().code in pages
    assert not [name for name in names_of(made) if name in pages]


def test_nothing_to_see_before_the_commitment(client: Client) -> None:
    made = assessing()
    assert client.get(reverse("public_draw", args=[made.assessment.pk])).status_code == 404


def test_a_plaque_is_found_by_its_number_however_it_is_typed(client: Client) -> None:
    made = noticing()
    let_notice_run_out(made)
    plaques.award(made.office, valley_pk=made.valley.pk)
    number = made.fresh().plaque.number
    for typed in (
        number,
        number.replace("〔", "[").replace("〕", "]"),
        f" {number} ",
        number.replace("〔", "（").replace("〕", "）"),
    ):
        assert "编号有效" in text(client.get(reverse("public_plaque"), {"number": typed}))
    assert "没有这个编号" in text(client.get(reverse("public_plaque"), {"number": "晋创谷牌〔2020〕9号"}))


@pytest.mark.clause("X4")
def test_open_data_carries_sources_and_hides_what_is_not_public(client: Client, real: Valley) -> None:
    hidden, shown = built(), noticing()
    data = client.get(reverse("open_data_valleys_json")).json()
    names = {row["name"]: row for row in data["valleys"]}
    assert set(names) == {real.name, shown.valley.name}
    assert hidden.valley.name not in names
    assert [f["value"] for f in names[real.name]["figures"]] == ["450", "200"]
    assert all(f["source_title"] and f["dated"] for f in names[real.name]["figures"])
    assert names[shown.valley.name]["origin"] == "simulated"
    only = client.get(reverse("open_data_valleys_json"), {"origin": "real"}).json()
    assert [row["name"] for row in only["valleys"]] == [real.name]
    sheet = b"".join(
        client.get(reverse("open_data_figures_csv"), {"origin": "real"}).streaming_content
    ).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert [row["value"] for row in rows] == ["450", "200"]


def test_csv_holds_no_formula(client: Client, real: Valley) -> None:
    Figure.objects.update(source_title="=cmd|' /C calc'!A0")
    sheet = b"".join(client.get(reverse("open_data_figures_csv")).streaming_content).decode("utf-8-sig")
    assert ",=cmd" not in sheet
    assert "'=cmd" in sheet


def test_every_public_page_opens_on_an_empty_database(client: Client) -> None:
    for name in (
        "home",
        "about",
        "public_valleys",
        "public_plaque",
        "public_notices",
        "public_receipt",
        "open_data",
    ):
        assert client.get(reverse(name)).status_code == 200, name
    for name in ("open_data_valleys_json", "open_data_valleys_csv", "open_data_figures_csv"):
        assert client.get(reverse(name)).status_code == 200, name


def test_public_lists_cost_the_same_for_one_valley_and_for_twenty(
    client: Client,
    real: Valley,
    django_assert_max_num_queries,
) -> None:
    for number in range(20):
        Valley.objects.create(
            name=f"晋创谷·示范{number}",
            region=real.region,
            state="plaqued",
            stage="plaque",
            origin="real",
            published_only=True,
        )
    with django_assert_max_num_queries(8):
        client.get(reverse("public_valleys"))
    with django_assert_max_num_queries(10):
        client.get(reverse("home"))
    with django_assert_max_num_queries(6):
        client.get(reverse("open_data_valleys_json"))
