"""`python -m tests.guide_pictures [NAME…]`: renew the pictures of docs/guides from a running demo."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.screens import PUBLIC, Screen
from tests.shots import enter, running

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "img" / "guides"
MOST = 120_000
"""Bytes; above it a picture gets fewer colours."""


@dataclass(frozen=True)
class Picture(Screen):
    """`before`: what is done on the page first; `to`: what is scrolled to the top; `height` of the window, pixels."""

    before: Callable[[Page], None] | None = None
    to: str = ""
    height: int = 900


def send_wrong_file(page: Page) -> None:
    """A workbook with two mistakes, sent to be checked; nothing is written by that."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["企业名称", "职工总数（人）", "营业（销售）收入 2025（万元）"])
    book.active.append(["没有这家企业", "四十", "两千"])
    book.save(out)
    page.set_input_files("#file", {"name": "企业情况.xlsx", "mimeType": "", "buffer": out.getvalue()})
    with page.expect_navigation():
        page.get_by_role("button", name="上传并预检").click()
    page.wait_for_load_state("networkidle")


PICTURES = (
    Picture("profile", "enterprise", "/firms/{firm}/profile/"),
    Picture("eligibility", "enterprise", "/policies/eligibility/{firm}/"),
    Picture("measure", "enterprise", "/policies/eligibility/{firm}/measures/hnte/"),
    Picture("apply", "enterprise", "/policies/grants/apply/{firm}/measure.sx.startup_money/"),
    Picture("offered", "enterprise", "/policies/grants/{grant_offered}/"),
    Picture("residents", "operator", "/r/residents/", height=760),
    Picture("firms-import", "operator", "/firms/import/", height=620, before=send_wrong_file),
    Picture("valley", "city", "/valleys/{real:晋创谷·砚泊（模拟）}/"),
    Picture("office-desk", "office", "/workbench/"),
    Picture("assessment", "office", "/valleys/{valley:assessing}/assessment/"),
    Picture("grant-review", "office", "/policies/grants/{grant_review}/"),
    Picture("library", "policy", "/policies/"),
    Picture("pending", "policy", "/policies/rules/measure.sx.talent/"),
    Picture("editor", "policy", "/policies/drafts/{rule_draft}/"),
    Picture("diff", "policy", "/policies/rules/innovative_sme/diff/2022-08-01/2026-04-01/"),
    Picture("simulation", "policy", "/policies/simulation/tech_sme/?criterion:size_staff.limit=60&show=losers"),
    Picture("budget", "policy", "/policies/budgets/{grant_budget}/"),
    Picture("score-sheet", "expert", "/score-sheets/{seat}/"),
    Picture("notice", PUBLIC, "/public/notices/{notice}/"),
    Picture("draw", PUBLIC, "/public/draws/{draw}/"),
    Picture("audit", "auditor", "/audit/?type=policies.grantapplication", height=760),
)  # fmt: skip


def shoot(context: BrowserContext, url: str, home: Path, picture: Picture) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 1440, "height": picture.height})
    broken: list[str] = []
    page.on(
        "response", lambda answer: answer.status >= 400 and broken.append(f"{answer.status} {answer.url}")
    )
    page.goto(url + picture.address(home))
    page.wait_for_load_state("networkidle")
    if picture.before:
        picture.before(page)
    if picture.to:
        page.locator(picture.to).first.evaluate("node => node.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(600)
    if broken:  # the page, or its styles: no picture is better than a wrong one
        raise SystemExit(f"{picture.name}: {broken}")
    size = keep(page.screenshot(), FOLDER / f"{picture.name}.png")
    print(f"{picture.name}: {size // 1000} kB")
    page.close()


def keep(content: bytes, path: Path) -> int:
    """Write a picture with as many colours of a palette as its size allows; the size in bytes."""
    plain = Image.open(io.BytesIO(content)).convert("RGB")
    for colours in (128, 64, 32, 16):
        out = io.BytesIO()
        plain.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MOST:
            break
    path.write_bytes(out.getvalue())
    return out.tell()


def main(wanted: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    chosen = [picture for picture in PICTURES if not wanted or picture.name in wanted]
    with running() as (url, home), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for role in dict.fromkeys(picture.role for picture in chosen):
            context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
            if role:
                enter(context, url, role)
            for picture in chosen:
                if picture.role == role:
                    shoot(context, url, home, picture)
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
