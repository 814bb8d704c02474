"""The product as a stranger starts it - `jcg demo` in a fresh state folder - and a real browser before it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.site import Site

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running demo province for the session; `JCG_SITE_URL` and `JCG_HOME` name one that runs already."""
    if address := os.environ.get("JCG_SITE_URL"):
        yield Site(address, Path(os.environ["JCG_HOME"]), None, dict(os.environ))
        return
    home, port = tmp_path_factory.mktemp("home"), free_port()
    log = (home / "server.log").open("w")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JCG_", "DJANGO_"))}
    environment |= {"JCG_HOME": str(home), "PYTHONUTF8": "1"}
    jcg = Path(sys.executable).parent / "jcg"
    process = subprocess.Popen(
        [str(jcg), "demo", "--port", str(port)], env=environment, stdout=log, stderr=log
    )
    running = Site(f"http://127.0.0.1:{port}", home, process, environment)
    try:
        for _ in range(1500):
            if process.poll() is not None:
                pytest.fail((home / "server.log").read_text())
            try:
                urllib.request.urlopen(running.url + "/", timeout=5)
                break
            except urllib.error.HTTPError as problem:  # it runs, and is broken: waiting doesn't mend it
                pytest.fail(
                    f"the front page answers {problem.code}: " + (home / "server.log").read_text()[-3000:]
                )
            except OSError:
                time.sleep(0.2)
        else:
            pytest.fail("the demo did not start: " + (home / "server.log").read_text())
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if CHROMIUM is None:
        pytest.fail("chromium is not installed")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test on any script error."""
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    assert not errors, errors


@pytest.fixture
def enter(page: Page, site: Site) -> Callable[[str], Page]:
    """Become a demo account with one click."""

    def become(username: str) -> Page:
        page.goto(f"{site.url}/demo/")
        page.locator(f"form:has(input[value='{username}']) button").click()
        page.wait_for_url("**/workbench/**")
        return page

    return become
