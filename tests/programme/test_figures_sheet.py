"""The sheet of published figures: errors by cell, exact conversion, one transaction, round trip; conflicts side by side."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import python_calamine as calamine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.exchange.cells import Unfit
from jinchuanggu.foundation.exchange.models import ImportRun
from jinchuanggu.indicators.definitions.catalogue import catalogue
from jinchuanggu.indicators.models import Figure, SourceKind
from jinchuanggu.indicators.store.units import valley_unit
from jinchuanggu.programme.figures.columns import exactly, read_date, read_unit
from tests import factories
from tests.indicators.store import amount

HEADS = ["晋创谷", "指标", "数值", "单位", "年份", "日期", "来源", "来源地址", "来源等级", "口径说明"]
GOOD = [
    "{valley}",
    "总体规划面积",
    "1300",
    "公顷",
    "",
    "2025-01",
    "示例公报",
    "https://example.org/a",
    "A",
    "约数",
]


@pytest.fixture
def valley(db):
    return factories.valley(factories.city_office(), name="晋创谷·示例谷")


@pytest.fixture
def office(db):
    return factories.client_of(factories.provincial_office())


def workbook(rows: list[list[Any]], heads: list[str] = HEADS) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("数据")
    for at, row in enumerate([heads, *rows]):
        sheet.write_row(at, 0, row)
    book.close()
    return file.getvalue()


def send(client, body: bytes, name: str = "a.xlsx"):
    return client.post(reverse("figures_import"), {"file": SimpleUploadedFile(name, body)}, follow=True)


def write(client) -> ImportRun:
    run = ImportRun.objects.latest("pk")
    client.post(reverse("figures_commit", args=[run.pk]), {"mode": "all"})
    run.refresh_from_db()
    return run


def good(valley, **changed: Any) -> list[Any]:
    row = dict(zip(HEADS, GOOD, strict=True)) | {"晋创谷": valley.name} | changed
    return [row[head] for head in HEADS]


def test_a_report_is_checked_first_and_written_once(valley, office) -> None:
    page = send(office, workbook([good(valley)]))
    assert "将新建" in page.content.decode()
    assert not Figure.objects.filter(source_title="示例公报").exists()
    run = write(office)
    figure = Figure.objects.get(source_title="示例公报")
    assert (figure.value, figure.unit, figure.dated, figure.date_text) == (
        Decimal(13), "km2", date(2025, 1, 31), "2025-01",
    )  # fmt: skip
    assert (figure.source_grade, figure.scope_note, figure.source_kind) == ("A", "约数", SourceKind.PUBLISHED)
    assert amount("planned_area_km2", valley_unit(valley.pk), "2025-01") == 13
    assert run.state == "done"
    assert AuditEvent.objects.filter(verb="figures.import").count() == 1
    write(office)
    assert Figure.objects.filter(source_title="示例公报").count() == 1


def test_every_wrong_cell_is_named_at_once_and_nothing_is_written(valley, office) -> None:
    rows = [
        good(valley),
        good(valley, 晋创谷="没有的谷"),
        good(valley, 指标="总体规划面"),
        good(valley, 数值="很多"),
        good(valley, 数值="-5"),
        good(valley, 单位="斤"),
        good(valley, 单位="万元"),
        good(valley, 数值="10", 单位="亩", 指标="办公面积不存在"),
        good(valley, 日期="去年"),
        good(valley, 日期="2099"),
        good(valley, 来源地址="example.org"),
        good(valley, 来源等级="D"),
        good(valley, 来源=""),
        good(valley, 指标="创新主体数", 单位="家", 数值="3"),
    ]
    page = send(office, workbook(rows)).content.decode()
    run = ImportRun.objects.latest("pk")
    where = {(problem["row"], problem["column"]) for problem in run.problems}
    assert where >= {
        (3, "晋创谷"), (4, "指标"), (5, "数值"), (6, "数值"), (7, "单位"), (8, "单位"), (9, "指标"), (10, "日期"), (11, "日期"),
        (12, "来源地址"), (13, "来源等级"), (14, "来源"), (15, "年份"),
    }  # fmt: skip
    assert "是否为“总体规划面积”" in page
    assert run.counts["failed"] == 13
    assert write(office).state == "checked"
    assert not Figure.objects.filter(source_title="示例公报").exists()
    marked = office.get(reverse("figures_errors", args=[run.pk]))
    assert marked.status_code == 200


def test_the_export_sent_back_changes_nothing(valley, office) -> None:
    other = factories.valley(
        factories.city_office(factories.region("140400", "长治市")), name="晋创谷·另一谷"
    )
    rows = [
        good(valley), good(valley, 数值="1400"), good(other, 指标="技术市场交易额", 数值="1.25", 单位="亿元", 年份="2024"),
        good(other, 日期="2025-01/2025-03", 口径说明=""), good(valley, 日期="2024", 来源地址=""),
    ]  # fmt: skip
    send(office, workbook(rows))
    write(office)
    assert Figure.objects.filter(source_title="示例公报").count() == 5
    assert Figure.objects.get(indicator="technology_turnover_cny").value == 125_000_000
    before = list(Figure.objects.order_by("pk").values())
    body = b"".join(office.get(reverse("figures_export")).streaming_content)
    send(office, body, "again.xlsx")
    run = ImportRun.objects.latest("pk")
    assert (run.counts["unchanged"], run.counts["failed"], run.counts["create"]) == (5, 0, 0)
    assert list(Figure.objects.order_by("pk").values()) == before


def test_an_exported_line_can_be_corrected(valley, office) -> None:
    send(office, workbook([good(valley)]))
    write(office)
    figure = Figure.objects.get(source_title="示例公报")
    heads = ["编号", *HEADS]
    send(office, workbook([[figure.pk, *good(valley, 数值="12", 单位="平方公里")]], heads))
    write(office)
    figure.refresh_from_db()
    assert figure.value == 12
    assert amount("planned_area_km2", valley_unit(valley.pk), "2025-01") == 12
    assert (
        AuditEvent.objects.filter(verb="figures.import").latest("number").detail["changed"][0]["id"]
        == figure.pk
    )


def test_a_csv_file_does_as_well(valley, office) -> None:
    lines = [HEADS, good(valley)]
    for encoding in ("utf-8-sig", "gb18030"):
        Figure.objects.filter(source_title="示例公报").delete()
        send(office, "\r\n".join(",".join(line) for line in lines).encode(encoding), "a.csv")
        write(office)
        assert Figure.objects.get(source_title="示例公报").value == 13


def test_only_the_provincial_office_imports(valley) -> None:
    for actor in (factories.city_office(), factories.member_unit(), factories.provincial_government()):
        assert factories.client_of(actor).get(reverse("figures_import")).status_code == 403


def test_junk_is_a_message_and_never_a_500(valley, office) -> None:
    for junk in (
        b"",
        b"PK\x03\x04nothing",
        b"\xff\xfe\x00",
        "没有表头".encode(),
        b"\x00" * 50,
        workbook([], ["a", "b"]),
    ):
        answer = send(office, junk)
        assert answer.status_code == 422


def test_conflicting_reports_stand_side_by_side_and_another_can_be_chosen(valley, office) -> None:
    send(office, workbook([good(valley), good(valley, 数值="1400", 日期="2025-02", 来源="另一公报")]))
    write(office)
    page = office.get(reverse("figures"))
    (row,) = page.context["rows"]
    assert [figure.value for figure in row.reports.figures] == [14, 13]
    assert "未经选定，取日期最近的一条" in page.content.decode()
    first = Figure.objects.get(source_title="示例公报")
    choose = reverse("figures_choose", args=[valley.pk, first.pk])
    assert "请写明采用理由" in office.post(choose, {"reason": " "}, follow=True).content.decode()
    page = office.post(choose, {"reason": "口径与认定条件一致"}, follow=True).content.decode()
    assert "口径与认定条件一致" in page
    assert amount("planned_area_km2", valley_unit(valley.pk), "2025-01") == 13
    assert amount("planned_area_km2", valley_unit(valley.pk), "2025-02") is None


def test_a_city_chooses_for_its_own_valleys_only(valley, office) -> None:
    send(office, workbook([good(valley), good(valley, 数值="1400", 日期="2025-02")]))
    write(office)
    figure = Figure.objects.filter(valley_id=valley.pk, source_grade="A").first()
    other = factories.client_of(factories.city_office(factories.region("140400", "长治市")))
    assert (
        other.post(reverse("figures_choose", args=[valley.pk, figure.pk]), {"reason": "x"}).status_code == 404
    )


@given(st.decimals(0, 10**9, places=4), st.sampled_from(["万元", "亿元", "元"]))
def test_money_is_converted_exactly(value: Decimal, unit: str) -> None:
    factor = {"元": 1, "万元": 10**4, "亿元": 10**8}[unit]
    assert exactly(value, read_unit(unit), catalogue_of("new_park_investment_cny")) == value * factor


@given(st.integers(1, 10**6))
def test_an_area_in_mu_is_exact_or_refused(mu: int) -> None:
    one = catalogue_of("new_park_land_m2")
    if mu % 3:
        with pytest.raises(Unfit, match="除不尽"):
            exactly(Decimal(mu), "mu", one)
    else:
        assert exactly(Decimal(mu), "mu", one) * 3 == mu * 2000


def catalogue_of(key: str):
    from jinchuanggu.indicators.definitions.library import indicators

    return indicators()[key]


def test_words_for_units_and_dates() -> None:
    assert {read_unit(word) for word in ("㎡", "平方米", "m²")} == {"m2"}
    assert read_unit("家") == "count"
    assert UNITS[read_unit("公顷")].code == "hectare"
    assert read_date("2025年1月").text == "2025-01"
    assert read_date("2025.1.5").latest == date(2025, 1, 5)
    assert read_date("2024-02/2024-03").latest == date(2024, 3, 31)
    for wrong in ("2025-13", "昨天", "2024-03/2024-02", "25-1-1"):
        with pytest.raises(Unfit):
            read_date(wrong)


def test_the_template_lists_what_may_be_filled(valley, office) -> None:
    body = b"".join(office.get(reverse("figures_template")).streaming_content)
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
    assert book.get_sheet_by_index(0).to_python()[0] == HEADS
    assert catalogue()
