"""Somebody who talks to the server without a browser: no page stands in the way of a bad request."""

from __future__ import annotations

import sqlite3
from html.parser import HTMLParser
from typing import Any

import requests

from tests.e2e.site import Site

Pairs = list[tuple[str, str]]


class _Form(HTMLParser):
    """The fields a browser would send of the first form whose start tag holds `mark`, buttons left out."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self.mark, self.inside, self.done = mark, False, False
        self.pairs: Pairs = []
        self._text: list[str] | None = None
        self._name = self._select = ""
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.done and self.mark in (self.get_starttag_text() or ""):
            self.inside = True
        if not self.inside or ("name" not in given and tag != "option"):
            return
        name = given.get("name", "")
        if tag == "input":
            kind = given.get("type", "text")
            if (kind in {"checkbox", "radio"} and "checked" not in given) or kind in {"file", "submit"}:
                return
            self.pairs.append((name, given.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "textarea":
            self._name, self._text = name, []
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option":
            self._options.append((given.get("value", ""), "selected" in given))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None:
            self.pairs.append((self._name, "".join(self._text).removeprefix("\n")))
            self._text = None
        elif tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected] or [
                v for v, _ in self._options[:1]
            ]
            self.pairs += [(self._select, value) for value in chosen]
            self._select = ""
        elif tag == "form" and self.inside:
            self.inside, self.done = False, True


class Visitor:
    """One person's cookies. Redirects aren't followed: where they point to is part of what is tested."""

    def __init__(self, site: Site, username: str = "", url: str = "") -> None:
        self.site, self.url = site, url or site.url
        self.session = requests.Session()
        self.session.trust_env = False
        if username:
            answer = self.post("/demo/enter/", {"username": username})
            assert answer.status_code == 302, f"{username}: {answer.status_code}"
            assert answer.headers["Location"] == "/workbench/"

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.session.get(self.url + path, allow_redirects=False, timeout=60, **options)

    def token(self) -> str:
        """A token of this session; asks a page for one when there is none yet."""
        if "csrftoken" not in self.session.cookies:
            self.get("/accounts/login/")
        return str(self.session.cookies.get("csrftoken", ""))

    def post(
        self, path: str, data: dict[str, Any] | Pairs | None = None, *, token: bool = True, **options: Any
    ) -> requests.Response:
        pairs = list(data.items()) if isinstance(data, dict) else list(data or [])
        if token:
            pairs = [pair for pair in pairs if pair[0] != "csrfmiddlewaretoken"]
            pairs.append(("csrfmiddlewaretoken", self.token()))
        return self.session.post(self.url + path, data=pairs, allow_redirects=False, timeout=60, **options)

    def form(self, path: str, mark: str = 'method="post"') -> dict[str, Any]:
        """The fields of a form on a page as they stand, {name: value}."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        parser = _Form(mark)
        parser.feed(answer.text)
        assert parser.done, f"{path} has no form with {mark}"
        return dict(parser.pairs)


def ask(site: Site, query: str, *values: Any) -> Any:
    """The first value of the first row in the demo's database, or None."""
    with sqlite3.connect(
        f"file:{site.home / 'jinchuanggu.sqlite3'}?mode=ro", uri=True, timeout=30
    ) as connection:
        row = connection.execute(query, values).fetchone()
    return row[0] if row else None
