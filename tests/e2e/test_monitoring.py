"""A year of monitoring in a real browser: written by the city, filed by its government, scored, ranked, decided, mended."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import docx
import pypdf
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.person import Person
from tests.e2e.site import Site, axe_violations, overflow
from tests.e2e.visitor import Visitor, ask

pytestmark = [pytest.mark.e2e, pytest.mark.clause("P4")]

OFFICE = "office"
TEXT = (
    "本年度按照建设方案推进重点任务，形成了可复制的做法，对存在的问题逐项提出改进措施，并明确了下一步安排。"
)
# valleys of cities that other tests work with are left alone
REPORTS = (
    "select r.id, v.id, v.name, c.year, v.region_id from programme_annualreport r"
    " join programme_monitoringcycle c on c.id=r.cycle_id join programme_valley v on v.id=r.valley_id"
    " join organisations_region g on g.id=v.region_id"
    " where r.state='drafting' and r.origin='simulated' and r.edited='{}' and g.code not in ('sim01','sim02')"
    " and c.year=(select max(year) from programme_monitoringcycle) order by v.state='plaqued' desc, r.id"
)
ACCOUNT = (
    "select u.username from accounts_user u join organisations_person p on p.user_id=u.id"
    " join organisations_membership m on m.person_id=p.id join organisations_organisation o on o.id=m.organisation_id"
    " where m.role=? and {where} order by u.id limit 1"
)
STATE = "select state from programme_annualreport where id=?"
WAITING = (
    "select r.id, r.state from programme_annualreport r join programme_monitoringcycle c on c.id=r.cycle_id"
    " where c.year=? and r.state in ('filed','scoring') and r.id<>? order by r.id"
)
JUDGED = "tasks"


@dataclass
class Year:
    """The report the walk is about, and who works on it."""

    report: int
    valley: int
    name: str
    year: int
    city: str
    government: str
    other_city: str

    @property
    def page(self) -> str:
        return f"/monitoring/reports/{self.report}/"


@pytest.fixture
def person(page: Page, site: Site) -> Person:
    return Person(page, site)


@pytest.fixture
def year(person: Person) -> Year:
    """The newest cycle, opened by the office where the calendar hasn't yet."""
    person.enter(OFFICE)
    person.go("/monitoring/")
    opening = person.page.get_by_role("button", name=re.compile("启动"))
    if opening.count():
        person.press(opening)
    report, valley, name, number, region = person.kept(REPORTS)[0]

    def account(role: str, where: str) -> str:
        return str(person.kept(ACCOUNT.format(where=where), role, region)[0][0])

    return Year(
        report, valley, name, number, account("city_office", "o.region_id=?"),
        account("city_government", "o.region_id=?"), account("city_office", "o.region_id<>?"),
    )  # fmt: skip


def move(person: Person, event: str, reason: str = "", number: str = "") -> None:
    """Make a move of the report; reason and number are asked in a dialog."""
    form = person.page.locator(f"form[action$='/moves/{event}/']").first
    opener = person.page.locator(f"[data-dialog-open='move-{event}']").first
    if opener.count():
        opener.click()
        expect(form).to_be_visible()
    if reason:
        form.locator("textarea[name=reason]").fill(reason)
    if number:
        form.locator("input[name=issuing_number]").fill(number)
    person.submit(form)


def clean(person: Person) -> None:
    """Nothing for axe to say, and a phone shows the page without scrolling sideways."""
    assert axe_violations(person.page) == []
    person.page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(person.page) == 0
    assert axe_violations(person.page) == []
    person.page.set_viewport_size({"width": 1440, "height": 900})


def chapter(person: Person, key: str):  # type: ignore[no-untyped-def]
    return person.page.locator(f"#s-{key}")


def write_all(person: Person, year: Year, context: BrowserContext) -> None:
    """The first chapter keeps itself, the second is written in two tabs, the others are checked and saved."""
    person.go(year.page + "edit/")
    person.sees("系统草稿，待核对", "还不能送市政府审签")
    clean(person)
    keys = [
        one.get_attribute("id").removeprefix("s-") for one in person.page.locator(".j-chapter-edit").all()
    ]  # type: ignore[union-attr]
    first, second, *others = keys
    chapter(person, first).locator("textarea").fill(TEXT)
    expect(chapter(person, first).locator("[data-saved]")).to_contain_text("已保存", timeout=10_000)
    expect(chapter(person, first).locator("[data-draft-mark]")).to_be_hidden()
    other = Person(context.new_page(), person.site)
    other.go(year.page + "edit/")
    expect(chapter(other, first).locator("textarea")).to_have_value(TEXT)
    chapter(person, second).locator("textarea").fill("甲写的：" + TEXT)
    person.press(chapter(person, second).get_by_role("button"))
    chapter(other, second).locator("textarea").fill("乙写的：" + TEXT)
    other.press(chapter(other, second).get_by_role("button"))
    other.refused("他人已先保存", "甲写的：" + TEXT, "乙写的：" + TEXT)
    assert axe_violations(other.page) == []
    chapter(other, second).locator("textarea").fill("合并：" + TEXT)
    other.press(chapter(other, second).get_by_role("button"))
    other.page.close()
    person.go(year.page + "edit/")
    expect(chapter(person, second).locator("textarea")).to_have_value("合并：" + TEXT)
    for key in others:
        chapter(person, key).locator("textarea").fill(f"{TEXT}（{key}）")
        person.press(chapter(person, key).get_by_role("button"))
        assert person.page.url.endswith(f"#s-{key}")


def papers(person: Person, year: Year) -> None:
    """The report as Word and PDF by its buttons: opened again, all the words are in it."""
    got = {}
    for label, ending in (("Word", "docx"), ("PDF", "pdf")):
        with person.page.expect_download() as download:
            person.page.locator(f"a[href$='report.{ending}']").click()
        got[label] = Path(download.value.path()).read_bytes()
    made = docx.Document(io.BytesIO(got["Word"]))
    words = "\n".join(one.text for one in made.paragraphs)
    cells = "\n".join(cell.text for table in made.tables for row in table.rows for cell in row.cells)
    plain = year.name.replace("（模拟）", "")
    assert plain in words
    assert f"{year.year}年度建设情况" in words
    assert "合并：" + TEXT in words
    assert "模拟" in words + cells + "".join(p.text for s in made.sections for p in s.header.paragraphs)
    assert "认定条件" in cells
    assert made.inline_shapes, "no charts in the Word file"
    read = pypdf.PdfReader(io.BytesIO(got["PDF"]))
    text = "".join(page.extract_text() for page in read.pages).replace("\n", "").replace(" ", "")
    assert f"{year.year}年度建设情况" in text
    assert TEXT[:20] in text
    assert "认定条件" in text


def evaluate_the_others(site: Site, year: Year) -> None:
    """What else is filed for this year must be scored before anything is published."""
    office = Visitor(site, OFFICE)
    person = Person(None, site)  # type: ignore[arg-type]
    for pk, state in person.kept(WAITING, year.year, year.report):
        page = f"/monitoring/reports/{pk}/"
        if state == "filed":
            assert office.post(f"{page}moves/begin_scoring/").status_code == 302
        assert (
            office.post(
                f"{page}scores/", {"criterion": JUDGED, "points": "6", "reason": "对照任务评议"}
            ).status_code
            == 302
        )
        assert office.post(f"{page}moves/finish_scoring/").status_code == 302


def test_a_year_from_the_draft_to_the_recheck(
    person: Person, site: Site, context: BrowserContext, year: Year, tmp_path: Path
) -> None:
    """Everybody at their own desk; each page is clean on a large and a small screen."""
    person.enter(year.city)
    person.go("/monitoring/")
    person.sees(f"{year.year} 年度：", "截止")
    person.go(year.page)
    person.sees("系统草稿", "年度指标", "已核对 0 / 13 章")
    expect(person.page.get_by_role("button", name="送市政府审签")).to_have_attribute("aria-disabled", "true")
    person.sees("还有 13 章是系统草稿或字数不够")
    write_all(person, year, context)
    person.go(year.page)
    person.sees("共 13 章，均已核对")
    papers(person, year)
    move(person, "ready")
    assert ask(site, STATE, year.report) == "ready"

    person.enter(year.government)
    person.go(year.page)
    person.sees("待市政府报送")
    move(person, "send_back", reason="补充明年目标")
    person.enter(year.city)
    person.go(year.page)
    person.sees("补充明年目标")
    move(person, "ready")
    person.enter(year.government)
    person.go(year.page)
    move(person, "file")
    assert ask(site, STATE, year.report) == "filed"
    person.sees("按期报送", f"关于{year.name.replace('（模拟）', '')}")
    clean(person)

    person.enter(OFFICE)
    person.go(year.page)
    move(person, "begin_scoring")
    person.go(year.page + "scores/")
    person.sees("看怎么算的", "待评议", "还不能完成打分")
    clean(person)
    form = person.page.locator(f"#c-{JUDGED} form")
    form.locator("[name=points]").fill("11")
    person.submit(form)
    person.refused("应在 0 到 10 之间", "请写明理由")
    form.locator("[name=points]").fill("5.5")
    form.locator("[name=reason]").fill("九项任务中六项有成效")
    person.submit(form)
    person.sees("九项任务中六项有成效")
    move(person, "finish_scoring")
    evaluate_the_others(site, year)
    person.go(f"/monitoring/{year.year}/")
    person.page.locator("#summary").fill("总体向好，个别谷进度偏慢")
    with person.page.expect_navigation():
        person.page.locator("#publish button").dblclick()
    person.sees("报告与排名", "总体向好")
    clean(person)
    for extension, opened in (("docx", docx.Document), ("pdf", pypdf.PdfReader)):
        summary = context.request.get(f"{site.url}/monitoring/{year.year}/summary-simulated.{extension}")
        assert summary.status == 200
        opened(io.BytesIO(summary.body()))

    person.go(year.page + "decision/")
    person.sees("按方案建议", "《整改通知》")
    person.page.get_by_label("后续支持").check()
    expect(person.page.locator("#title-1")).to_be_hidden()
    person.page.get_by_label("限期整改").check()
    decide = person.own_form()
    button = person.page.get_by_role("button", name="作出决定")
    decide.locator("#reason").fill("年度目标完成不足")
    decide.locator("#title-1").fill("补齐全时人员")
    decide.locator("#due_on-1").fill((date.today() + timedelta(days=90)).isoformat())
    person.press(button)
    person.refused("第 1 项：请写整改要求")
    expect(decide.locator("#title-1")).to_have_value("补齐全时人员")
    clean(person)
    decide.locator("#requirement-1").fill("全时人员达到 400 人")
    person.press(button)
    assert ask(site, STATE, year.report) == "rectifying"
    person.sees("关于", "限期整改的通知")

    person.enter(year.city)
    person.go("/workbench/")
    person.page.get_by_role("link", name=re.compile("补齐全时人员")).first.click()
    person.sees("全时人员达到 400 人")
    clean(person)
    wrong = tmp_path / "名单.pdf"
    wrong.write_bytes(b"<html>not a pdf</html>")
    person.page.locator("#file").set_input_files(wrong)
    person.press(person.page.get_by_role("button", name="上传材料"))
    expect(person.page.get_by_role("alert").first).to_be_visible()
    right = tmp_path / "名单.txt"
    right.write_text("新聘人员名单", encoding="utf-8")
    person.page.locator("#file").set_input_files(right)
    person.press(person.page.get_by_role("button", name="上传材料"))
    person.sees("名单.txt")
    person.page.locator("#answer").fill("新聘 60 人，现有 410 人")
    person.press(person.page.get_by_role("button", name="保存整改情况"))
    item = person.page.url.removeprefix(site.url)
    person.go(year.page)
    move(person, "submit_rectification")

    person.enter(OFFICE)
    person.go(item)
    person.sees("新聘 60 人", "名单.txt")
    person.page.get_by_label("未通过，继续整改").check()
    person.press(person.page.get_by_role("button", name="记录复核意见"))
    person.refused("未通过的请写明还差什么")
    person.page.get_by_label("通过", exact=True).check()
    person.page.locator("#opinion").fill("与社保记录一致")
    person.press(person.page.get_by_role("button", name="记录复核意见"))
    person.go(year.page)
    move(person, "accept_rectification")
    assert ask(site, STATE, year.report) == "mended"
    person.sees("整改通过", "复核通过")
    clean(person)
    person.go(f"/valleys/{year.valley}/monitoring/")
    person.sees(f"{year.year} 年度", "整改通过")
    clean(person)


def test_others_read_nothing_of_it(site: Site, year: Year) -> None:
    for account, page, status in (
        (year.other_city, year.page, 404), (year.other_city, year.page + "edit/", 404),
        (year.city, year.page + "scores/", 403), (year.city, year.page + "decision/", 403),
        (year.other_city, year.page + "report.docx", 404), ("enterprise", year.page, 403), ("expert", year.page, 403),
        ("enterprise", "/monitoring/", 403), ("university", f"/monitoring/{year.year}/", 403),
        (OFFICE, year.page + "edit/", 403),
    ):  # fmt: skip
        assert Visitor(site, account).get(page).status_code == status, (account, page)
    stranger = Visitor(site, year.other_city)
    assert stranger.post(f"{year.page}sections/progress/", {"text": "改", "version": "0"}).status_code == 404
    assert stranger.post(f"{year.page}moves/ready/").status_code == 404
    assert Visitor(site).get(year.page).status_code == 302  # to the door


def test_the_pages_in_the_dark_and_in_english(person: Person, site: Site, year: Year) -> None:
    person.enter(OFFICE)
    person.page.emulate_media(color_scheme="dark")
    for page in ("/monitoring/", f"/monitoring/{year.year}/", f"/monitoring/{year.year}/scheme/", year.page):
        person.go(page)
        clean(person)
    person.enter(year.city)
    person.go(year.page + "edit/")
    clean(person)
