"""Profiles as a workbook: round trip, every wrong cell named, other people's firms unreachable."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.exchange.models import ImportRun
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.residents.models import FirmStanding, FirmYear
from jinchuanggu.residents.sheet import runs, writing
from tests import factories
from tests.residents import firms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.DOCUMENT_ROOT = tmp_path / "documents"


def workbook(*rows: tuple[Any, ...], heads: tuple[str, ...]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("企业情况.xlsx", file.getvalue())


def run(actor: Actor, file: SimpleUploadedFile, mode: str = "all") -> ImportRun:
    found = runs.upload(actor, file=file)
    return runs.commit(actor, run=found, mode=mode)


def test_export_sent_back_changes_nothing_and_a_changed_cell_changes_one_firm() -> None:
    city = factories.city_office()
    first, second = firms.firm("甲示例企业", **firms.FACTS), firms.firm("乙示例企业", **firms.FACTS)
    content = writing.export(Organisation.objects.filter(pk__in=[first.pk, second.pk])).read()
    found = runs.upload(city, file=SimpleUploadedFile("a.xlsx", content))
    assert (found.counts["unchanged"], found.counts["failed"], found.problem_count) == (2, 0, 0)
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[2]}
    row = next(line[0].row for line in sheet.iter_rows(min_row=3) if line[1].value == "乙示例企业")
    assert sheet.cell(row, heads["营业（销售）收入 2025（万元）"]).value == 2000
    sheet.cell(row, heads["营业（销售）收入 2025（万元）"]).value = 2100.5
    changed = io.BytesIO()
    book.save(changed)
    done = run(city, SimpleUploadedFile("b.xlsx", changed.getvalue()))
    assert (done.state, done.counts["update"], done.counts["unchanged"]) == ("done", 1, 1)
    values = {one.organisation_id: one.values for one in FirmYear.objects.filter(year=2025)}
    assert values[second.pk]["revenue_cny"] == "21005000"
    assert values[first.pk]["revenue_cny"] == "20000000"
    assert AuditEvent.objects.filter(verb="firm.import").last().detail["changed"] == 1


def test_every_wrong_cell_is_named_with_row_and_column_and_nothing_is_written() -> None:
    city = factories.city_office()
    firms.firm("甲示例企业")
    file = workbook(
        ("甲示例企业", "约两千", "四十", "2025-13-01", "是"),
        ("没有的企业", 1, 2, None, None),
        (None, 5, None, None, None),
        heads=("企业名称", "营业（销售）收入 2025（万元）", "职工总数（人）", "注册成立日期", "已上市"),
    )
    found = runs.upload(city, file=file)
    places = {(problem["row"], problem["column"]) for problem in found.problems}
    assert places == {
        (2, "营业（销售）收入 2025（万元）"), (2, "职工总数（人）"), (2, "注册成立日期"), (3, "企业名称"), (4, ""),
    }  # fmt: skip
    assert found.counts["failed"] == 3
    assert not FirmStanding.objects.exists()


def test_unknown_columns_are_errors_with_a_suggestion() -> None:
    city = factories.city_office()
    firms.firm("甲示例企业")
    file = workbook(
        ("甲示例企业", 4, 5, 6), heads=("企业名称", "职工总数（人）", "科技人元（人）", "主营业务收入 2025")
    )
    found = runs.upload(city, file=file)
    assert found.counts["columns"] == 1
    assert "科技人员" in found.problems[0]["message"]


def test_good_rows_alone_may_be_written_and_a_second_press_changes_nothing() -> None:
    city = factories.city_office()
    good = firms.firm("甲示例企业")
    firms.firm("乙示例企业")
    file = workbook(("甲示例企业", 40), ("乙示例企业", "多人"), heads=("企业名称", "职工总数"))
    found = run(city, file, "good")
    assert (found.counts["create"], found.counts["failed"]) == (1, 1)
    assert FirmStanding.objects.get().organisation_id == good.pk
    runs.commit(city, run=found, mode="good")
    assert AuditEvent.objects.filter(verb="firm.import").count() == 1


def test_a_firm_writes_only_its_own_row() -> None:
    own, other = firms.firm("甲示例企业"), firms.firm("乙示例企业")
    actor = factories.actor(Role.ENTERPRISE, own)
    file = workbook(("甲示例企业", 40), ("乙示例企业", 41), heads=("企业名称", "职工总数"))
    found = run(actor, file, "good")
    assert (found.counts["create"], found.counts["failed"]) == (1, 1)
    assert set(FirmStanding.objects.values_list("organisation_id", flat=True)) == {own.pk}
    assert other.name in found.problems[0]["value"]


def test_twice_the_same_firm_is_an_error() -> None:
    city = factories.city_office()
    firms.firm("甲示例企业")
    file = workbook(("甲示例企业", 40), ("甲示例企业", 41), heads=("企业名称", "职工总数"))
    found = runs.upload(city, file=file)
    assert found.counts["failed"] == 1


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_answered_in_words(content: bytes) -> None:
    client = factories.client_of(factories.city_office())
    upload = SimpleUploadedFile("x.xlsx", content)
    answer = client.post(reverse("firm_profiles_import"), {"file": upload})
    assert answer.status_code == 422
    assert "xlsx" in answer.content.decode()


def test_panel_template_result_and_marked_workbook_over_the_web() -> None:
    city = factories.city_office()
    firms.firm("甲示例企业")
    client: Client = factories.client_of(city)
    template = client.get(reverse("firm_profiles_template"))
    assert (
        openpyxl.load_workbook(io.BytesIO(b"".join(template.streaming_content))).sheetnames[0] == "企业情况"
    )
    file = workbook(("甲示例企业", "四十"), heads=("企业名称", "职工总数"))
    answer = client.post(reverse("firm_profiles_import"), {"file": file}, follow=True)
    assert "四十" in answer.content.decode()
    pk = ImportRun.objects.get().pk
    marked = client.get(reverse("firm_profiles_errors", args=[pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(marked.streaming_content))).worksheets[0]
    assert sheet.cell(1, 3).value == "错误信息"
    assert "数字" in sheet.cell(2, 3).value
    stranger = factories.client_of(factories.city_office(factories.region("140200", "大同市")))
    assert stranger.get(reverse("firm_profiles_run", args=[pk])).status_code == 404
