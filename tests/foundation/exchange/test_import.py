"""An import from upload to result: every error at once, nothing written before the word, nothing twice."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.audit.seal import verify
from jinchuanggu.foundation.exchange import limits
from jinchuanggu.foundation.exchange.models import ImportRun, ImportState
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.residents.models import Resident, Space
from tests.foundation import world
from tests.foundation.exchange import books

pytestmark = pytest.mark.django_db
SPACE = ["名称*", "晋创谷*", "类别", "面积（m²）", "位于起步区", "建成日期"]
VALLEY = "晋创谷·甲市"


@pytest.fixture
def made() -> world.World:
    return world.build()


def test_a_good_workbook_is_checked_first_and_written_on_the_word(made: world.World) -> None:
    client, before = made.client(Role.OPERATOR), Space.objects.count()
    data = books.book(
        SPACE,
        ["二号楼", VALLEY, "办公用房", 800.5, "是", date(2025, 6, 1)],
        ["三号楼", VALLEY, "laboratory", "1,200.25", "否", "2025年7月2日"],
        ["甲市一号楼", VALLEY, "办公用房", 1300, "是", ""],
    )
    run = books.send(client, "spaces", data)
    assert books.messages(run) == ""
    assert run.counts["create"] == 2
    assert run.counts["update"] == 1
    assert Space.objects.count() == before, "a check writes nothing"
    run = books.commit(client, "spaces", run)
    assert run.state == ImportState.DONE
    third = Space.objects.get(name="三号楼")
    assert (third.kind, str(third.area_m2), third.startup_zone) == ("laboratory", "1200.25", False)
    assert third.completed_on == date(2025, 7, 2)
    assert third.origin == "simulated"
    assert Space.objects.get(name="甲市一号楼").area_m2 == 1300
    event = AuditEvent.objects.get(target_type="residents.space", target_id=str(third.pk))
    assert event.verb == "spaces.import"
    assert event.changes["name"] == [None, "三号楼"]
    assert verify().intact


def test_committing_twice_writes_once(made: world.World) -> None:
    client = made.client(Role.OPERATOR)
    run = books.send(client, "spaces", books.book(SPACE, ["二号楼", VALLEY, "办公用房", 1, "是", ""]))
    books.commit(client, "spaces", run)
    again = books.commit(client, "spaces", run)
    assert again.state == ImportState.DONE
    assert Space.objects.filter(name="二号楼").count() == 1
    assert AuditEvent.objects.filter(verb="spaces.import").count() == 1


def test_all_errors_are_told_at_once_with_place_value_and_remedy(made: world.World) -> None:
    client = made.client(Role.OPERATOR)
    data = books.book(
        SPACE,
        ["二号楼", VALLEY, "办公室", "十二", "也许", "2025-02-30"],
        ["", "晋创谷·乙市", "标准化厂房", 12.345, "是", 45000],
        ["四号楼", VALLEY, "中试基地", -3, "是", ""],
        ["四号楼", VALLEY, "中试基地", 3, "是", ""],
    )
    run = books.send(client, "spaces", data)
    told = books.messages(run)
    assert run.counts == {"total": 4, "create": 0, "update": 0, "unchanged": 0, "failed": 4, "columns": 0}
    for piece in (
        "2|类别|办公室|不在可选范围内。是否为“办公用房”？",
        "2|面积（m²）|十二|请填数字",
        "2|位于起步区|也许|请填“是”或“否”",
        "2|建成日期|2025-02-30|没有这一天",
        "3|名称||必填",
        "3|晋创谷|晋创谷·乙市|没有找到，或不在您的范围内。是否为“晋创谷·甲市”？",
        "3|面积（m²）|12.345|最多 2 位小数，是否为 12.3",
        "3|建成日期|45000|单元格是数字而不是日期，是否为 2023-03-15？",
        "4|面积（m²）|-3|面积应大于 0",
        "5|名称|四号楼|与第 4 行重复",
    ):
        assert piece in told
    assert all(p["sheet"] == "数据" for p in run.problems)
    assert run.problem_count == len(run.problems)


def test_an_unknown_column_is_an_error_with_a_suggestion_and_blocks(made: world.World) -> None:
    client = made.client(Role.OPERATOR)
    run = books.send(
        client, "spaces", books.book([*SPACE, "建成日子"], ["二号楼", VALLEY, "办公用房", 1, "是", "", ""])
    )
    assert "没有这一列。是否为“建成日期”？" in books.messages(run)
    assert books.commit(client, "spaces", run, "good").state == ImportState.CHECKED
    assert not Space.objects.filter(name="二号楼").exists()


def test_a_missing_required_column_is_named(made: world.World) -> None:
    run = books.send(
        made.client(Role.OPERATOR), "spaces", books.book(["名称", "类别"], ["二号楼", "办公用房"])
    )
    assert "缺少必填的列“晋创谷”" in books.messages(run)


def test_good_rows_only_when_chosen(made: world.World) -> None:
    client = made.client(Role.OPERATOR)
    data = books.book(
        SPACE, ["二号楼", VALLEY, "办公用房", 1, "是", ""], ["三号楼", VALLEY, "办公用房", "多", "是", ""]
    )
    run = books.send(client, "spaces", data)
    assert books.commit(client, "spaces", run, "all").state == ImportState.CHECKED
    assert not Space.objects.filter(name="二号楼").exists()
    run = books.commit(client, "spaces", run, "good")
    assert run.state == ImportState.DONE
    assert Space.objects.filter(name="二号楼").exists()
    assert run.counts["failed"] == 1
    back = books.table(books.fetched(client, f"/r/spaces/import/{run.pk}/errors.xlsx"))
    assert len(back) == 2, "only the failed rows are left"
    assert back[1][0] == "三号楼"


def test_the_workbook_comes_back_with_its_errors_marked(made: world.World) -> None:
    client = made.client(Role.OPERATOR)
    data = books.book(
        SPACE, ["二号楼", VALLEY, "办公用房", 1, "是", ""], ["三号楼", VALLEY, "办公楼", "多", "是", ""]
    )
    run = books.send(client, "spaces", data)
    marked = books.fetched(client, f"/r/spaces/import/{run.pk}/errors.xlsx")
    page = openpyxl.load_workbook(io.BytesIO(marked)).worksheets[0]
    assert page.cell(1, 7).value == "错误信息"
    assert page.cell(2, 7).value is None
    assert "类别：不在可选范围内" in page.cell(3, 7).value
    assert "请填数字" in page.cell(3, 7).value
    assert page.cell(3, 3).fill.fgColor.rgb == "FFF6D5CF"
    assert page.cell(2, 3).fill.fgColor.rgb != "FFF6D5CF"
    again = books.send(client, "spaces", marked)
    assert again.counts == run.counts, "the marked workbook can be sent again as it is"


def test_what_changed_between_check_and_commit_is_noticed(made: world.World) -> None:
    client = made.client(Role.OPERATOR)
    run = books.send(client, "spaces", books.book(SPACE, ["甲市一号楼", VALLEY, "办公用房", 5, "是", ""]))
    Space.objects.filter(name="甲市一号楼").update(area_m2=7)
    run = books.commit(client, "spaces", run)
    assert run.state == ImportState.CHECKED
    assert "预检之后数据有变化" in run.message
    assert Space.objects.get(name="甲市一号楼").area_m2 == 7
    assert books.commit(client, "spaces", run).state == ImportState.DONE
    assert Space.objects.get(name="甲市一号楼").area_m2 == 5


def test_nobody_imports_into_another_valley(made: world.World) -> None:
    other = Space.objects.get(name="乙市一号楼")
    data = books.book(["编号", *SPACE], [other.pk, "改名", "晋创谷·乙市", "办公用房", 1, "是", ""])
    run = books.send(made.client(Role.OPERATOR), "spaces", data)
    assert run.counts["failed"] == 1
    assert "没有这个编号的记录，或不在您的办理范围内" in books.messages(run)


def test_another_hats_import_does_not_exist(made: world.World) -> None:
    run = books.send(
        made.client(Role.OPERATOR), "spaces", books.book(SPACE, ["二号楼", VALLEY, "办公用房", 1, "是", ""])
    )
    other = made.client(Role.OPERATOR, 1)
    assert other.get(f"/r/spaces/import/{run.pk}/").status_code == 404
    assert other.post(f"/r/spaces/import/{run.pk}/commit", {"mode": "all"}).status_code == 404
    assert other.get(f"/r/spaces/import/{run.pk}/errors.xlsx").status_code == 404


def test_credit_codes_are_explained_and_numbers_that_lost_digits_are_seen(made: world.World) -> None:
    good = world.code(900)
    heads = ["名称", "类别", "统一社会信用代码", "区划"]
    data = books.book(
        heads,
        ["新企业甲", "企业", good[:-1] + ("0" if good[-1] != "0" else "1"), "甲市"],
        ["新企业乙", "企业", 9.11401e17, "甲市"],
        ["新企业丙", "企业", good.lower(), "149100"],
        ["新企业丁", "企业", world.code(1), "甲市"],
    )
    run = books.send(made.client(Role.CITY_OFFICE), "organisations", data)
    told = books.messages(run)
    assert f"应为“{good[-1]}”" in told
    assert "末几位已丢失" in told
    assert run.counts["create"] == 1
    assert run.counts["update"] == 1, "a known code names a known firm"


def test_a_long_workbook_runs_as_a_job(
    made: world.World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:
    monkeypatch.setattr(limits, "INLINE_ROWS", 5)
    client = made.client(Role.OPERATOR)
    rows = [[f"{n}号仓", VALLEY, "办公用房", n, "是", ""] for n in range(1, 9)]
    with django_capture_on_commit_callbacks(execute=True):
        run = books.send(client, "spaces", books.book(SPACE, *rows))
    run.refresh_from_db()
    assert run.job_id
    assert run.state == ImportState.CHECKED
    with django_capture_on_commit_callbacks(execute=True):
        books.commit(client, "spaces", run)
    assert ImportRun.objects.get(pk=run.pk).state == ImportState.DONE
    assert Space.objects.filter(name__endswith="号仓").count() == 8


def test_a_resident_of_a_real_body_cannot_be_simulated(made: world.World) -> None:
    real = Organisation.objects.create(
        name="真实企业", kind="enterprise", region=made.cities[0], origin="real"
    )
    data = books.book(
        ["企业或团队", "晋创谷", "类别", "入驻日期"], [real.name, VALLEY, "企业", date(2026, 1, 1)]
    )
    run = books.send(made.client(Role.OPERATOR), "residents", data)
    assert "模拟数据不能挂在真实单位名下" in books.messages(run)
    assert not Resident.objects.filter(organisation=real).exists()


def test_queries_do_not_grow_with_rows(made: world.World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = made.client(Role.OPERATOR)
    counted = []
    for count in (3, 5, 50):
        rows = [[f"{count}-{n}号", VALLEY, "办公用房", n + 1, "是", ""] for n in range(count)]
        with CaptureQueriesContext(connection) as asked:
            books.commit(client, "spaces", books.send(client, "spaces", books.book(SPACE, *rows)))
        counted.append(len(asked))
    assert counted[1] == counted[2]
