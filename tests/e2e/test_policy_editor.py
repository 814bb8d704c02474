"""An officer completes a measure known by name only; a second one puts it in force; it counts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.e2e.test_use import become
from tests.e2e.visitor import ask

pytestmark = pytest.mark.e2e

Enter = Callable[[str], Page]
MEASURE = "measure.sx.talent"


def saved(page: Page) -> None:
    """Wait until what was typed is stored and checked."""
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved", timeout=30_000)


def forget(page: Page) -> None:
    page.locator("[data-saved]").evaluate("place => { place.dataset.state = ''; }")


def test_a_pending_measure_is_completed_reviewed_and_counts(site: Site, enter: Enter) -> None:
    page = enter("office")
    page.goto(f"{site.url}/policies/rules/{MEASURE}/")
    expect(page.get_by_text("金额待核").first).to_be_visible()
    page.get_by_role("button", name="补全").click()
    page.wait_for_url("**/policies/drafts/*/")
    draft = page.url

    # the form writes into the text
    page.get_by_label("金额怎么算").select_option("fixed")
    page.get_by_label("固定金额（元）").fill("50000")
    page.get_by_label("依据来源").first.fill("演示：印发本第三条")
    page.get_by_label("核实程度").first.select_option("searched")
    text = page.locator("textarea[name=yaml]")
    expect(text).to_have_value(re.compile("constant: 50000"), timeout=30_000)
    saved(page)
    # a condition nobody could judge becomes one that can be; the form follows
    open_one = page.locator("details", has=page.get_by_text("待核", exact=True)).last
    open_one.get_by_label("怎么判断").select_option("is_true")
    asked = page.locator("details", has=page.locator("code", has_text=re.compile("^text$")))
    asked.get_by_label("看哪一项").select_option("valley_resident", timeout=30_000)
    asked.get_by_label("核实程度").select_option("searched")
    asked.get_by_label("条文或转述").fill("对入驻晋创谷的企业引进人才给予支持。")
    expect(text).to_have_value(re.compile("input: valley_resident"), timeout=30_000)
    expect(text).to_have_value(re.compile("引进人才给予支持"), timeout=30_000)
    saved(page)

    # an example that does not hold shows while typing, with its line
    panel = page.locator("[data-part=panel]")
    yaml = text.input_value()
    yaml = yaml[: yaml.index("    vectors:")] + "    vectors:\n"
    example = "      - {id: fifty_thousand, given: {valley_resident: true}, expect: {amount: %s}}\n"
    forget(page)
    text.fill(yaml + example % 60000)
    expect(panel.get_by_text("未通过").first).to_be_visible(timeout=30_000)
    expect(panel.get_by_text("60000").first).to_be_visible()
    panel.locator("[data-line]", has_text="fifty_thousand").click()
    assert page.evaluate("document.activeElement.name") == "yaml"

    # a mistake of form is told with line and column, and nothing typed is lost
    forget(page)
    text.fill(yaml.replace("effective_from:", "effective_form:") + example % 60000)
    expect(panel.get_by_text("effective_from").first).to_be_visible(timeout=30_000)
    expect(panel.get_by_text("第 ").first).to_be_visible()

    # handing in what does not hold is refused, in the editor
    forget(page)
    text.fill(yaml + example % 60000)
    saved(page)
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator(".j-error-summary")).to_be_visible(timeout=30_000)

    # mended
    page.locator("textarea[name=yaml]").fill(yaml + example % 50000)
    expect(page.locator("[data-part=panel]").get_by_text("全部通过")).to_be_visible(timeout=30_000)
    saved(page)
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("编写人不能审核自己编写的规则").first).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="审核通过并发布")).to_have_count(0)

    second = become(page, site, "policy")
    second.goto(f"{site.url}/policies/drafts/")
    expect(second.get_by_role("link", name="人才").first).to_be_visible()
    second.goto(draft)
    second.get_by_role("link", name="与现行比对").click()
    expect(second.get_by_text("50").first).to_be_visible()
    second.goto(draft)
    second.get_by_role("button", name="审核通过并发布").click()
    expect(second.get_by_text("已发布").first).to_be_visible(timeout=30_000)
    expect(second.locator("textarea[name=yaml]")).to_have_attribute("readonly", "")

    # it counts: on its page, and among the measures a firm is judged by
    second.goto(f"{site.url}/policies/rules/{MEASURE}/")
    expect(second.get_by_text("金额按规则计算").first).to_be_visible()
    firm = ask(site, "select organisation_id from residents_firmyear order by organisation_id limit 1")
    second.goto(f"{site.url}/policies/eligibility/{firm}/")
    measure = ask(site, "select title_zh from policies_ruleentry where rule_set=? and superseded=0", MEASURE)
    assert measure in second.locator("main").inner_text() or second.get_by_text(measure).count()
