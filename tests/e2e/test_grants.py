"""A grant from the firm's form to the money: who applies, checks, decides and pays - and who finds nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.person import Person
from tests.e2e.site import Site, axe_violations, overflow
from tests.e2e.visitor import Visitor, ask

pytestmark = pytest.mark.e2e

RD = "measure.sim.rd_support"
STATE = "select state from policies_grantapplication where id=?"
FIRM = "select organisation_id from policies_grantapplication where id=?"
DRAFT = "select id from policies_grantapplication where state='draft' limit 1"
WAITING = (
    "select id from policies_grantapplication where state in ('reviewing','supplementing') and level='province'"
    " and automatic=0 order by id limit 1"
)
OFFERED = (
    "select a.id from policies_grantapplication a join organisations_membership m on m.organisation_id=a.organisation_id"
    " join organisations_person p on p.id=m.person_id join accounts_user u on u.id=p.user_id"
    " where a.state='proposed' and u.username='enterprise'"
)
OWN = (
    "select a.id from policies_grantapplication a join organisations_membership m on m.organisation_id=a.organisation_id"
    " join organisations_person p on p.id=m.person_id join accounts_user u on u.id=p.user_id"
    " where a.state='checking' and a.automatic=0 and u.username='enterprise'"
)
OPERATOR = (
    "select u.username from accounts_user u join organisations_person p on p.user_id=u.id"
    " join organisations_membership m on m.person_id=p.id and m.role='operator' join programme_valley v"
    " on v.operator_id=m.organisation_id join policies_grantapplication a on a.valley_checked=v.id where a.id=?"
)


@pytest.fixture
def person(page: Page, site: Site) -> Person:
    return Person(page, site)


def test_what_the_firm_applied_for_is_checked_decided_and_paid(person: Person, site: Site) -> None:
    """The firm withdraws its application, applies again, its operator passes it on, the office grants and pays."""
    pk = ask(site, OWN)
    firm = ask(site, FIRM, pk)
    person.enter("enterprise")
    person.go(f"/policies/grants/{pk}/")
    person.move("withdraw", reason="数据需要核对后再报")
    assert ask(site, STATE, pk) == "withdrawn"

    person.go(f"/policies/grants/apply/{firm}/{RD}/")
    person.sees("金额怎么算出来的", "上年研发费用", "条件逐条核对")
    form = person.own_form()
    form.locator("[name=note]").fill("请审核")
    person.press(form.get_by_role("button", name="提交申请"))
    person.refused("承诺")
    expect(person.own_form().locator("[name=note]")).to_have_value("请审核")
    person.own_form().locator("[name=committed]").check()
    person.press(person.own_form().get_by_role("button", name="提交申请"))
    new = int(re.search(r"/grants/(\d+)/", person.page.url)[1])  # type: ignore[index]
    assert ask(site, STATE, new) == "checking"

    person.enter(ask(site, OPERATOR, new))
    person.go(f"/policies/grants/{new}/")
    person.move("endorse")
    assert ask(site, STATE, new) == "reviewing"

    person.enter("office")
    person.go(f"/policies/grants/{new}/")
    person.sees("同意后余额")
    form = person.form("/decision/")
    form.locator("[name=amount]").fill("999999")
    person.press(form.get_by_role("button", name="同意拨付"))
    person.refused("决定金额应为")
    form = person.form("/decision/")
    form.locator("[name=amount]").fill("121000")
    form.locator("[name=opinion]").fill("核算无误")
    person.press(form.get_by_role("button", name="同意拨付"))
    assert ask(site, STATE, new) == "granted"
    person.fill(person.form("/payments/"), {"amount": "21000.50", "reference": f"E2E-{new}-1"})
    person.submit(person.form("/payments/"))
    assert ask(site, STATE, new) == "paying"
    person.fill(person.form("/payments/"), {"reference": f"E2E-{new}-2"})
    person.submit(person.form("/payments/"))
    assert ask(site, STATE, new) == "paid"
    assert axe_violations(person.page) == []

    person.enter("enterprise")
    person.go(f"/policies/grants/{new}/")
    person.sees("已拨付")
    with person.page.expect_download() as waiting:
        person.page.get_by_role("link", name=re.compile("PDF")).first.click()
    assert waiting.value.suggested_filename.endswith(".pdf")


def test_what_is_offered_is_confirmed_without_a_form_to_fill(person: Person, site: Site) -> None:
    pk = ask(site, OFFERED)
    person.enter("enterprise")
    person.go("/workbench/")
    person.sees("确认免申即享")
    person.go(f"/policies/grants/{pk}/")
    form = person.form("/confirm/")
    form.locator("[name=committed]").check()
    person.submit(form)
    assert ask(site, STATE, pk) == "reviewing"


def test_several_are_granted_at_once(person: Person, site: Site) -> None:
    person.enter("office")
    person.go("/policies/grants/")
    boxes = person.page.locator("input[name=pk]")
    chosen = [boxes.nth(0).get_attribute("value"), boxes.nth(1).get_attribute("value")]
    boxes.nth(0).check()
    boxes.nth(1).check()
    person.page.get_by_label("审核意见").fill("批量审核同意")
    person.press(person.page.get_by_role("button", name="同意勾选的申请"))
    assert {ask(site, STATE, pk) for pk in chosen} == {"granted"}


def test_pages_hold_at_a_phones_width(person: Person, site: Site) -> None:
    person.page.set_viewport_size({"width": 390, "height": 800})
    person.enter("office")
    for path in ("/policies/grants/", "/policies/budgets/", f"/policies/grants/{ask(site, WAITING)}/"):
        person.go(path)
        person.page.wait_for_load_state("networkidle")
        assert overflow(person.page) <= 0, path
        assert axe_violations(person.page) == [], path


@pytest.mark.parametrize(
    "who", ["enterprise", "city", "citygov", "government", "member", "expert", "university", "admin"]
)
def test_the_wrong_people_find_nothing(site: Site, who: str) -> None:
    """Another firm, another city, and everybody who has nothing to do with it: by address and by form."""
    draft = ask(site, DRAFT)
    other = ask(site, WAITING)
    assert draft
    assert other
    visitor = Visitor(site, who)
    firm = ask(site, FIRM, draft)
    before = [ask(site, STATE, pk) for pk in (draft, other)]
    gets = [
        f"/policies/grants/{other}/",
        f"/policies/grants/{draft}/",
        f"/policies/grants/apply/{firm}/{RD}/",
    ]
    posts = [
        f"/policies/grants/{other}/{act}/"
        for act in (
            "decision",
            "payments",
            "recovery",
            "receipts",
            "supplement",
            "papers",
            "confirm",
            "move/refuse",
            "move/withdraw",
        )
    ]
    posts += [f"/policies/grants/{draft}/move/withdraw/", f"/policies/grants/apply/{firm}/{RD}/"]
    for path in gets:
        assert visitor.get(path).status_code in (403, 404), path
    for path in posts:
        data = {
            "amount": "1",
            "reason": "x",
            "reference": "x",
            "paid_on": "2026-01-01",
            "committed": "on",
            "send": "1",
        }
        assert visitor.post(path, data).status_code in (403, 404), path
    assert visitor.post("/policies/grants/batch/", [("pk", str(other))]).status_code in (403, 404)
    assert [ask(site, STATE, pk) for pk in (draft, other)] == before


def test_without_an_account_every_door_leads_to_signing_in(site: Site, browser: Browser) -> None:
    visitor = Visitor(site)
    for path in (
        "/policies/grants/",
        f"/policies/grants/{ask(site, WAITING)}/",
        "/policies/budgets/",
        "/r/payments/",
    ):
        answer = visitor.get(path)
        assert answer.status_code == 302
        assert "/accounts/login/" in answer.headers["Location"]
