"""The pivot table and the published figures in a real browser."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site, axe_violations, overflow

pytestmark = pytest.mark.e2e
Enter = Callable[[str], Page]
VALUES = "tbody td.num a"


def test_a_question_is_put_together_and_every_number_opens(site: Site, enter: Enter, tmp_path: Path) -> None:
    page = enter("office")
    page.goto(f"{site.url}/indicators/explore/?key=resident_units")
    expect(page.locator(VALUES).first).to_be_visible()
    page.get_by_label("每行是").select_option("2")
    page.get_by_label("每列是").select_option("quarter")
    page.get_by_role("button", name="显示").click()
    page.wait_for_url("**level=2**")
    assert "kind=quarter" in page.url
    heads = page.locator("thead th").all_inner_texts()
    assert any("Q" in head for head in heads), heads
    shown = page.locator(VALUES).first.inner_text()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    file = tmp_path / "a.csv"
    waiting.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    assert shown in {cell for row in rows for cell in row}
    page.locator(VALUES).first.click()
    page.wait_for_url("**/records/**")
    expect(page.locator("main")).to_contain_text(shown)


@pytest.mark.parametrize("path", ["/indicators/explore/", "/figures/", "/figures/import/"])
def test_screens_are_accessible_and_fit_a_phone(site: Site, enter: Enter, path: str) -> None:
    page = enter("office")
    page.goto(site.url + path)
    page.wait_for_load_state("networkidle")
    assert axe_violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    page.wait_for_load_state("networkidle")
    assert overflow(page) <= 0
    assert axe_violations(page) == []


def test_a_published_figure_with_a_wrong_cell_is_refused_and_the_right_one_written(
    site: Site, enter: Enter, tmp_path: Path
) -> None:
    page = enter("office")
    file, source = tmp_path / "figures.csv", f"浏览器测试公报{time.time_ns()}"

    def send(unit: str) -> None:
        heads = "晋创谷,指标,数值,单位,日期,来源,来源等级"
        file.write_text(f"{heads}\n晋创谷·太原,新园区用地,300,{unit},2026-01,{source},B\n", "utf-8")
        page.goto(f"{site.url}/figures/import/")
        page.locator("#file").set_input_files(file)
        page.get_by_role("button", name="上传并预检").click()
        page.wait_for_url("**/figures/import/*/")

    send("万元")
    expect(page.locator("main")).to_contain_text("不能填这个单位")
    send("亩")
    page.get_by_role("button", name="写入").click()
    expect(page.locator("main")).to_contain_text("已写入")
    page.goto(f"{site.url}/figures/?all=1")
    row = page.locator("tr", has_text=source).first
    expect(row).to_contain_text("200,000")
