"""What somebody could plant for others to open: markup in every text that is shown, and files that lie."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest
import requests
from playwright.sync_api import Browser, Page

from tests.e2e.site import Site
from tests.e2e.visitor import Visitor, ask

pytestmark = pytest.mark.e2e

MARKUP = "\"'></script><img src=x onerror=alert(1)>{{7*7}}"
SHOWN = "onerror=alert(1)"
CITY, UNIT = "city_office-sim06", "unit-land"
OPINION = (
    "select o.id from programme_opinion o join organisations_membership m on"
    " m.organisation_id=o.organisation_id"
    " join organisations_person p on p.id=m.person_id join accounts_user u on u.id=p.user_id"
    " join programme_consultation c on c.id=o.consultation_id"
    " where c.closed_at is null and u.username='unit-land'"
)
CONSULTED = "select id from programme_valley where state='consulting' and origin='simulated'"
RUNNING_NOTICE = (
    "select n.id from programme_publicnotice n join programme_valley v on v.id=n.valley_id"
    " where v.state='noticing' and n.withdrawn_at is null order by n.id desc"
)


def done(answer: requests.Response) -> None:
    refused = re.findall(r"j-error-summary.*?</div>", answer.text, re.DOTALL)
    assert answer.status_code == 302, f"{answer.status_code} {answer.url} {refused}"


@pytest.fixture(scope="module")
def planted(site: Site) -> dict[str, int]:
    """A valley of a city that writes markup into every field; ids by name."""
    city = Visitor(site, CITY)
    wrong = city.post("/valleys/new/", {"name": f"晋创谷·{MARKUP}", "kind": "regional"})
    assert wrong.status_code == 422, "a name can hold no markup"
    assert "<img src=x" not in wrong.text
    name = f"晋创谷·试种{ask(site, 'select max(id) from programme_valley')}"
    done(city.post("/valleys/new/", {"name": name, "kind": "regional", "summary": MARKUP, "name_en": MARKUP}))
    pk = ask(site, "select id from programme_valley where name=?", name)
    done(city.post(f"/valleys/{pk}/edit/", {"name_en": MARKUP, "summary": MARKUP, "key_fields": MARKUP}))
    sections = {f"section-{key}": MARKUP for key in ("basis", "positioning", "goals", "tasks", "operation")}
    plan = city.form(f"/valleys/{pk}/plan/edit/", "data-autosave")
    done(city.post(f"/valleys/{pk}/plan/edit/", plan | sections | {"policies": MARKUP}))
    done(
        city.post(
            f"/valleys/{pk}/members/", {"person_name": MARKUP, "unit": MARKUP, "duty": MARKUP, "leader": "on"}
        )
    )
    done(
        city.post(
            f"/valleys/{pk}/services/",
            {"kind": "finance", "name": MARKUP, "staff": "3", "qualifications": MARKUP},
        )
    )
    figure = {
        "indicator": "rd_institutions",
        "value": "3",
        "dated": "2026-01-01",
        "source_title": MARKUP,
        "scope_note": MARKUP,
    }
    kinds = city.get(f"/valleys/{pk}/figures/").text
    figure["indicator"] = (
        kinds.split('name="indicator"', 1)[1].split('<option value="', 1)[1].split('"', 1)[0]
    )
    done(city.post(f"/valleys/{pk}/figures/add/", figure))
    bad = city.post(f"/valleys/{pk}/figures/add/", figure | {"source_url": "javascript:alert(1)"})
    assert bad.status_code == 422, "an address that is a script is no address"
    done(Visitor(site, UNIT).post(f"/opinions/{ask(site, OPINION)}/", {"stand": "suggest", "text": MARKUP}))
    notice = ask(site, RUNNING_NOTICE)
    stranger = Visitor(site)
    objection = stranger.form(f"/public/notices/{notice}/", 'class="j-form"')
    done(
        stranger.post(
            f"/public/notices/{notice}/", objection | {"raised_by": MARKUP, "contact": MARKUP, "text": MARKUP}
        )
    )
    return {"valley": pk, "notice": notice, "consulted": ask(site, CONSULTED), "opinion": ask(site, OPINION)}


@pytest.fixture
def reader(browser: Browser, site: Site) -> Iterator[Callable[[str], Page]]:
    """A browser with the hat of a demo account; any dialog or running script of ours would be noticed."""
    opened = []

    def enter(username: str) -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        opened.append(context)
        page = context.new_page()
        page.on("dialog", lambda dialog: pytest.fail("a planted script ran"))
        page.goto(f"{site.url}/demo/")
        form = page.locator("form:has(input[name=username])").first
        form.locator("input[name=username]").evaluate("(input, name) => input.value = name", username)
        form.locator("button").click()
        page.wait_for_url("**/workbench/**")
        return page

    yield enter
    for context in opened:
        context.close()


PLACES = {
    CITY: [
        "/valleys/{valley}/",
        "/valleys/{valley}/figures/",
        "/valleys/{valley}/people/",
        "/valleys/{valley}/history/",
        "/valleys/{valley}/plan/edit/",
        "/valleys/{valley}/plan/preview/",
        "/valleys/{valley}/edit/",
        "/valleys/{valley}/conditions/",
    ],
    "office": [
        "/valleys/{consulted}/consultation/",
        "/valleys/{valley}/",
        "/valleys/{valley}/people/",
        "/search?q=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
        "/valleys/?q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
    ],
    "auditor": ["/audit/?person=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E"],
    UNIT: ["/opinions/{opinion}/"],
}


def test_planted_markup_is_shown_as_text(
    site: Site, planted: dict[str, int], reader: Callable[[str], Page]
) -> None:
    silent = {"/valleys/{valley}/conditions/"}  # shows no text of the city
    for who, places in PLACES.items():
        page = reader(who)
        for place in places:
            page.goto(site.url + place.format(**planted))
            where = f"{who} {place}"
            assert page.locator("img[src='x']").count() == 0, where
            html = page.content()
            if place not in silent:
                assert SHOWN in html, f"{where} does not show it"
            assert "49" not in page.locator("h1").inner_text(), f"{where}: a template was run"


def test_markup_in_english_and_in_lists_of_the_office(
    site: Site, planted: dict[str, int], reader: Callable[[str], Page]
) -> None:
    """The English name stands in titles, crumbs, the map and the list."""
    page = reader("office")
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": site.url}])
    for place in (f"/valleys/{planted['valley']}/", "/valleys/", "/valleys/map/", "/workbench/", "/"):
        page.goto(site.url + place)
        page.wait_for_load_state("networkidle")
        assert page.locator("img[src='x']").count() == 0, place


def exe() -> bytes:
    return b"MZ" + b"\0" * 400


def macros() -> bytes:
    spool = io.BytesIO()
    with zipfile.ZipFile(spool, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"):
            archive.writestr(name, "x")
    return spool.getvalue()


LIARS = {
    "page.pdf": b"<!doctype html><script>alert(1)</script>",
    "drawing.pdf": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "program.pdf": exe(),
    "page.html": b"<!doctype html><p>x",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "program.exe": exe(),
    "page.txt": b"<html><script>alert(1)</script>",
    "half.pdf": b"%PDF-1.7\nhalf",
    "picture.pdf": b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
    "macros.docx": macros(),
    "empty.pdf": b"",
}


@pytest.mark.parametrize("name", LIARS)
def test_a_file_that_lies_is_not_taken(name: str, site: Site, planted: dict[str, int]) -> None:
    city, before = Visitor(site, CITY), ask(site, "select count(*) from documents_version")
    answer = city.post(
        f"/valleys/{planted['valley']}/papers/",
        {"kind": "other", "title": name},
        files={"file": (name, LIARS[name], "application/pdf")},
    )
    assert answer.status_code == 422
    assert "j-error" in answer.text
    assert ask(site, "select count(*) from documents_version") == before


def test_a_file_is_handed_out_whole_and_harmless_or_not_at_all(site: Site, planted: dict[str, int]) -> None:
    city = Visitor(site, CITY)
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    answer = city.post(
        f"/valleys/{planted['valley']}/papers/",
        {"kind": "other", "title": MARKUP},
        files={"file": ("../../../etc/\r\nSet-Cookie: a=b;<x>.pdf", pdf, "text/html")},
    )
    done(answer)
    pk = ask(site, "select max(id) from documents_document where valley_id=?", planted["valley"])
    got = city.get(f"/documents/{pk}/")
    assert got.content == pdf
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "/" not in ask(site, "select filename from documents_version where document_id=?", pk)
    assert "a=b" not in got.cookies
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert "no-store" in got.headers["Cache-Control"]
    assert Visitor(site).get(f"/documents/{pk}/").status_code == 404, "a stranger learns nothing of it"

    sha256 = ask(site, "select sha256 from documents_version where document_id=?", pk)
    path = site.home / "documents" / sha256[:2] / sha256[2:4] / sha256
    path.chmod(0o640)
    path.write_bytes(pdf.replace(b"%PDF", b"%PDG", 1))
    refused = city.get(f"/documents/{pk}/")
    assert refused.status_code == 409
    assert b"%PDG" not in refused.content
    assert sha256 in refused.text
    assert ask(site, "select verb from audit_auditevent order by number desc limit 1") == "document.corrupt"
    told = "select count(*) from notices_notice n where n.url like '%document.corrupt%'"
    assert ask(site, told) >= 1
    path.unlink()
    assert city.get(f"/documents/{pk}/").status_code == 409
