"""The outer wall: headers, cookies, and a demo that opens nowhere but on its own machine."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.e2e.conftest import free_port
from tests.e2e.site import Site
from tests.e2e.visitor import Visitor, ask

pytestmark = pytest.mark.e2e

JCG = str(Path(sys.executable).parent / "jcg")


def environment(site: Site, **more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("JCG_", "DJANGO_"))}
    return plain | {"JCG_HOME": str(site.home), "PYTHONUTF8": "1"} | more


@contextmanager
def serving(site: Site, **more: str) -> Iterator[str]:
    """`jcg serve` over the demo's own database, without the demo mode."""
    port = free_port()
    process = subprocess.Popen(
        [JCG, "serve", "--port", str(port)],
        env=environment(site, **more),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            assert process.poll() is None, "the server ended"
            try:
                requests.get(url + "/accounts/login/", allow_redirects=False, timeout=5)
                break
            except requests.RequestException:
                time.sleep(0.2)
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def test_the_doors_of_the_demo_are_walled_up_outside_the_demo(site: Site) -> None:
    with serving(site) as url:
        visitor = Visitor(site, url=url)
        for path in ("/demo/", "/demo/enter/", "/demo/clock/"):
            assert visitor.get(path).status_code in {404, 405}, path
        assert visitor.get("/demo/").status_code == 404
        assert visitor.post("/demo/enter/", {"username": "office"}).status_code == 404
        assert visitor.post("/demo/clock/", {"days": "3"}).status_code == 404
        assert "sessionid" not in visitor.session.cookies
        assert "/demo/" not in visitor.get("/").text
        assert visitor.get("/workbench/").status_code == 302


def test_https_makes_the_cookies_secure(site: Site) -> None:
    address = {"JCG_PUBLIC_ADDRESS": "https://jcg.example", "JCG_ALLOWED_HOSTS": "jcg.example,127.0.0.1"}
    with serving(site, JCG_BEHIND_PROXY="1", **address) as url:
        plain = requests.get(url + "/", headers={"Host": "jcg.example"}, allow_redirects=False, timeout=30)
        assert plain.status_code == 301
        assert plain.headers["Location"] == "https://jcg.example/"
        proxied = {"Host": "jcg.example", "X-Forwarded-Proto": "https"}
        page = requests.get(url + "/accounts/login/", headers=proxied, allow_redirects=False, timeout=30)
        assert page.status_code == 200
        assert int(re.findall(r"max-age=(\d+)", page.headers["Strict-Transport-Security"])[0]) >= 31_536_000
        assert "Secure" in page.headers["Set-Cookie"]
        assert requests.get(url + "/demo/", headers=proxied, timeout=30).status_code == 404


@pytest.mark.parametrize(
    ("command", "more"),
    [
        (["serve", "--host", "0.0.0.0"], {"JCG_DEMO": "1"}),
        (["serve"], {"JCG_DEMO": "1", "JCG_PUBLIC_ADDRESS": "https://jcg.example"}),
        (["demo"], {"JCG_PUBLIC_ADDRESS": "https://jcg.example"}),
    ],
)
def test_the_demo_does_not_start_in_public(command: list[str], more: dict[str, str], site: Site) -> None:
    ended = subprocess.run(
        [JCG, *command, "--port", str(free_port())],
        env=environment(site, **more),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode != 0
    assert "demo mode is refused" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_real_account_has_no_door_in_the_demo(site: Site) -> None:
    admin = Visitor(site, "admin")
    name = f"real{ask(site, 'select max(id) from accounts_user')}"
    account = {
        "name": "真实的人",
        "username": name,
        "email": f"{name}@example.com",
        "role": "auditor",
        "organisation": ask(
            site, "select name from organisations_organisation where name like '省级工作专班%'"
        ),
    }
    made = admin.post("/accounts-admin/new/", account)
    assert made.status_code == 302, made.text[:1500]
    assert ask(site, "select is_demo from accounts_user where username=?", name) == 0
    stranger = Visitor(site)
    for username in (name, "nobody", "", "office' or 1=1 --", "OFFICE"):
        answer = stranger.post("/demo/enter/", {"username": username})
        assert answer.status_code == 404, username
    assert "sessionid" not in stranger.session.cookies


def test_every_answer_carries_the_headers(site: Site) -> None:
    office = Visitor(site, "office")
    for visitor, path in (
        (Visitor(site), "/"),
        (office, "/workbench/"),
        (office, "/no-such-page/"),
        (office, "/valleys/999999/"),
        (Visitor(site), "/api/v1/valleys"),
        (Visitor(site), "/public/data/valleys.csv"),
    ):
        answer = visitor.get(path)
        headers = answer.headers
        policy = headers["Content-Security-Policy"]
        script = next(part for part in policy.split("; ") if part.startswith("script-src"))
        assert script == "script-src 'self'", path
        for rule in (
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ):
            assert rule in policy, f"{path}: {rule}"
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["X-Frame-Options"] == "DENY", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert "Permissions-Policy" in headers, path
        assert "Traceback" not in answer.text, path
    assert "no-store" in office.get("/workbench/").headers["Cache-Control"]


def test_the_session_cookie_is_out_of_reach_of_scripts(site: Site) -> None:
    visitor = Visitor(site)
    before = visitor.token()
    answer = visitor.post("/demo/enter/", {"username": "office"})
    cookie = answer.headers["Set-Cookie"].split("sessionid=", 1)[1]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert visitor.get("/workbench/").status_code == 200
    assert visitor.session.cookies["csrftoken"] != before, "the token changes at the sign-in"
    first = visitor.session.cookies["sessionid"]
    assert visitor.post("/accounts/logout/").status_code == 302
    stale = Visitor(site)
    stale.session.cookies.set("sessionid", first)
    assert stale.get("/workbench/").status_code == 302, "a cookie kept from before the sign-out opens nothing"


def test_nothing_of_the_inside_is_lying_about(site: Site) -> None:
    stranger = Visitor(site)
    for path in (
        "/static/../settings/base.py",
        "/static/%2e%2e/%2e%2e/secret.key",
        "/.env",
        "/admin/",
        "/secret.key",
        "/documents/",
        "/static/jcg/",
        "/debug/",
        "/api/docs",
        "/jinchuanggu.sqlite3",
    ):
        assert stranger.get(path).status_code in {302, 404}, path
    assert (site.home / "secret.key").stat().st_mode & 0o077 == 0, "only its owner reads the key"


ODD = ["²", "٣", "-1", "0", "999999999999999999999999", "%00", "1'--", "é", "..", "1/../2", "1%2f2"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_ids_and_queries_are_answered_in_order(odd: str, site: Site) -> None:
    office = Visitor(site, "office")
    for path in (
        f"/valleys/{odd}/",
        f"/documents/{odd}/",
        f"/r/residents/{odd}/",
        f"/public/notices/{odd}/",
        f"/api/v1/valleys/{odd}",
        f"/audit/?before={odd}&since={odd}&verb={odd}&type={odd}",
        f"/valleys/?page={odd}&sort={odd}&kind={odd}&after={odd}",
        f"/r/residents/?after={odd}&sort={odd}&valley_id={odd}&entered_on_min={odd}",
        f"/search?q={odd}",
        f"/accounts-admin/?after={odd}",
    ):
        assert office.get(path).status_code < 500, path
