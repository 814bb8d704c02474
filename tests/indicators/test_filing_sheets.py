"""Filings as workbooks: round trip, every wrong cell named at once, other workbooks refused, marked ones handed back."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinchuanggu.foundation.exchange.models import ImportRun
from jinchuanggu.indicators.filings import actions
from jinchuanggu.indicators.forms.library import forms
from jinchuanggu.indicators.models import Filing
from tests import factories
from tests.indicators import filing_scene as fw
from tests.indicators.filing_scene import GOOD, MONTH

pytestmark = pytest.mark.django_db
FIRST, SECOND = "甲示例企业", "乙示例企业"
CELLS = [cell.key for cell in forms()["firm_month"].typed]


@pytest.fixture
def world() -> fw.World:
    return fw.opened(fw.world())


def fetch(client: Any, url: str) -> bytes:
    answer = client.get(url)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def changed(content: bytes, change: Callable[[Any, dict[str, int]], None]) -> bytes:
    """The workbook with its first sheet changed; the heads' places are given along."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book.worksheets[0]
    change(page, {cell.value: cell.column for cell in page[2]})
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def send(client: Any, url: str, content: bytes) -> Any:
    return client.post(url, {"file": SimpleUploadedFile("报表.xlsx", content)}, follow=True)


def many(world: fw.World) -> tuple[str, str]:
    args, query = ["firm_month", str(MONTH)], f"?valley={world.valley.pk}"
    return reverse("filing_template", args=args) + query, reverse("filing_upload", args=args) + query


def row_of(page: Any, name: str) -> int:
    return next(line[0].row for line in page.iter_rows(min_row=3) if line[1].value == name)


def last() -> ImportRun:
    return ImportRun.objects.latest("pk")


amounts = st.one_of(st.none(), st.decimals(0, 10**9, places=2))
people = st.one_of(st.none(), st.integers(0, 10_000).map(Decimal))


@given(values=st.fixed_dictionaries({key: people if "staff" in key else amounts for key in CELLS}))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_template_sent_back_unchanged_changes_nothing(world: fw.World, values: dict[str, Any]) -> None:
    """For any figures, for the sheet of one form and for the sheet of many firms."""
    row = world.row(FIRST)
    actions.save_cells(world.firms[FIRST], filing_id=row.pk, cells=values, revision=row.revision)
    row.refresh_from_db()
    firm, operator = factories.client_of(world.firms[FIRST]), factories.client_of(world.operator)
    send(
        firm,
        reverse("filing_upload_one", args=[row.pk]),
        fetch(firm, reverse("filing_template_one", args=[row.pk])),
    )
    assert (last().counts["update"], last().counts["unchanged"]) == (0, len(CELLS)), last().problems
    template, upload = many(world)
    send(operator, upload, fetch(operator, template))
    assert last().counts["update"] == 0
    assert last().counts["unchanged"] + last().counts["failed"] == 2
    now = Filing.objects.get(pk=row.pk)
    assert (now.cells, now.revision) == (row.cells, row.revision)


def test_a_firm_fills_its_form_in_excel(world: fw.World) -> None:
    client, row = factories.client_of(world.firms[FIRST]), world.row(FIRST)
    url = reverse("filing_upload_one", args=[row.pk])

    def fill(page: Any, heads: dict[str, int]) -> None:
        for line in page.iter_rows(min_row=3):
            if line[0].value in GOOD:
                page.cell(line[0].row, heads["本期"]).value = float(GOOD[line[0].value])

    content = fetch(client, reverse("filing_template_one", args=[row.pk]))
    answer = send(client, url, changed(content, fill))
    assert "写入 7 项" in answer.content.decode()  # the staff were prefilled
    assert Filing.objects.get(pk=row.pk).revision == row.revision
    for _press in range(2):
        client.post(reverse("filing_import_commit", args=[last().pk]), {"mode": "all"})
    kept = Filing.objects.get(pk=row.pk)
    assert (kept.cells["revenue_cny"], kept.revision) == ("1000000", row.revision + 1)
    actions.submit(world.firms[FIRST], filing_id=row.pk)
    assert client.get(url).status_code == 404  # it lies with the operator now


def test_every_wrong_cell_is_named_at_once_and_nothing_is_kept(world: fw.World) -> None:
    client, row = factories.client_of(world.firms[FIRST]), world.row(FIRST)

    def spoil(page: Any, heads: dict[str, int]) -> None:
        wrong = {
            "revenue_cny": "约一百万",
            "tax_paid_cny": 1.234,
            "staff_month_end": 2.5,
            "rd_staff_month_end": -3,
        }
        for line in page.iter_rows(min_row=3):
            if line[0].value in wrong:
                page.cell(line[0].row, heads["本期"]).value = wrong[line[0].value]

    content = changed(fetch(client, reverse("filing_template_one", args=[row.pk])), spoil)
    text = send(client, reverse("filing_upload_one", args=[row.pk]), content).content.decode()
    said = {problem["value"]: problem["message"] for problem in last().problems}
    assert set(said) == {"约一百万", "1.234", "2.5", "-3"}
    assert "1.23" in said["1.234"]
    assert "整数" in said["2.5"]
    assert {problem["column"] for problem in last().problems} == {"本期"}
    assert "第 3 行" in text
    assert Filing.objects.get(pk=row.pk).cells == row.cells
    client.post(reverse("filing_import_commit", args=[last().pk]), {"mode": "good"})
    assert Filing.objects.get(pk=row.pk).cells == row.cells
    marked = fetch(client, reverse("filing_import_errors", args=[last().pk]))
    page = openpyxl.load_workbook(io.BytesIO(marked)).worksheets[0]
    heads = {cell.value: cell.column for cell in page[2]}
    assert "数字" in page.cell(3, heads["错误信息"]).value
    # the marked one, mended, can be sent again
    mended = changed(
        marked,
        lambda page, heads: [
            page.cell(line, heads["本期"]).__setattr__("value", None) for line in range(3, 11)
        ],
    )
    send(client, reverse("filing_upload_one", args=[row.pk]), mended)
    assert last().problem_count == 0


def test_an_operator_files_for_its_firms_good_rows_alone_by_choice(world: fw.World) -> None:
    fw.add(world, "丙示例企业")
    fw.opened(world)
    client, (template, upload) = factories.client_of(world.operator), many(world)
    heads_of = {cell.key: f"{cell.name}（{cell.unit_label}）" for cell in forms()["firm_month"].typed}

    def fill(page: Any, heads: dict[str, int]) -> None:
        for name in (FIRST, SECOND, "丙示例企业"):
            for key, value in GOOD.items():
                page.cell(row_of(page, name), heads[heads_of[key]]).value = float(value)
        page.cell(row_of(page, SECOND), heads[heads_of["technology_income_cny"]]).value = 900_000
        page.cell(row_of(page, "丙示例企业"), heads[heads_of["profit_cny"]]).value = 5_000_000
        page.cell(row_of(page, "丙示例企业"), heads["说明（对疑点的解释）"]).value = "股权转让收益"

    text = send(client, upload, changed(fetch(client, template), fill)).content.decode()
    run = last()
    assert (run.counts["update"], run.counts["failed"]) == (2, 1)
    assert "各类收入之和大于营业收入" in text
    assert run.problems[0]["column"].startswith("技术性收入")
    client.post(reverse("filing_import_commit", args=[run.pk]), {"mode": "all"})
    assert not world.row(FIRST).revision
    client.post(reverse("filing_import_commit", args=[run.pk]), {"mode": "good"})
    assert world.row(FIRST).cells["revenue_cny"] == "1000000"
    assert world.row("丙示例企业").explanations == {"profit_within_revenue": "股权转让收益"}
    assert "revenue_cny" not in world.row(SECOND).cells
    failed = openpyxl.load_workbook(
        io.BytesIO(fetch(client, reverse("filing_import_errors", args=[run.pk])))
    ).worksheets[0]
    names = [line[1].value for line in failed.iter_rows(min_row=3) if line[1].value]
    assert names == [SECOND]


@pytest.mark.parametrize(
    "case", ["period", "valley", "kind", "version", "unmarked", "broken", "column", "stranger"]
)
def test_what_belongs_elsewhere_is_refused_in_words(world: fw.World, case: str) -> None:
    client, (template, upload) = factories.client_of(world.operator), many(world)
    content, said = fetch(client, template), ""
    if case == "period":
        fw.opened(world, MONTH.shift(-1))
        content = fetch(client, template.replace(str(MONTH), str(MONTH.shift(-1))))
        said = "2026 年 9 月"
    elif case == "valley":
        other = fw.opened(fw.world("丁示例企业", code="140200", city_name="大同市"))
        content, said = fetch(factories.client_of(other.operator), many(other)[0]), "别的晋创谷"
    elif case == "kind":
        row = world.row(FIRST)
        content, said = fetch(client, reverse("filing_template_one", args=[row.pk])), "不能互用"
    elif case == "version":
        book = openpyxl.load_workbook(io.BytesIO(content))
        book["jcg"]["B3"] = "7"
        file = io.BytesIO()
        book.save(file)
        content, said = file.getvalue(), "请下载新模板"
    elif case == "unmarked":
        book = openpyxl.load_workbook(io.BytesIO(content))
        del book["jcg"]
        file = io.BytesIO()
        book.save(file)
        content, said = file.getvalue(), "不是报送模板"
    elif case == "broken":
        content, said = b"PK\x03\x04 no", "xlsx"
    elif case == "column":
        content = changed(content, lambda page, heads: page.delete_cols(4))
        said = "缺少"
    elif case == "stranger":
        content = changed(
            content, lambda page, heads: page.cell(3, 1).__setattr__("value", "91140300MA000000XX")
        )
        said = "不在本期应报名单内"
    answer = send(client, upload, content)
    assert said in answer.content.decode()
    if case not in ("column", "stranger"):
        assert answer.status_code == 422
        assert not ImportRun.objects.exists()
    assert world.row(FIRST).revision == 0


def test_an_emptied_cell_is_said_before_it_takes_a_figure_away(world: fw.World) -> None:
    client, row = factories.client_of(world.firms[FIRST]), world.fill(FIRST)
    content = changed(
        fetch(client, reverse("filing_template_one", args=[row.pk])),
        lambda page, heads: page.cell(6, heads["本期"]).__setattr__("value", None),
    )
    text = send(client, reverse("filing_upload_one", args=[row.pk]), content).content.decode()
    assert "1 个空格子会清空已填的数" in text
    client.post(reverse("filing_import_commit", args=[last().pk]), {"mode": "all"})
    assert set(row.cells) - set(Filing.objects.get(pk=row.pk).cells) == {"profit_cny"}


def test_what_changed_between_check_and_commit_is_checked_again(world: fw.World) -> None:
    client, row = factories.client_of(world.firms[FIRST]), world.row(FIRST)
    content = changed(
        fetch(client, reverse("filing_template_one", args=[row.pk])),
        lambda page, heads: page.cell(3, heads["本期"]).__setattr__("value", 5),
    )
    send(client, reverse("filing_upload_one", args=[row.pk]), content)
    run = last()
    world.fill(FIRST, revenue_cny="5")
    client.post(reverse("filing_import_commit", args=[run.pk]), {"mode": "all"})
    run.refresh_from_db()
    assert run.state == "checked"
    assert "预检之后数据有变化" in run.message


def test_uploads_belong_to_the_hat_that_sent_them(world: fw.World) -> None:
    client, (template, upload) = factories.client_of(world.operator), many(world)
    send(client, upload, fetch(client, template))
    for other in (world.city, world.firms[FIRST]):
        assert factories.client_of(other).get(reverse("filing_import", args=[last().pk])).status_code == 404
    assert factories.client_of(world.firms[FIRST]).get(template).status_code in (403, 404)


@pytest.mark.parametrize(
    "junk",
    [
        True,
        "1e99",
        "1e400",
        "９９９",
        "=1/0",
        "#N/A",
        "x" * 5000,
        -0.0,
        1e15,
        "2026-01-01",
        "\u0661",
        "--",
        "1,2,3",
    ],
)
def test_junk_in_any_cell_ends_in_words(world: fw.World, junk: Any) -> None:
    """In every cell of both workbooks: never an error of the server, never a figure that nobody meant."""
    operator, firm, row = (
        factories.client_of(world.operator),
        factories.client_of(world.firms[FIRST]),
        world.row(FIRST),
    )
    template, upload = many(world)

    def spoil(page: Any, heads: dict[str, int]) -> None:
        for line in page.iter_rows(min_row=3):
            for cell in line:
                cell.value = junk

    for client, address, to in (
        (operator, template, upload),
        (firm, reverse("filing_template_one", args=[row.pk]), reverse("filing_upload_one", args=[row.pk])),
    ):
        assert send(client, to, changed(fetch(client, address), spoil)).status_code in (200, 422)
        assert last().counts["update"] == 0
        assert last().counts["failed"] == last().counts["total"]
        assert fetch(client, reverse("filing_import_errors", args=[last().pk]))[:2] == b"PK"
    assert Filing.objects.get(pk=row.pk).cells == row.cells


def test_a_workbook_of_many_firms_costs_no_more_queries_than_one_of_few(world: fw.World) -> None:
    """Queries do not grow with the firms."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, (template, upload) = factories.client_of(world.operator), many(world)

    def queries() -> int:
        content = fetch(client, template)
        with CaptureQueriesContext(connection) as seen:
            send(client, upload, content)
        return len(seen)

    queries()
    few = queries()
    for number in range(30):
        fw.add(world, f"示例企业{number:02}")
    fw.opened(world)
    assert queries() == few
