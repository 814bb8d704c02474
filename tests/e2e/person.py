"""A person at a browser: who they are, where they go, what they press and see.

Nothing here writes to the database. `kept` reads it for what no page shows, such as which account is whose.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.e2e.site import Site

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass
class Person:
    """One person at one browser, changing hats; `valley` is the id the walk is about."""

    page: Page
    site: Site
    valley: int = 0

    # --- who am I, where am I ---

    def enter(self, username: str) -> None:
        """Become any demo account: the form of the demo page, whose buttons name only the main accounts."""
        requests = self.page.context.request
        token = re.search(
            r'csrfmiddlewaretoken" value="(\w+)"', requests.get(f"{self.site.url}/demo/").text()
        )
        assert token, "the demo page has no form"
        entered = requests.post(
            f"{self.site.url}/demo/enter/", form={"csrfmiddlewaretoken": token[1], "username": username},
            headers={"Referer": f"{self.site.url}/demo/"}, max_redirects=0,
        )  # fmt: skip
        assert entered.status == 302, f"{username}: {entered.status}"

    def stranger(self, browser: Browser) -> Self:
        """Somebody without an account, in a browser of their own; the caller closes its context."""
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
        context.set_default_timeout(15_000)
        return type(self)(context.new_page(), self.site, self.valley)

    def go(self, path: str) -> Response:
        """Open an address of the site."""
        response = self.page.goto(self.site.url + path)
        assert response is not None
        return response

    def open(self, tab: str = "") -> Response:
        """Open the valley's dossier, or one of its pages."""
        return self.go(f"/valleys/{self.valley}/" + (f"{tab}/" if tab else ""))

    def be_at(self, tab: str) -> None:
        """Open a page of the valley unless it is the one shown, as after a small form on it."""
        if not self.page.url.endswith(f"/valleys/{self.valley}/{tab}/"):
            self.open(tab)

    def today(self) -> date:
        """The demo's day, as the demo page says it."""
        self.go("/demo/")
        found = ISO_DAY.search(self.page.get_by_role("region", name="演示时钟").inner_text())
        assert found
        return date.fromisoformat(found[0])

    def kept(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the database, opened read-only."""
        address = f"file:{self.site.home / 'jinchuanggu.sqlite3'}?mode=ro"
        with sqlite3.connect(address, uri=True) as connection:
            return connection.execute(query, values).fetchall()

    def account_of_expert(self, name: str) -> str:
        rows = self.kept(
            "select u.username from programme_expert e join organisations_person p on p.id=e.person_id"
            " join accounts_user u on u.id=p.user_id where p.name=?", name,
        )  # fmt: skip
        return str(rows[0][0])

    def find(self, name: str) -> None:
        """Take up a valley of the demo by its name, through the list."""
        self.go(f"/valleys/?q={name}")
        self.page.get_by_role("table").get_by_role("link", name=re.compile(name)).first.click()
        self.valley = int(re.search(r"/valleys/(\d+)/", self.page.url)[1])  # type: ignore[index]

    # --- hands ---

    def press(self, button: Locator) -> None:
        """Press and wait for the page that follows."""
        with self.page.expect_navigation():
            button.click()

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("main").get_by_text(text).first).to_be_visible()

    def refused(self, *texts: str) -> None:
        """The page's error summary says all of this."""
        summary = self.page.get_by_role("alert").first
        for text in texts:
            expect(summary).to_contain_text(text)

    def form(self, action: str) -> Locator:
        """The form that posts to an address with this ending."""
        return self.page.locator(f"main form[action$='{action}'], dialog form[action$='{action}']").first

    def own_form(self) -> Locator:
        """The page's form that posts to the page itself."""
        return self.page.locator("main form.j-form:not([action])")

    def submit(self, form: Locator) -> None:
        self.press(form.locator("button:not([type=button])").last)

    def fill(self, form: Locator, fields: Mapping[str, str]) -> None:
        """Fill text fields and lists by name."""
        for name, value in fields.items():
            field = form.locator(f"[name='{name}']").first
            if field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def move(self, event: str, *, reason: str = "", number: str = "") -> None:
        """Make a move of the course from the page that offers it; reason and number are asked in a dialog."""
        form = self.page.locator(f"form[action$='/move/{event}/']").first
        opener = self.page.locator(f"[data-dialog-open='move-{event}']").first
        if opener.count():
            opener.click()
            expect(form).to_be_visible()
        if reason:
            form.locator("textarea[name=reason]").fill(reason)
        if number:
            form.locator("input[name=issuing_number]").fill(number)
        self.submit(form)

    def state(self) -> str:
        """Where the dossier's ribbon says the valley stands: stage and state."""
        return " ".join(self.page.locator(".j-ribbon [aria-current=step]").inner_text().split())

    def stages(self) -> dict[str, str]:
        """The ribbon: `{stage: done|now|todo|skipped|failed}`."""
        return {
            stage.locator("> b").inner_text(): stage.get_attribute("data-state") or ""
            for stage in self.page.locator(".j-ribbon .j-stage").all()
        }

    def advance_clock(self, days: int) -> None:
        """Move the demo's day; sessions may end with it, so the next step enters anew."""
        self.go("/demo/")
        form = self.form("/demo/clock/")
        form.locator("[name=days]").fill(str(days))
        self.submit(form)
        self.sees("演示时钟已拨到")

    def put_clock_back(self) -> None:
        """The demo's day is the real one again, as every test may expect to find it."""
        (self.site.home / "demo-clock").unlink(missing_ok=True)
        time.sleep(0.6)  # the server reads the clock twice a second
