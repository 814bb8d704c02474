"""From the catalogue to one record: every figure opens to what it is made of, and the foot of the list is the figure."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site, axe_violations, overflow

pytestmark = pytest.mark.e2e
Enter = Callable[[str], Page]


def figure(text: str) -> Decimal:
    found = re.search(r"-?[\d,]+(\.\d+)?", text)
    assert found, text
    return Decimal(found[0].replace(",", ""))


def opened(page: Page, site: Site, path: str) -> Page:
    page.goto(site.url + path)
    page.wait_for_load_state("networkidle")
    return page


def test_from_the_catalogue_to_one_record(site: Site, enter: Enter) -> None:
    page = opened(enter("office"), site, "/indicators/")
    said = re.search(r"(\d+) 个指标中 (\d+) 个（([\d.]+) %）无人填报", page.locator(".j-answer").inner_text())
    assert said, "the share that nobody types is told at the top"
    total, untyped = int(said[1]), int(said[2])
    assert round(100 * untyped / total, 1) == float(said[3])
    listed = page.locator("tbody tr")
    assert listed.count() >= total
    page.get_by_label("搜索名称、口径、代码").fill("在驻单位")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="在驻单位", exact=True).click()
    expect(page.locator("canvas").first).to_be_visible()
    row = page.locator("tbody tr", has_text="晋创谷").filter(has=page.locator("td.num a")).first
    value = figure(row.locator("td.num a").inner_text())
    row.locator("td.num a").click()
    expect(page.locator("[data-total]")).to_be_visible()
    assert figure(page.locator("[data-total]").inner_text()) == value
    seen = 0
    while True:
        seen += page.locator("section[data-part=records] tbody tr").count()
        further = page.locator("a[rel=next]", has_text="下一页")
        if not further.count():
            break
        further.click()
    assert seen == value
    record = page.locator("section[data-part=records] tbody th a").first
    name = record.inner_text()
    record.click()
    expect(page).to_have_url(re.compile(r"/r/residents/\d+/"))
    expect(page.locator("main")).to_contain_text(name)


def test_a_share_opens_to_its_parts_and_those_to_records(site: Site, enter: Enter) -> None:
    page = opened(enter("office"), site, "/indicators/occupancy_percent/")
    page.locator("section[data-part=latest] td.num a").first.click()
    percent = figure(page.locator(".j-figure-value").inner_text())
    page.locator("section[data-part=parts] td.num a").first.click()
    over = figure(page.locator("[data-total]").inner_text())
    page.go_back()
    page.locator("section[data-part=parts] td.num a").last.click()
    under = figure(page.locator("[data-total]").inner_text())
    assert abs(100 * over / under - percent) <= Decimal("0.0001")


def test_the_list_comes_as_a_workbook(site: Site, enter: Enter) -> None:
    page = opened(enter("office"), site, "/indicators/resident_units/")
    page.locator("section[data-part=latest] td.num a").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_an_office_adds_an_indicator_that_others_read(site: Site, enter: Enter) -> None:
    page = opened(enter("office"), site, "/indicators/new/")
    key = f"deal_share_{time.time_ns()}"  # the site may be one that runs on
    page.get_by_label("代码").fill(key)
    page.get_by_label("名称", exact=False).first.fill("股权融资占比")
    page.locator("[name=title_en]").fill("Share of equity")
    page.locator("[name=counts_zh]").fill("股权融资额占融资额的比重")
    page.locator("[name=counts_en]").fill("Equity as a share of all financing")
    page.locator("[name=group]").select_option("capital")
    page.locator("[name=unit]").select_option("percent")
    page.locator("[name=period]").select_option("month")
    page.locator("[name=aggregation]").select_option("ratio")
    page.locator("[name=formula_kind]").select_option("quotient")
    page.locator("[name=numerator]").select_option("equity_financing_cny")
    page.locator("[name=denominator]").select_option("move_ins")
    page.locator(".j-form-foot button").click()
    summary = page.locator(".j-error-summary")
    expect(summary).to_contain_text("单位不一致")  # money by firms
    expect(page.locator("[name=counts_zh]")).to_have_value("股权融资额占融资额的比重")
    page.locator("[name=denominator]").select_option("financing_cny")
    page.locator(".j-form-foot button").click()
    expect(page).to_have_url(re.compile(f"/indicators/{key}/"))
    expect(page.locator("main")).to_contain_text("股权融资额 ÷ 融资额 × 100%")


@pytest.mark.parametrize("path", ["/indicators/", "/indicators/resident_units/", "/indicators/new/"])
def test_pages_are_for_everybody_and_for_a_phone(site: Site, enter: Enter, path: str) -> None:
    page = opened(enter("office"), site, path)
    assert axe_violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) == 0


def test_the_records_are_for_everybody_and_for_a_phone(site: Site, enter: Enter) -> None:
    page = opened(enter("office"), site, "/indicators/resident_units/")
    page.locator("section[data-part=latest] td.num a").first.click()
    expect(page.locator("[data-total]")).to_be_visible()
    assert axe_violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) == 0


def test_a_firm_reads_definitions_and_no_records_of_others(site: Site, enter: Enter) -> None:
    page = opened(enter("office"), site, "/indicators/resident_units/")
    address = page.locator("section[data-part=latest] td.num a").first.get_attribute("href")
    page = opened(enter("enterprise"), site, "/indicators/resident_units/")
    expect(page.locator("h1")).to_contain_text("在驻单位")
    assert page.goto(f"{site.url}{address}").status == 404  # type: ignore[union-attr]
