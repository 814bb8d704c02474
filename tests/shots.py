"""`make shots`: a picture of every screen of the demo - 1440 and 390 px; dark and English for the main ones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from tests.e2e.conftest import CHROMIUM, FLAGS, free_port
from tests.e2e.site import overflow
from tests.screens import SCREENS, Screen

FOLDER = Path(__file__).resolve().parents[1] / "shots"
WIDTHS = {"1440": 1440, "390": 390}


def enter(context: BrowserContext, url: str, role: str) -> None:
    page = context.new_page()
    page.goto(f"{url}/demo/")
    page.locator(f"form:has(input[value='{role}']) button").first.click()
    page.wait_for_url("**/workbench/**")
    page.close()


def shoot(context: BrowserContext, url: str, home: Path, screen: Screen, name: str) -> None:
    page = context.new_page()
    try:
        response = page.goto(url + screen.address(home))
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(250)
        wide = overflow(page)
        status = response.status if response else 0
        if status != 200 or wide > 0:
            print(f"  ! {name}: status {status}, {wide} px too wide")
        page.screenshot(path=FOLDER / f"{name}.png", full_page=True)
    except Exception as problem:  # one bad screen must not cost the pictures of the others
        print(f"  ! {name}: {str(problem).splitlines()[0]}")
    finally:
        page.close()


@contextmanager
def running() -> Iterator[tuple[str, Path]]:
    """A running demo: address and state folder. `JCG_SHOTS_URL` with `JCG_HOME` names one that runs already."""
    with tempfile.TemporaryDirectory(prefix="jcg-shots-") as folder:
        home, port = Path(os.environ.get("JCG_HOME", folder)), free_port()
        if given := os.environ.get("JCG_SHOTS_URL"):
            yield given, home
            return
        url = f"http://127.0.0.1:{port}"
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / "jcg"), "demo", "--port", str(port)],
            env={**os.environ, "JCG_HOME": str(home)}, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            for _ in range(1500):
                try:
                    urllib.request.urlopen(url + "/demo/", timeout=5)
                    break
                except OSError:
                    time.sleep(0.2)
            yield url, home
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def main(wanted: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    with running() as (url, home):
        pictures(url, home, wanted)


def pictures(url: str, home: Path, wanted: list[str]) -> None:
    chosen = [screen for screen in SCREENS if not wanted or any(part in screen.name for part in wanted)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for role in dict.fromkeys(screen.role for screen in chosen):
            mine = [screen for screen in chosen if screen.role == role]
            for label, width in WIDTHS.items():
                for language, theme in (("zh-hans", "light"), ("zh-hans", "dark"), ("en", "light")):
                    plain = (language, theme) == ("zh-hans", "light")
                    shown = mine if plain else [screen for screen in mine if screen.main]
                    if not shown:
                        continue
                    context = browser.new_context(
                        viewport={"width": width, "height": 900}, timezone_id="Asia/Shanghai"
                    )
                    context.add_cookies(
                        [
                            {"name": "django_language", "value": language, "url": url},
                            {"name": "jcg_theme", "value": theme, "url": url},
                        ]
                    )
                    if role:
                        enter(context, url, role)
                    for screen in shown:
                        extra = "" if plain else f"-{'dark' if theme == 'dark' else language}"
                        shoot(context, url, home, screen, f"{screen.name}-{label}{extra}")
                    context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
