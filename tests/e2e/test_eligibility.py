"""A firm looks up what it can get: fills what is missing, sees its rung change, sends a wrong file, on a phone, in English."""

from __future__ import annotations

from collections.abc import Callable

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site, axe_violations, overflow
from tests.e2e.visitor import ask

pytestmark = pytest.mark.e2e

Enter = Callable[[str], Page]
OWN = (
    "select m.organisation_id from organisations_membership m join organisations_person p on p.id=m.person_id"
    " join accounts_user u on u.id=p.user_id where u.username='enterprise' and m.role='enterprise'"
)


@pytest.mark.clause("T3b", "S2")
def test_an_enterprise_fills_two_facts_and_sees_its_rung_change(site: Site, enter: Enter) -> None:
    page, pk = enter("enterprise"), ask(site, OWN)
    page.goto(f"{site.url}/policies/eligibility/")
    page.wait_for_url(f"**/policies/eligibility/{pk}/")
    expect(page.locator(".j-answer")).to_contain_text("现在是“初创企业”")
    expect(page.locator(".j-answer")).to_contain_text("下一级“科技型中小企业”")
    missing = page.locator("#next a.j-chip")
    expect(missing.filter(has_text="科技人员")).to_have_count(1)
    missing.filter(has_text="科技人员").click()
    page.wait_for_url(f"**/firms/{pk}/profile/#f-tech_staff")
    page.locator("#f-tech_staff").fill("很多")
    page.locator("#f-no_serious_dishonesty").select_option("true")
    page.get_by_role("button", name="保存并看结果").click()
    summary = page.locator(".j-error-summary")
    expect(summary).to_contain_text("有 1 处需要更正")
    expect(page.locator("#f-tech_staff")).to_have_value("很多")
    summary.get_by_role("link").first.click()
    page.locator("#f-tech_staff").fill("13")
    page.get_by_role("button", name="保存并看结果").click()
    page.wait_for_url(f"**/policies/eligibility/{pk}/#main")
    expect(page.locator(".j-answer")).to_contain_text("现在是“科技型中小企业”")
    expect(page.locator(".j-ribbon [aria-current=step]")).to_contain_text("科技型中小企业")


@pytest.mark.clause("S2")
def test_a_measure_opens_to_its_reason_and_a_doubt_reaches_its_unit(site: Site, enter: Enter) -> None:
    page, pk = enter("enterprise"), ask(site, OWN)
    page.goto(f"{site.url}/policies/eligibility/{pk}/ladder/")
    page.get_by_role("link", name="高新技术企业").first.click()
    expect(page.locator("main")).to_contain_text("规则版本")
    page.locator(".j-criterion summary").first.click()
    expect(page.locator(".j-criterion blockquote").first).to_be_visible()
    page.get_by_label("哪里不对，应当如何").fill("知识产权的计分与工作指引不一致，请核对")
    page.get_by_role("button", name="提交给责任单位").click()
    expect(page.locator(".j-messages")).to_contain_text("答复后会通知您")
    office = enter("office")
    office.goto(f"{site.url}/policies/appeals/")
    expect(office.locator("main")).to_contain_text("知识产权的计分与工作指引不一致")
    office.get_by_label("答复").first.fill("已核对原文，记入待改清单")
    office.get_by_role("button", name="答复").first.click()
    expect(office.locator("main")).to_contain_text("已核对原文")


def test_a_wrong_file_is_answered_cell_by_cell(site: Site, enter: Enter, tmp_path: object) -> None:
    page = enter("operator")
    book = openpyxl.Workbook()
    book.active.append(["企业名称", "职工总数（人）", "营业（销售）收入 2025（万元）"])
    book.active.append(["没有这家企业", "四十", "两千"])
    path = f"{tmp_path}/错误.xlsx"
    book.save(path)
    page.goto(f"{site.url}/firms/import/")
    page.set_input_files("#file", path)
    page.get_by_role("button", name="上传并预检").click()
    page.wait_for_url("**/firms/import/*/")
    expect(page.locator("main")).to_contain_text("第 2 行")
    expect(page.locator("main")).to_contain_text("没有找到这家企业")
    expect(page.locator("main")).to_contain_text("四十")
    page.goto(f"{site.url}/firms/import/")
    with open(path, "wb") as file:
        file.write(b"not a workbook")
    page.set_input_files("#file", path)
    page.get_by_role("button", name="上传并预检").click()
    expect(page.locator(".j-error-summary")).to_contain_text("xlsx")


def test_in_english_titles_of_rules_and_facts_are_english(site: Site, enter: Enter) -> None:
    page, pk = enter("enterprise"), ask(site, OWN)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": site.url}])
    page.goto(f"{site.url}/policies/eligibility/{pk}/ladder/")
    expect(page.locator(".j-ribbon")).to_contain_text("Technology SME")
    page.goto(f"{site.url}/firms/{pk}/profile/")
    expect(page.locator("label[for=f-staff_total]")).to_contain_text("Staff")


PAGES = (
    "/policies/eligibility/{pk}/", "/policies/eligibility/{pk}/ladder/", "/policies/eligibility/{pk}/finance/",
    "/policies/eligibility/{pk}/listing/", "/policies/eligibility/{pk}/print/",
    "/policies/eligibility/{pk}/measures/hnte/", "/firms/{pk}/profile/", "/policies/appeals/",
)  # fmt: skip


def test_on_a_phone_nothing_is_cut_off_and_every_page_is_accessible(site: Site, enter: Enter) -> None:
    page, pk = enter("enterprise"), ask(site, OWN)
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        for path in PAGES:
            page.goto(site.url + path.format(pk=pk))
            assert overflow(page) == 0, (width, path)
            if width == 1440:
                assert axe_violations(page) == [], path


def test_an_enterprise_does_not_reach_another_by_its_number(site: Site, enter: Enter) -> None:
    page, pk = enter("enterprise"), ask(site, OWN)
    other = ask(
        site, f"select id from organisations_organisation where kind='enterprise' and id<>{pk} limit 1"
    )
    for path in ("/policies/eligibility/{}/", "/firms/{}/profile/"):
        answer = page.goto(site.url + path.format(other))
        assert answer is not None
        assert answer.status == 404
