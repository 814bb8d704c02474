"""The pages of filings: filled in, checked, conflicts, comments, moved on, in batches, complete or not - and whose."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from jinchuanggu.foundation.jobs.models import Job
from jinchuanggu.foundation.notices.models import Notice
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.models import Step
from jinchuanggu.indicators.filings import actions
from jinchuanggu.indicators.forms.library import forms
from jinchuanggu.indicators.models import CellComment, Filing, FilingVersion
from tests import factories
from tests.indicators import filing_scene as fw
from tests.indicators.filing_scene import GOOD, MONTH

pytestmark = pytest.mark.django_db
FIRST, SECOND = "甲示例企业", "乙示例企业"


@pytest.fixture
def world() -> fw.World:
    return fw.opened(fw.world())


def fields(**cells: Any) -> dict[str, str]:
    return {f"c-{key}": str(value) for key, value in {**GOOD, **cells}.items()}


def page(client: Any, row: Filing) -> str:
    answer = client.get(row.get_absolute_url())
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_firm_sees_period_due_day_units_and_what_is_prefilled(world: fw.World) -> None:
    client, row = factories.client_of(world.firms[FIRST]), world.row(FIRST)
    text = page(client, row)
    for said in (
        "2026 年 10 月",
        row.due_on.isoformat(),
        "营业收入",
        "元",
        "入驻记录中的全时人员",
        "上期",
        "提交",
    ):
        assert said in text
    assert 'name="c-staff_month_end" value="20"' in text
    assert "之后由运营团队办理" in text
    assert "data-guard-dirty" in text


def test_saving_is_always_allowed_and_sending_says_all_that_stands_in_the_way(world: fw.World) -> None:
    client, row = factories.client_of(world.firms[FIRST]), world.row(FIRST)
    wrong = fields(technology_income_cny=900000, rd_staff_month_end=30, version=row.revision)
    answer = client.post(row.get_absolute_url(), {**wrong, "version": row.revision})
    assert answer.status_code == 302
    row.refresh_from_db()
    text = page(client, row)
    assert text.count('data-severity="hard"') >= 2
    assert "各类收入之和大于营业收入" in text
    answer = client.post(reverse("filing_move", args=[row.pk, "submit"]), {"version": row.revision, **wrong})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#c-technology_income_cny"' in said
    assert "研发人员多于从业人员" in said
    assert 'value="900000"' in said
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_soft_finding_asks_for_words_and_then_lets_through(world: fw.World) -> None:
    client, row = factories.client_of(world.firms[FIRST]), world.row(FIRST)
    odd = fields(profit_cny=2000000)
    move = reverse("filing_move", args=[row.pk, "submit"])
    answer = client.post(move, {"version": row.revision, **odd})
    assert answer.status_code == 422
    assert 'name="e-profit_within_revenue"' in answer.content.decode()
    row.refresh_from_db()
    answer = client.post(
        move, {"version": row.revision, **odd, "e-profit_within_revenue": "出售股权取得投资收益"}
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.explanations) == ("checking", {"profit_within_revenue": "出售股权取得投资收益"})
    operator = page(factories.client_of(world.operator), row)
    assert "出售股权取得投资收益" in operator
    assert "readonly" in operator


def test_what_is_no_number_is_kept_on_the_page_and_the_rest_is_saved(world: fw.World) -> None:
    client, row = factories.client_of(world.firms[FIRST]), world.row(FIRST)
    answer = client.post(row.get_absolute_url(), {"version": row.revision, **fields(revenue_cny="约一百万")})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="约一百万"' in text
    assert 'href="#c-revenue_cny"' in text
    row.refresh_from_db()
    assert row.cells["tax_paid_cny"] == "60000"
    assert not row.cells.get("revenue_cny")


def test_autosave_answers_with_the_revision_a_conflict_or_what_it_could_not_keep(world: fw.World) -> None:
    client, row = factories.client_of(world.firms[FIRST]), world.row(FIRST)
    save = reverse("filing_save", args=[row.pk])
    first = client.post(save, {"version": row.revision, "c-revenue_cny": "5"})
    row.refresh_from_db()
    assert (first.status_code, first["X-Version"], row.cells["revenue_cny"]) == (204, str(row.revision), "5")
    assert client.post(save, {"version": row.revision - 1, "c-revenue_cny": "6"}).status_code == 409
    bad = client.post(save, {"version": row.revision, "c-revenue_cny": "many", "c-tax_paid_cny": "7"})
    row.refresh_from_db()
    assert (bad.status_code, bad["X-Unsaved"]) == (204, "1")
    assert (row.cells["revenue_cny"], row.cells["tax_paid_cny"]) == ("5", "7")


def test_two_people_see_each_others_figures_and_the_second_press_wins(world: fw.World) -> None:
    client, row = factories.client_of(world.firms[FIRST]), world.row(FIRST)
    shown = row.revision
    client.post(row.get_absolute_url(), {"version": shown, "c-revenue_cny": "100"})
    answer = client.post(row.get_absolute_url(), {"version": shown, "c-revenue_cny": "200"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(r"营业收入.*?<td>100</td><td>200</td>", text, re.DOTALL)
    again = re.search(r'name="version" value="(\d+)"', text)
    assert again
    assert (
        client.post(row.get_absolute_url(), {"version": again[1], "c-revenue_cny": "200"}).status_code == 302
    )
    row.refresh_from_db()
    assert row.cells["revenue_cny"] == "200"


def test_typing_is_checked_by_the_server_without_writing(world: fw.World) -> None:
    client, row = factories.client_of(world.firms[FIRST]), world.row(FIRST)
    answer = client.post(
        reverse("filing_check", args=[row.pk]),
        {"version": row.revision, **fields(technology_income_cny=900000)},
    )
    text = answer.content.decode()
    assert 'id="c-technology_income_cny_said" hx-swap-oob="true"' in text
    assert "各类收入之和大于营业收入" in text
    assert "1,400,000" in text  # the running total
    row.refresh_from_db()
    assert "revenue_cny" not in row.cells


def test_sending_twice_is_sending_once(world: fw.World) -> None:
    client, row = factories.client_of(world.firms[FIRST]), world.fill(FIRST)
    move, sent = reverse("filing_move", args=[row.pk, "submit"]), {"version": row.revision, **fields()}
    assert client.post(move, sent).status_code == 302
    assert client.post(move, sent).status_code == 302
    assert Step.objects.filter(event="submit").count() == 1


def test_comments_are_counted_settled_and_answered_without_leaving_the_page(world: fw.World) -> None:
    row = world.send(FIRST)
    client, url = factories.client_of(world.operator), reverse("filing_comment", args=[row.pk])
    answer = client.post(url, {"cell": "revenue_cny", "text": "请附合同清单"}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "请附合同清单" in text
    assert "1/1" in text
    assert 'hx-swap-oob="true"' in text
    assert (
        client.post(url, {"cell": "revenue_cny", "text": "  "}, headers={"HX-Request": "true"}).status_code
        == 200
    )
    assert CellComment.objects.count() == 1
    firm = factories.client_of(world.firms[FIRST])
    assert "请附合同清单" in page(firm, row)
    firm.post(url, {"resolve": CellComment.objects.get().pk})
    assert CellComment.objects.get().resolved_at is not None
    assert "0/1" in page(firm, row)


def test_return_mend_pass_lock_reopen_and_both_values_stand_side_by_side(world: fw.World) -> None:
    row = world.send(FIRST)
    firm, operator, city = (factories.client_of(a) for a in (world.firms[FIRST], world.operator, world.city))

    def move(client: Any, event: str, **more: str) -> int:
        return int(client.post(reverse("filing_move", args=[row.pk, event]), more).status_code)

    assert move(operator, "return_filing") == 422
    assert move(operator, "return_filing", reason="收入与发票不符") == 302
    assert "收入与发票不符" in page(firm, row)
    row.refresh_from_db()
    assert move(firm, "submit", version=str(row.revision), **fields(revenue_cny=1100000)) == 302
    assert move(operator, "pass_check") == 302
    assert move(operator, "lock") == 422
    assert move(city, "lock") == 302
    text = page(city, row)
    assert "已锁定，不能修改" in text
    assert 'value="1,100,000"' in text
    assert move(city, "reopen") == 422
    assert move(city, "reopen", reason="企业申请更正") == 302
    row.refresh_from_db()
    assert move(firm, "submit", version=str(row.revision), **fields(revenue_cny=1200000)) == 302
    assert (move(operator, "pass_check"), move(city, "lock")) == (302, 302)
    assert FilingVersion.objects.filter(filing=row).count() == 2
    versions = city.get(reverse("filing_versions", args=[row.pk])).content.decode()
    for said in ("1,100,000", "1,200,000", "企业申请更正", "改了 1 项"):
        assert said in versions


def test_the_list_says_the_answer_first_and_what_waits_for_whom(world: fw.World) -> None:
    world.send(FIRST)
    operator = factories.client_of(world.operator).get(reverse("filings")).content.decode()
    assert "2 家应报，1 家已报" in operator
    assert "1 家等审核" in operator
    city = factories.client_of(world.city).get(reverse("filings"), {"state": "checking"}).content.decode()
    assert FIRST in city
    assert SECOND not in city
    own = factories.client_of(world.firms[SECOND]).get(reverse("filings")).content.decode()
    assert "1 张报表要填" in own
    assert world.row(SECOND).get_absolute_url() in own
    assert world.row(FIRST).get_absolute_url() not in own


def test_nothing_yet_teaches_and_wrong_filters_are_taken_as_none(world: fw.World) -> None:
    fresh = fw.world("丙示例企业", code="140200", city_name="大同市")
    for actor in (fresh.operator, fresh.firms["丙示例企业"], fresh.city):
        assert "还没有开报的报表" in factories.client_of(actor).get(reverse("filings")).content.decode()
    strange = {"period": "x", "state": "no", "form": "none", "page": "99999", "q": "'"}
    assert factories.client_of(fresh.city).get(reverse("filings"), strange).status_code == 200


def test_the_table_of_a_period_puts_the_worst_first_and_passes_what_is_ready(world: fw.World) -> None:
    good, odd = world.send(FIRST), world.fill(SECOND, profit_cny="3000000")
    actions.save_cells(
        world.firms[SECOND], filing_id=odd.pk, cells={}, explanations={"profit_within_revenue": "投资收益"},
        revision=odd.revision,
    )  # fmt: skip
    actions.submit(world.firms[SECOND], filing_id=odd.pk)
    client = factories.client_of(world.operator)
    address = reverse("filing_batch", args=["firm_month", str(MONTH)])
    text = client.get(address, {"valley": world.valley.pk}).content.decode()
    assert text.index(SECOND) < text.index(FIRST)
    assert "投资收益" in text
    assert "全部无问题的 2 家" in text
    act = reverse("filing_bulk", args=["firm_month", str(MONTH)])
    answer = client.post(act, {"do": "pass_check:ticked", "pk": [good.pk]}, follow=True)
    assert "办成 1 家，未办 0 家" in answer.content.decode()
    answer = client.post(act, {"do": "return_filing:ticked", "pk": [odd.pk]})
    assert (answer.status_code, "退回须写明理由" in answer.content.decode()) == (422, True)
    client.post(act, {"do": "return_filing:ticked", "pk": [odd.pk], "reason": "说明不充分"})
    assert set(Filing.objects.values_list("state", flat=True)) == {"reviewing", "returned"}
    city = factories.client_of(world.city)
    answer = city.post(act, {"do": "lock:ready"})
    result = city.get(answer.url).content.decode()
    assert "办成 1 家，未办 0 家" in result
    assert client.get(answer.url).status_code == 404  # another's result
    assert Job.objects.filter(kind="filings").count() == 3
    job = Job.objects.filter(kind="filings", membership_id=world.operator.membership_id).latest("pk")
    for url in (reverse("jobs"), reverse("job", args=[job.pk])):
        assert client.get(url).status_code == 200


def test_ids_from_elsewhere_do_not_exist(world: fw.World) -> None:
    other = fw.opened(fw.world("丙示例企业", code="140200", city_name="大同市"))
    row, foreign = world.row(FIRST), other.row("丙示例企业")
    for actor in (world.firms[SECOND], other.firms["丙示例企业"], other.operator, other.city):
        client = factories.client_of(actor)
        assert client.get(row.get_absolute_url()).status_code == 404
        assert client.post(row.get_absolute_url(), {"version": 0}).status_code == 404
        for name in ("filing_save", "filing_check", "filing_comment"):
            assert client.post(reverse(name, args=[row.pk]), {"text": "x"}).status_code == 404, name
        assert client.post(reverse("filing_move", args=[row.pk, "submit"])).status_code == 404
        assert client.get(reverse("filing_versions", args=[row.pk])).status_code == 404
        assert client.get(reverse("filing_template_one", args=[row.pk])).status_code == 404
    act = reverse("filing_bulk", args=["firm_month", str(MONTH)])
    sent = {"do": "pass_check:ticked", "pk": [foreign.pk]}
    assert factories.client_of(world.operator).post(act, sent).status_code == 404
    strange = reverse("filing_batch", args=["firm_month", "2026Q3"])
    assert factories.client_of(world.city).get(strange).status_code == 404
    expert = factories.actor(Role.EXPERT, factories.organisation("institute"))
    assert factories.client_of(expert).get(reverse("filings")).status_code in (403, 404)


def test_completeness_counts_lists_and_reminds_once_a_day(world: fw.World) -> None:
    world.send(FIRST)
    client, url = factories.client_of(world.city), reverse("completeness")
    chosen = {"form": "firm_month", "period": str(MONTH)}
    text = client.get(url, chosen).content.decode()
    assert "应报 2 家，已报 1 家（50%）" in text
    assert SECOND in text
    assert "催报 1 家" in text
    told = client.post(reverse("filing_remind"), chosen, follow=True).content.decode()
    assert "已催报 1 家；今天已催过 0 家" in told
    again = client.post(reverse("filing_remind"), chosen, follow=True).content.decode()
    assert "已催报 0 家；今天已催过 1 家" in again
    notice = Notice.objects.get(person_id=world.firms[SECOND].person_id, key__startswith="filing.remind")
    assert notice.url == world.row(SECOND).get_absolute_url()
    assert "催报" in notice.text["zh"]
    assert "Oct 2026" in notice.text["en"]
    book = client.get(reverse("completeness_download"), chosen)
    assert b"".join(book.streaming_content)[:2] == b"PK"


def test_the_table_counts_as_everybody_else_counts(world: fw.World) -> None:
    """The screen's numbers are those of `filing_queries.completeness`, late and returned ones included."""
    from django.utils import timezone

    from jinchuanggu.indicators.filings.completeness import filled, whole
    from jinchuanggu.indicators.filings.queries import completeness

    fw.opened(world, MONTH.shift(-1))
    world.lock(FIRST, MONTH.shift(-1))
    row = world.send(SECOND)
    actions.return_filing(world.operator, filing_id=row.pk, reason="请核对")
    Filing.objects.filter(pk=row.pk).update(late=True)
    periods, form = [MONTH.shift(-1), MONTH], forms()["firm_month"]
    fills = filled(Filing.objects.all(), form, periods, timezone.localdate(), "valley_id")[world.valley.pk]
    told = {one.period.number: one for one in completeness("firm_month", periods, level=2)}
    assert set(fills) == set(told)
    for number, fill in fills.items():
        theirs = told[number]
        assert (fill.due, fill.sent, fill.late, fill.in_time) == (
            theirs.due,
            theirs.submitted,
            theirs.late,
            theirs.on_time,
        )
    both = whole(fills.values())
    assert both is not None
    assert (both.due, both.sent, both.late) == (4, 2, 1)


def test_pages_cost_the_same_for_two_firms_and_for_twenty(django_assert_max_num_queries: Any) -> None:
    made = fw.opened(fw.world())
    client = factories.client_of(made.operator)
    pages = [
        reverse("filings"),
        reverse("filing_batch", args=["firm_month", str(MONTH)]),
        reverse("completeness"),
    ]
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def costs() -> list[int]:
        counts = []
        for url in pages:
            with CaptureQueriesContext(connection) as seen:
                client.get(url)
            counts.append(len(seen))
        return counts

    made.send(FIRST)
    costs()
    few = costs()
    for number in range(18):
        fw.add(made, f"示例企业{number:02}")
    fw.opened(made)
    for number in range(18):
        made.send(f"示例企业{number:02}")
    assert costs() == few


def test_english(world: fw.World) -> None:
    client, row = factories.client_of(world.firms[FIRST]), world.row(FIRST)
    client.cookies["django_language"] = "en"
    with translation.override("zh-hans"):  # the request leaves its language behind in this thread
        text = page(client, row)
    assert "Monthly report of a resident" in text
    assert "Oct 2026" in text
