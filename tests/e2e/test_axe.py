"""axe-core on every screen of every role, and no page wider than its window.

Every screen: 1440 px in Chinese on light, and its width at 390 px. Main screens also at 390 px, on dark
and in English.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.site import Site, axe_violations, overflow
from tests.screens import SCREENS, Screen

pytestmark = pytest.mark.e2e

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def settled(page: Page) -> None:
    """Charts, map and diagram are drawn."""
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-island]:not([data-awake])")).to_have_count(0)


def look(page: Page, label: str, *, axe: bool) -> list[str]:
    """What is wrong with the page as it stands."""
    found = [f"{label}: {violation}" for violation in axe_violations(page)] if axe else []
    if overflow(page) > 0:
        page.wait_for_timeout(500)  # a chart follows the width of its window a moment later
    if (wide := overflow(page)) > 0:
        found.append(f"{label}: {wide} px wider than the window")
    return found


def walk(page: Page, site: Site, screen: Screen) -> list[str]:
    address = site.url + screen.address(site.home)
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        return [f"{screen.name}: {address} answers {answer and answer.status}"]
    settled(page)
    found = look(page, screen.name, axe=True)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    found += look(page, f"{screen.name} 390", axe=screen.main)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    if not screen.main:
        return found
    for name, value in (("jcg_theme", "dark"), ("django_language", "en")):
        page.context.add_cookies([{"name": name, "value": value, "url": site.url}])
        page.reload()
        settled(page)
        found += look(page, f"{screen.name} {value}", axe=True)
        page.context.clear_cookies(name=name)
        if value == "en":
            page.set_viewport_size(NARROW)  # type: ignore[arg-type]
            found += look(page, f"{screen.name} en 390", axe=False)
            page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("role", list(dict.fromkeys(screen.role for screen in SCREENS)))
def test_every_screen_can_be_used_by_everybody(role: str, site: Site, browser: Browser) -> None:
    context = browser.new_context(viewport=WIDE, locale="zh-CN", timezone_id="Asia/Shanghai")  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    try:
        page = context.new_page()
        if role:
            page.goto(f"{site.url}/demo/")
            page.locator(f"form:has(input[value='{role}']) button").click()
            page.wait_for_url("**/workbench/**")
        found = [line for screen in SCREENS if screen.role == role for line in walk(page, site, screen)]
    finally:
        context.close()
    assert not found, "\n".join(["", *found])
