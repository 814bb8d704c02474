"""The cockpit in a real browser: another indicator, another month, down to a firm, files, the wall, a phone."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site, axe_violations, overflow

pytestmark = pytest.mark.e2e
Enter = Callable[[str], Page]
START = "/cockpit/?origin=simulated"


def test_another_indicator_and_another_month_stay_in_the_address(site: Site, enter: Enter) -> None:
    page = enter("office")
    page.goto(site.url + START)
    page.locator("select[name=key]").select_option("full_time_staff")
    expect(page.locator("#h-ranking")).to_contain_text("全时入驻人员")
    assert "key=full_time_staff" in page.url
    slider = page.get_by_label("月份滑块")
    slider.focus()
    before = page.locator("#at").input_value()
    slider.press("ArrowLeft")
    page.wait_for_function("before => !location.search.includes('at=' + before)", arg=before)
    assert page.locator("#at").input_value() < before


def test_from_the_province_to_a_firm_and_a_figure_to_its_records(site: Site, enter: Enter) -> None:
    page = enter("office")
    page.goto(site.url + START)
    page.locator("#figures a.j-figure").nth(4).click()
    page.wait_for_url("**/records/**")
    page.goto(site.url + START)
    page.locator(".j-tiles h3 a").first.click()
    page.wait_for_url("**/cockpit/*/?**")
    page.locator(".j-tiles li li a").first.click()
    page.locator("#ranking details.j-twin summary").click()
    page.locator("#ranking tbody td:nth-child(2) a").first.click()
    expect(page.locator(".j-crumbs li")).to_have_count(5)


def test_the_file_is_the_table(site: Site, enter: Enter, tmp_path: Path) -> None:
    page = enter("office")
    page.goto(site.url + START)
    page.locator("#ranking details.j-twin summary").click()
    shown = page.locator("#ranking tbody td:nth-child(2)").all_inner_texts()
    page.locator("#ranking details.j-menu summary").click()
    with page.expect_download() as waiting:
        page.locator("#ranking").get_by_role("link", name="CSV").click()
    file = tmp_path / "a.csv"
    waiting.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        assert [row[1] for row in csv.reader(opened)][1:] == [text.strip() for text in shown]


def test_the_wall_fits_and_needs_no_hand(site: Site, enter: Enter) -> None:
    page = enter("office")
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(site.url + START + "&wall=1")
    expect(page.locator("[data-wall]")).to_be_visible()
    assert overflow(page) <= 0
    assert page.evaluate("document.documentElement.scrollHeight") <= 1080


@pytest.mark.parametrize("path", [START, "/cockpit/?origin=real"])
def test_it_is_accessible_and_fits_a_phone(site: Site, enter: Enter, path: str) -> None:
    page = enter("office")
    page.goto(site.url + path)
    page.wait_for_load_state("networkidle")
    assert axe_violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    page.wait_for_load_state("networkidle")
    assert overflow(page) <= 0
