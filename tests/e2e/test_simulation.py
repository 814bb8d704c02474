"""A policy officer turns a number and sees the firms move: by mouse, by keyboard alone, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.site import Site, axe_violations, overflow

pytestmark = pytest.mark.e2e
Enter = Callable[[str], Page]
RULES = "/policies/simulation/tech_sme/"
STAFF = "criterion:size_staff.limit"


def become(page: Page, site: Site, username: str) -> Page:
    """The same, in a window of its own."""
    page.goto(f"{site.url}/demo/")
    page.locator(f"form:has(input[value='{username}']) button").click()
    page.wait_for_url("**/workbench/**")
    return page


def opened(page: Page, site: Site) -> Page:
    page.goto(site.url + RULES)
    page.wait_for_load_state("networkidle")
    return page


def knob(page: Page) -> tuple[object, object]:
    field = page.locator(f"input[name='{STAFF}']")
    return page.locator(f"[data-slider='{field.get_attribute('id')}']"), field


def test_a_slider_moves_sentence_chart_and_tables_without_a_new_page(site: Site, enter: Enter) -> None:
    page = opened(enter("office"), site)
    answer, results = page.locator("#turn-answer"), page.locator("#turn-results")
    before, tables = answer.inner_text(), results.inner_text()
    chart = page.locator(
        "#turn-before-after ~ * [data-canvas], [aria-labelledby=turn-before-after] [data-canvas]"
    ).first
    said = chart.get_attribute("aria-label")
    page.evaluate("window.stays = true")
    slider, field = knob(page)
    slider.focus()
    page.keyboard.press("Home")  # the keyboard alone
    expect(answer).to_contain_text("降到 0")
    expect(answer).not_to_have_text(before)
    expect(field).to_have_value("0")
    expect(slider).to_be_focused()
    expect(page).to_have_url(re.compile(re.escape(STAFF) + "=0"))
    expect(results).not_to_have_text(tables)
    assert chart.get_attribute("aria-label") != said
    expect(results.locator("canvas").first).to_be_visible()
    assert page.evaluate("window.stays") is True, "the page was not loaded again"
    moved = answer.inner_text()
    lost = int(re.search(r"失去 ([\d,]+) 家", moved).group(1).replace(",", ""))  # type: ignore[union-attr]
    assert lost > 0
    rows = results.locator("section[aria-labelledby=turn-by-city] > .j-table tbody tr td:nth-child(5)")
    assert sum(int(text.replace(",", "")) for text in rows.all_inner_texts()) == lost


def test_back_and_a_sent_link_show_the_same_state(site: Site, enter: Enter, browser: Browser) -> None:
    page = opened(enter("office"), site)
    plain = page.locator("#turn-answer").inner_text()
    _slider, field = knob(page)
    field.fill("30")
    expect(page.locator("#turn-answer")).to_contain_text("降到 30")
    link, said = page.url, page.locator("#turn-answer").inner_text()
    page.go_back()
    expect(page.locator("#turn-answer")).to_have_text(plain, use_inner_text=True)
    expect(field).to_have_value("500")
    page.go_forward()
    expect(page.locator("#turn-answer")).to_have_text(said, use_inner_text=True)
    context = browser.new_context(locale="zh-CN")
    other = become(context.new_page(), site, "office")
    other.goto(link)
    expect(other.locator("#turn-answer")).to_have_text(said, use_inner_text=True)
    expect(other.locator(f"input[name='{STAFF}']")).to_have_value("30")
    context.close()


def test_a_number_can_be_set_back(site: Site, enter: Enter) -> None:
    page = opened(enter("office"), site)
    plain = page.locator("#turn-answer").inner_text()
    _slider, field = knob(page)
    row = page.locator(".j-knob", has=field)
    reset = row.locator("[data-knob-reset]")
    expect(reset).to_be_hidden()
    field.fill("40")
    expect(row).to_have_attribute("data-changed", "")
    expect(page.locator("#turn-answer")).to_contain_text("降到 40")
    reset.press("Enter")
    expect(page.locator("#turn-answer")).to_have_text(plain, use_inner_text=True)
    expect(reset).to_be_hidden()
    assert STAFF not in page.url


def test_what_is_no_number_is_told_and_the_tables_stay(site: Site, enter: Enter) -> None:
    page = opened(enter("office"), site)
    tables = page.locator("#turn-results").inner_text()
    _slider, field = knob(page)
    field.fill("-1e20")
    expect(page.locator("#turn-answer .j-error-summary")).to_be_visible()
    assert page.locator("#turn-results").inner_text() == tables
    field.fill("60")
    expect(page.locator("#turn-answer")).to_contain_text("降到 60")


def test_on_a_phone_the_answer_stays_in_sight(site: Site, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True)
    page = opened(become(context.new_page(), site, "office"), site)
    slider, _field = knob(page)
    slider.scroll_into_view_if_needed()
    slider.focus()
    page.keyboard.press("Home")
    answer = page.locator("#turn-answer")
    expect(answer).to_contain_text("降到 0")
    expect(answer).to_be_in_viewport()
    expect(slider).to_be_in_viewport()
    page.wait_for_timeout(500)
    assert overflow(page) <= 0
    assert axe_violations(page) == []
    context.close()


def test_a_scenario_is_saved_found_and_compared(site: Site, enter: Enter) -> None:
    page = opened(enter("office"), site)
    _slider, field = knob(page)
    for limit in ("25", "80"):
        field.fill(limit)
        expect(page.locator("#turn-answer")).to_contain_text(f"降到 {limit}")
        page.locator("[data-dialog-open=save-scenario]").click()
        page.locator("#scenario-name").fill(f"职工 {limit} 人以内")
        page.keyboard.press("Enter")
        expect(page.locator(".j-messages")).to_contain_text(f"职工 {limit} 人以内")
        expect(field).to_have_value(limit)
    page.goto(f"{site.url}/policies/simulation/")
    for limit in ("25", "80"):
        page.locator("tr", has_text=f"职工 {limit} 人以内").first.locator("[name=s]").check()
    page.get_by_role("button", name="并排比较").click()
    expect(page.locator("h1")).to_have_text("方案比较")
    expect(page.locator("main table[data-wide] tbody tr").first).to_be_visible()
    assert axe_violations(page) == []


def test_a_simulation_becomes_a_draft_in_the_editor(site: Site, enter: Enter) -> None:
    page = opened(enter("office"), site)
    _slider, field = knob(page)
    field.fill("320")
    expect(page.locator("#turn-answer")).to_contain_text("降到 320")
    page.get_by_role("button", name="转为草稿").click()
    page.wait_for_url(re.compile(r"/policies/drafts/\d+/"))
    expect(page.locator(".j-messages")).to_contain_text("已写成草稿")
    expect(page.locator("textarea[name=yaml]")).to_have_value(re.compile("value: 320"))


def test_a_city_officer_sees_the_firms_of_the_city(site: Site, enter: Enter) -> None:
    whole = opened(enter("office"), site).locator("#turn-knobs .j-help").first.inner_text()
    page = opened(enter("city"), site)
    own = page.locator("#turn-knobs .j-help").first.inner_text()
    numbers = [int(re.search(r"(\d[\d,]*) 家企业", text).group(1).replace(",", "")) for text in (whole, own)]  # type: ignore[union-attr]
    assert 0 < numbers[1] < numbers[0]
