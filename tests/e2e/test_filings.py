"""Filings in a real browser: a firm fills in, its operator checks, its city locks and reopens; workbooks; two tabs; keys only."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.person import Person
from tests.e2e.site import Site, axe_violations, overflow
from tests.e2e.visitor import ask

pytestmark = pytest.mark.e2e

OPERATOR, CITY = "operator", "city_office-sim01"
VALLEY = "select id from programme_valley where name like '%·澜岫%' and origin='simulated'"
OF_FIRM = (
    "select f.id from indicators_filing f join indicators_unit u on u.id=f.unit_id and u.level=1"
    " join residents_resident r on r.id=u.ref_id join organisations_membership m on m.organisation_id=r.organisation_id"
    " join organisations_person p on p.id=m.person_id join accounts_user a on a.id=p.user_id"
    " where a.username=? and f.form='firm_month' and f.state in ('draft','returned') order by f.period desc limit 1"
)
STATE = "select state from indicators_filing where id=?"
CELLS = "select cells from indicators_filing where id=?"
PERIOD = "select period from indicators_filing where id=?"
GOOD = {
    "revenue_cny": "2300000", "technology_income_cny": "690000", "product_income_cny": "1300000", "profit_cny": "150000",
    "rd_expense_cny": "235000", "tax_paid_cny": "98000",
}  # fmt: skip


@pytest.fixture
def person(page: Page, site: Site) -> Person:
    return Person(page, site)


def field(person: Person, cell: str):  # type: ignore[no-untyped-def]
    return person.page.locator(f"#c-{cell}")


def fill(person: Person, **cells: str) -> None:
    for cell, value in {**GOOD, **cells}.items():
        field(person, cell).fill(value)


def page_of(pk: int) -> str:
    return f"/filings/{pk}/"


def batch(person: Person, site: Site, pk: int) -> str:
    number = str(ask(site, PERIOD, pk))
    return f"/filings/forms/firm_month/{number[1:5]}-{number[5:7]}/?valley={ask(site, VALLEY)}"


def test_a_filing_from_the_firm_to_the_lock_and_its_restatement(person: Person, site: Site) -> None:
    """Errors are seen and mended, the odd figure explained, a remark answered, both versions kept."""
    pk = int(ask(site, OF_FIRM, "enterprise"))
    person.enter("enterprise")
    person.go("/filings/")
    person.sees("张报表要填")
    person.go(page_of(pk))
    person.sees("报送截止", "预填自入驻记录中的全时人员", "之后由运营团队办理")
    fill(person, technology_income_cny="1900000", revenue_cny="9000000")
    field(person, "technology_income_cny").press("Tab")
    # ten times the usual revenue: asked for words at the cell, while typing, without a press
    expect(person.page.locator("#c-revenue_cny_said")).to_contain_text("请核实或说明")
    field(person, "revenue_cny").fill("2300000")
    field(person, "technology_income_cny").fill("1900000")
    field(person, "technology_income_cny").press("Tab")
    expect(person.page.locator("#c-technology_income_cny_said")).to_contain_text("各类收入之和大于营业收入")
    expect(person.page.locator("#c-parts_of_revenue")).to_have_text("3,200,000")
    person.press(person.page.get_by_role("button", name="提交"))
    person.refused("各类收入之和大于营业收入")
    assert axe_violations(person.page) == []
    person.page.get_by_role("alert").get_by_role("link").first.click()
    assert person.page.evaluate("document.activeElement.id") == "c-technology_income_cny"
    field(person, "technology_income_cny").fill("690000")
    field(person, "profit_cny").fill("3000000")
    field(person, "profit_cny").press("Tab")
    said = person.page.locator("[name='e-profit_within_revenue']")
    said.fill("出售一项专利实施许可取得投资收益")
    button = person.page.get_by_role("button", name="提交")
    with person.page.expect_navigation():
        button.dblclick()
    assert ask(site, STATE, pk) == "checking"
    steps = "select count(*) from workflow_step s join workflow_case c on c.id=s.case_id where c.process='filing' and c.subject_id=? and s.event='submit'"
    assert ask(site, steps, pk) == 1

    person.enter(OPERATOR)
    person.go(page_of(pk))
    person.sees("出售一项专利实施许可取得投资收益")
    person.page.locator("#c-rd_expense_cny_talk").click()
    person.page.locator("#say-rd_expense_cny").fill("请核对研发辅助账")
    person.page.locator("#talk-rd_expense_cny").get_by_role("button", name="批注").click()
    expect(person.page.locator("#c-rd_expense_cny_talk")).to_contain_text("1/1")
    person.page.keyboard.press("Escape")
    person.move("return_filing", reason="研发费用与辅助账不一致")
    assert ask(site, STATE, pk) == "returned"

    person.enter("enterprise")
    person.go(page_of(pk))
    person.sees("研发费用与辅助账不一致", "未解决的批注")
    field(person, "rd_expense_cny").fill("231000")
    person.page.locator("#c-rd_expense_cny_talk").click()
    person.page.locator("#talk-rd_expense_cny").get_by_role("button", name="标为已解决").click()
    expect(person.page.locator("#c-rd_expense_cny_talk")).to_contain_text("0/1")
    person.page.keyboard.press("Escape")
    person.press(person.page.get_by_role("button", name="提交"))
    assert ask(site, STATE, pk) == "checking"

    person.enter(OPERATOR)
    person.go(batch(person, site, pk))
    person.page.locator(f"input[name=pk][value='{pk}']").check()
    person.press(person.page.get_by_role("button", name="审核通过勾选的"))
    person.sees("办成 1 家，未办 0 家")
    assert axe_violations(person.page) == []
    person.enter(CITY)
    person.go(page_of(pk))
    person.move("lock")
    person.sees("已锁定，不能修改")
    assert ask(site, STATE, pk) == "locked"
    expect(field(person, "revenue_cny")).to_have_attribute("readonly", "")
    person.move("reopen", reason="企业发现漏记一份合同")

    person.enter("enterprise")
    person.go(page_of(pk))
    field(person, "revenue_cny").fill("2350000")
    person.press(person.page.get_by_role("button", name="提交"))
    person.enter(OPERATOR)
    person.go(page_of(pk))
    person.move("pass_check")
    person.enter(CITY)
    person.go(page_of(pk))
    person.move("lock")
    person.go(f"/filings/{pk}/versions/")
    person.sees("2,300,000", "2,350,000", "企业发现漏记一份合同")
    assert axe_violations(person.page) == []


def test_two_tabs_do_not_overwrite_each_other_and_leaving_asks(
    person: Person, site: Site, context: BrowserContext
) -> None:
    pk = int(ask(site, OF_FIRM, "e02"))
    person.enter("e02")
    person.go(page_of(pk))
    other = Person(context.new_page(), site)
    other.go(page_of(pk))
    field(person, "tax_paid_cny").fill("70001")
    expect(person.page.locator("[data-saved]")).to_contain_text("已保存")
    field(other, "tax_paid_cny").fill("70002")
    expect(other.page.locator("[data-saved]")).to_contain_text("他人已先保存")
    other.press(other.page.get_by_role("button", name="保存"))
    other.refused("他人在您编辑期间保存过")
    expect(other.page.get_by_role("alert").first).to_contain_text("70001")
    other.press(other.page.get_by_role("button", name="保存"))
    assert '"tax_paid_cny": "70002"' in str(ask(site, CELLS, pk))
    asked: list[str] = []
    other.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    field(other, "tax_paid_cny").fill("many")
    expect(other.page.locator("[data-saved]")).to_contain_text("有内容无法识别")
    other.go("/filings/")
    assert asked == ["beforeunload"]


def test_a_workbook_with_errors_and_then_a_good_one(person: Person, site: Site, tmp_path: Path) -> None:
    pk = int(ask(site, OF_FIRM, "e02"))
    person.enter("e02")
    person.go(page_of(pk))
    with person.page.expect_download() as waiting:
        person.page.get_by_role("link", name="下载 Excel 模板").click()
    template = Path(waiting.value.path()).read_bytes()

    def spoilt(values: dict[str, object], name: str) -> Path:
        book = openpyxl.load_workbook(io.BytesIO(template))
        sheet = book.worksheets[0]
        for line in sheet.iter_rows(min_row=3):
            if line[0].value in values:
                line[4].value = values[line[0].value]
        path = tmp_path / name
        book.save(path)
        return path

    def upload(path: Path) -> None:
        person.go(f"/filings/{pk}/upload/")
        person.page.locator("#file").set_input_files(path)
        person.press(person.page.get_by_role("button", name="上传并预检"))

    upload(spoilt({"revenue_cny": "约二百万", "staff_month_end": 12.5}, "bad.xlsx"))
    person.sees("约二百万", "请填整数", "问题 2 处")
    assert axe_violations(person.page) == []
    with person.page.expect_download() as waiting:
        person.page.get_by_role("link", name="下载标出错误的原表").click()
    assert "错误标注" in waiting.value.suggested_filename
    upload(spoilt({"tax_paid_cny": 71234.5}, "good.xlsx"))
    person.press(person.page.get_by_role("button", name=re.compile("写入 1 项")))
    person.sees("已写入 1 项")
    assert '"tax_paid_cny": "71234.5"' in str(ask(site, CELLS, pk))


def test_by_keyboard_alone_on_a_narrow_screen_in_english(browser: Browser, site: Site) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="en-US")
    context.set_default_timeout(15_000)
    try:
        person = Person(context.new_page(), site)
        pk = int(ask(site, OF_FIRM, "e02"))
        person.enter("e02")
        context.add_cookies([{"name": "django_language", "value": "en", "url": site.url}])
        person.go(page_of(pk))
        assert overflow(person.page) == 0
        person.sees("Monthly report of a resident")
        person.page.locator("#c-revenue_cny").focus()
        person.page.keyboard.press("Control+A")
        person.page.keyboard.type("2100000")
        for _turn in range(20):  # from the field through its remarks to the next field
            person.page.keyboard.press("Tab")
            if person.page.evaluate("document.activeElement.id") == "c-technology_income_cny":
                break
        else:
            pytest.fail("the next figure is not reached by Tab")
        person.page.locator("#c-revenue_cny_talk").focus()
        person.page.keyboard.press("Enter")
        expect(person.page.locator("#talk-revenue_cny")).to_be_visible()
        person.page.locator("#say-revenue_cny").focus()
        person.page.keyboard.type("Checked with the invoices")
        person.page.keyboard.press("Tab")
        person.page.keyboard.press("Enter")
        expect(person.page.locator("#talk-revenue_cny")).to_contain_text("Checked with the invoices")
        person.page.keyboard.press("Escape")
        assert axe_violations(person.page) == []
    finally:
        context.close()


def test_others_find_nothing(person: Person, site: Site) -> None:
    pk = int(ask(site, OF_FIRM, "e02"))
    for account in ("enterprise", "city", "expert", "university"):
        person.enter(account)
        assert person.go(page_of(pk)).status in (403, 404), account


def test_completeness_is_drilled_and_reminded(person: Person, site: Site) -> None:
    person.enter(OPERATOR)
    person.go("/filings/completeness/?form=firm_month")
    person.sees("应报", "逾期未报")
    assert overflow(person.page) == 0
    person.page.locator("td[data-heat=some] a").first.click()
    person.press(person.page.get_by_role("button", name=re.compile("催报")))
    person.sees("已催报")
    person.press(person.page.get_by_role("button", name=re.compile("催报")))
    person.sees("已催报 0 家")
    assert axe_violations(person.page) == []
