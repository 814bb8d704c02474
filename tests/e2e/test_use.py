"""How it is to use: by keyboard, in two languages and themes, with impatient fingers, in two tabs."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from tests.e2e.site import Site
from tests.e2e.visitor import Visitor, ask
from tests.screens import SCREENS

pytestmark = pytest.mark.e2e

Enter = Callable[[str], Page]
FILED = "select id from programme_valley where state='filed' and origin='simulated'"
DRAFTING = "select id from programme_valley where name like '%岫南%'"
SOURCE = Path(__file__).resolve().parents[2] / "src" / "jinchuanggu"
STEPS = (
    "select count(*) from workflow_step s join workflow_case c on c.id=s.case_id"
    " where c.process='valley' and c.subject_id=?"
)


def drafter(site: Site) -> tuple[str, int]:
    """The city office that has a plan in the making, and its valley."""
    pk = ask(site, DRAFTING)
    query = (
        "select u.username from accounts_user u join organisations_person p on p.user_id=u.id"
        " join organisations_membership m on m.person_id=p.id join organisations_organisation o on"
        " o.id=m.organisation_id"
        " join programme_valley v on v.region_id=o.region_id where v.id=? and m.role='city_office'"
    )
    return ask(site, query, pk), pk


def become(page: Page, site: Site, username: str) -> Page:
    """Any simulated account, also one that has no button of its own."""
    page.goto(f"{site.url}/demo/")
    form = page.locator("form:has(input[name=username])").first
    form.locator("input[name=username]").evaluate("(input, name) => input.value = name", username)
    form.locator("button").click()
    page.wait_for_url("**/workbench/**")
    return page


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.outerHTML.slice(0, 200)"))


def test_the_keyboard_reaches_content_search_and_menus(site: Site, enter: Enter) -> None:
    page = enter("office")
    page.goto(f"{site.url}/valleys/")
    page.keyboard.press("Tab")
    assert "j-skip" in focused(page)
    expect(page.locator(".j-skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("/")
    assert "data-search" in focused(page)
    page.keyboard.type("霁浦")
    assert page.url.endswith("/valleys/#main"), "typing is not a shortcut"
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    expect(page.get_by_role("link", name="晋创谷·霁浦").first).to_be_visible()
    page.locator("summary[aria-label='外观']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-theme-set='dark']")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-theme-set='dark']")).to_be_hidden()
    assert "外观" in focused(page), "the focus returns to what opened the menu"


def test_every_focus_is_seen(site: Site, enter: Enter) -> None:
    page = enter("office")
    for _ in range(25):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => { const style = getComputedStyle(document.activeElement);
                const box = document.activeElement.getBoundingClientRect();
                return [style.outlineStyle !== 'none' || style.boxShadow !== 'none',
                        box.width > 0 && box.height > 0] }"""
        )
        assert seen == [True, True], focused(page)


def test_a_reason_dialog_opens_and_closes_by_keyboard(site: Site, enter: Enter) -> None:
    page = enter("office")
    pk = ask(site, FILED)
    page.goto(f"{site.url}/valleys/{pk}/")
    before = ask(site, STEPS, pk)
    opener = page.locator("[data-dialog-open^='move-']").last
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.querySelector('dialog[open]').contains(document.activeElement)")
    dialog.locator("textarea").fill("材料不齐")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert page.evaluate("document.activeElement.dataset.dialogOpen") is not None, "the focus returns"
    assert ask(site, STEPS, pk) == before, "nothing was sent"
    page.keyboard.press("Enter")
    dialog.locator("textarea").fill("")
    dialog.locator("footer .btn-primary").press("Enter")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.querySelector('dialog[open] textarea').validity.valueMissing"), (
        "a reason is asked for"
    )
    assert ask(site, STEPS, pk) == before


def test_a_form_is_sent_with_enter(site: Site, enter: Enter) -> None:
    page = enter("office")
    page.goto(f"{site.url}/valleys/")
    box = page.locator("main input[type=search], main input[name=q]").first
    box.fill("砚麓")
    box.press("Enter")
    page.wait_for_url("**q=*")
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(1)
    page.go_back()
    assert page.locator("main tbody tr").count() > 1


def test_language_and_theme_stay_on_the_page(site: Site, enter: Enter) -> None:
    page = enter("office")
    address = f"{site.url}/valleys/?kind=regional&sort=-name"
    page.goto(address)
    page.locator("summary[aria-label^='语言']").click()
    page.locator("button[name=language][value=en]").click()
    page.wait_for_load_state()
    assert page.url == address
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.locator("h1").inner_text() != "晋创谷名录"
    page.locator("summary[aria-label^='Language']").click()
    page.locator("button[name=language][value=zh-hans]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    assert page.url == address
    page.locator("summary[aria-label='外观']").click()
    page.locator("[data-theme-set='dark']").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.locator("summary[aria-label='外观']").click()
    page.locator("[data-theme-set='light']").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark


def test_the_data_switch_changes_the_list(site: Site, enter: Enter) -> None:
    page = enter("office")
    page.goto(f"{site.url}/valleys/")
    names: dict[str, set[str]] = {}
    for value in ("real", "simulated", "both"):
        page.locator(f"header button[name=origin][value={value}]").click()
        page.wait_for_load_state()
        assert page.url == f"{site.url}/valleys/"
        expect(page.locator(f"header button[name=origin][value={value}]")).to_have_attribute(
            "aria-pressed", "true"
        )
        names[value] = set(page.locator("main tbody th a").all_inner_texts())
        marked = page.locator("main tbody tr:has(.j-origin[data-origin=simulated])").count()
        shown = page.locator("main tbody tr").count()
        assert shown > 0
        assert {"real": marked == 0, "simulated": marked == shown, "both": 0 < marked < shown}[value], value
    assert names["both"] == names["real"] | names["simulated"]


def test_an_impatient_double_click_makes_one_step(site: Site, browser: Browser) -> None:
    """Also when both requests reach the server, as with a slow page and a second Enter."""
    username, pk = drafter(site)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = become(context.new_page(), site, username)
    before = ask(site, STEPS, pk)
    page.goto(f"{site.url}/valleys/{pk}/")
    page.locator("[data-dialog-open='move-withdraw']").click()
    page.locator("dialog[open] textarea").fill("另行论证选址")
    page.locator("dialog[open] footer .btn-primary").dblclick()
    expect(page.locator(".j-messages")).to_be_visible(timeout=20_000)
    page.wait_for_load_state("networkidle")
    assert ask(site, "select state from programme_valley where id=?", pk) == "withdrawn"
    assert ask(site, STEPS, pk) == before + 1
    context.close()
    city = Visitor(site, username)
    revision = ask(site, "select revision from workflow_case where process='valley' and subject_id=?", pk)
    sent = {"revision": str(revision), "reason": "恢复编制"}
    answers = [city.post(f"/valleys/{pk}/move/reopen/", sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 422]
    assert "刚才已由您办理" in answers[1].text
    assert ask(site, STEPS, pk) == before + 2


def test_the_plan_is_saved_while_writing_and_two_tabs_lose_nothing(site: Site, browser: Browser) -> None:
    username, pk = drafter(site)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    first, second = become(context.new_page(), site, username), context.new_page()
    address = f"{site.url}/valleys/{pk}/plan/edit/"
    first.goto(address)
    second.goto(address)
    chapter = "[name='section-basis']"
    first.locator(chapter).fill("第一个页面写的建设基础。")
    expect(first.locator("[data-saved]")).to_have_attribute("data-state", "saved", timeout=15_000)
    first.reload()
    expect(first.locator(chapter)).to_have_value("第一个页面写的建设基础。")

    second.locator(chapter).fill("第二个页面写的另一段。")
    expect(second.locator("[data-saved]")).to_have_attribute("data-state", "failed", timeout=15_000)
    expect(second.locator(chapter)).to_have_value("第二个页面写的另一段。")
    second.locator("form[data-autosave] .btn-primary").click()
    second.wait_for_load_state()
    expect(second.locator(".j-error-summary")).to_contain_text("第一个页面写的建设基础。")
    expect(second.locator(chapter)).to_have_value("第二个页面写的另一段。")
    second.locator("form[data-autosave] .btn-primary").click()
    second.wait_for_url("**/plan/")
    second.goto(address)
    expect(second.locator(chapter)).to_have_value("第二个页面写的另一段。")
    context.close()


def test_leaving_a_page_with_unsaved_words_asks(site: Site, browser: Browser) -> None:
    username, pk = drafter(site)
    context = browser.new_context(locale="zh-CN")
    page = become(context.new_page(), site, username)
    page.goto(f"{site.url}/valleys/{pk}/edit/")
    page.locator("[name=name_en]").fill("")
    page.locator("[name=name_en]").press_sequentially("Not saved")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator(".j-nav a").first.click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(page.locator("[name=name_en]")).to_have_value("Not saved")
    context.close()


def test_the_back_button_after_a_form_sends_nothing_again(site: Site, browser: Browser) -> None:
    username, pk = drafter(site)
    context = browser.new_context(locale="zh-CN")
    page = become(context.new_page(), site, username)
    page.goto(f"{site.url}/valleys/{pk}/edit/")
    page.locator("[name=name_en]").fill("Valley of Xiunan")
    page.locator("main form .btn-primary").click()
    page.wait_for_url(f"**/valleys/{pk}/")
    events = ask(site, "select max(number) from audit_auditevent")
    page.go_back()
    page.wait_for_load_state()
    page.go_forward()
    page.reload()
    assert page.url.endswith(f"/valleys/{pk}/")
    assert ask(site, "select max(number) from audit_auditevent") == events
    page.go_back()
    button = page.locator("main form .btn-primary")
    expect(button).not_to_have_attribute("aria-disabled", "true")
    context.close()


def test_an_unknown_address_says_so_and_leads_on(site: Site, enter: Enter) -> None:
    page = enter("office")
    for path in ("/no-such-page/", "/valleys/999999/", "/documents/999999/"):
        answer = page.goto(site.url + path)
        assert answer is not None
        assert answer.status == 404
        expect(page.locator("h1")).to_be_visible()
        assert page.locator("main a").count() > 0, "there is a way on"
    answer = page.goto(f"{site.url}/accounts-admin/")
    assert answer is not None
    assert answer.status == 403
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("office", "/valleys/?q=没有这样的谷"),
        ("office", "/search?q=没有这样的东西"),
        ("auditor", "/audit/?person=没有这样的人"),
        ("university", "/jobs/"),
        ("operator", "/r/residents/?q=没有这样的单位"),
    ],
)
def test_an_empty_screen_says_what_would_be_there(who: str, path: str, site: Site, enter: Enter) -> None:
    page = enter(who)
    page.goto(site.url + path)
    empty = page.locator("main .j-empty, main .empty")
    expect(empty).to_be_visible()
    assert len(empty.inner_text().strip()) > 8
    assert page.locator("main tbody tr").count() == 0


# Texts and labels of the page with Chinese in them; what is marked as Chinese may be.
CHINESE = r"""() => {
  const cjk = /[\u3400-\u9fff]/, found = [];
  const skip = element => element.closest('script, style, template, svg, .j-avatar, [lang|=zh]');
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());)
    if (cjk.test(node.textContent) && !skip(node.parentElement)) found.push(node.textContent.trim());
  for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
    for (const element of document.querySelectorAll(`[${name}]`))
      if (cjk.test(element.getAttribute(name)) && !skip(element))
        found.push(element.getAttribute(name).trim());
  return found;
}"""
CJK = re.compile("[\u3400-\u9fff]")
# an official document is called by its own title and number in every language
DOCUMENT = re.compile("《[^》]+》|[\u3400-\u9fff]+〔[0-9]{4}〕[0-9]+号")


def data_texts(site: Site) -> list[str]:
    """Every Chinese text that is data: values in the database, quotes in the rule files; the longest first.

    What a screen shows beyond these was written by us and must be English.
    """
    found: set[str] = set()

    def take(value: object) -> None:
        if isinstance(value, str):
            if value[:1] in "[{":
                with suppress(ValueError):
                    return take(json.loads(value))
            found.update(line.strip() for line in value.splitlines() if CJK.search(line))
        elif isinstance(value, dict):
            for key, item in value.items():
                take(item) if key != "zh" or "en" not in value else None
        elif isinstance(value, list):
            for item in value:
                take(item)
            take("、".join(item for item in value if isinstance(item, str)))

    with sqlite3.connect(f"file:{site.home / 'jinchuanggu.sqlite3'}?mode=ro", uri=True) as connection:
        tables = connection.execute("select name from sqlite_master where type='table'").fetchall()
        for (table,) in tables:
            if table.startswith(("django_", "sqlite_", "auth_")):
                continue
            for row in connection.execute(f'select * from "{table}"'):
                for value in row:
                    take(value)
    for path in SOURCE.rglob("*.yaml"):
        take(yaml.safe_load(path.read_text("utf-8")))
    return sorted(found, key=len, reverse=True)


@pytest.mark.parametrize("role", list(dict.fromkeys(screen.role for screen in SCREENS if screen.main)))
def test_no_chinese_is_left_of_ours_in_english(role: str, site: Site, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    if role:
        become(page, site, role)
    context.add_cookies([{"name": "django_language", "value": "en", "url": site.url}])
    known, left = data_texts(site), []
    for screen in SCREENS:
        if screen.role != role or not screen.main:
            continue
        page.goto(site.url + screen.address(site.home))
        for text in dict.fromkeys(page.evaluate(CHINESE)):
            rest = DOCUMENT.sub("", text)
            for value in known:
                if value in rest:
                    rest = rest.replace(value, "")
            if CJK.search(rest):
                left.append(f"{screen.name}: {text[:80]}  →  {rest[:40]}")
    context.close()
    assert not left, "\n".join(["", *left])
