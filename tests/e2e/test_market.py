"""The market at a browser: a contract with its deductions, the turnover that changes by it, and a workbook that is wrong."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.person import Person
from tests.e2e.site import Site, axe_violations, overflow
from tests.e2e.visitor import Visitor, ask
from tests.foundation.exchange import books

pytestmark = pytest.mark.e2e

VALLEY = "晋创谷·澜岫（模拟）"
TURNOVER = "/market/turnover/?origin=simulated"
SELLER = (
    "select o.name from residents_resident r join organisations_organisation o on o.id=r.organisation_id"
    " join programme_valley v on v.id=r.valley_id join organisations_membership m on m.organisation_id=v.operator_id"
    " join organisations_person p on p.id=m.person_id join accounts_user u on u.id=p.user_id"
    " where u.username='operator' and r.kind='enterprise' and r.entered_on < '2026-01-01' order by r.id limit 1"
)
STRANGE = (
    "select c.id from market_technologycontract c where c.seller_id not in (select m.organisation_id from"
    " organisations_membership m join organisations_person p on p.id=m.person_id join accounts_user u on u.id=p.user_id"
    " where u.username='enterprise') order by c.id limit 1"
)
HEADS = ["登记编号", "合同名称", "合同类别", "签订日期", "登记日期", "卖方", "晋创谷", "买方", "成交额", "技术交易额的来历",
         "购置设备、仪器、零部件", "购置原材料", "其他非技术性费用", "技术交易额"]  # fmt: skip


@pytest.fixture
def person(page: Page, site: Site) -> Person:
    return Person(page, site)


def amounts(person: Person, part: str = "kind") -> list[Decimal]:
    """Turnover and technology turnover at the foot of a table of the page."""
    cells = person.page.locator(f"#{part} > .j-table tfoot td")
    return [Decimal(cells.nth(at).inner_text().replace(",", "")) for at in (1, 2)]


def test_a_contract_with_deductions_changes_the_turnover_and_opens_from_it(
    person: Person, site: Site
) -> None:
    person.enter("operator")
    person.go(TURNOVER)
    before, today = amounts(person), str(person.today())

    person.go("/r/contracts/new")
    form = person.own_form()
    person.fill(form, {
        "number": "E2E-JS-1", "title": "浏览器登记的合同", "kind": "transfer", "field": "新材料", "signed_on": today,
        "registered_on": today, "buyer_name": "示例买方", "direction": "outside", "turnover_cny": "1000000.10",
        "equipment_cny": "1000000.11", "materials_cny": "0", "other_cny": "0", "carrier_sets": "1",
    })  # fmt: skip
    form.locator("[name=seller]").select_option(label=ask(site, SELLER))
    expect(person.page.locator("#amount")).to_contain_text("还不能算", timeout=15_000)
    person.submit(form)
    person.refused("扣除合计")
    expect(person.own_form().locator("[name=turnover_cny]")).to_have_value("1000000.10")

    person.fill(person.own_form(), {"equipment_cny": "100000.01"})
    expect(person.page.locator("#amount tfoot")).to_contain_text("900,000.09", timeout=15_000)
    expect(person.page.locator("#amount")).to_contain_text("技术合同认定登记管理办法")
    assert axe_violations(person.page) == []
    person.submit(person.own_form())
    person.sees("技术交易额怎么来", "900,000.09", "待核")

    person.go(TURNOVER)
    after = amounts(person)
    assert [new - old for new, old in zip(after, before, strict=True)] == [
        Decimal("1000000.10"),
        Decimal("900000.09"),
    ]
    assert amounts(person, "month") == amounts(person, "field") == after
    assert axe_violations(person.page) == []
    row = person.page.locator("#kind > .j-table tbody tr", has_text="技术转让")
    shown = row.locator("td").nth(1).inner_text()
    person.press(row.get_by_role("link", name="技术转让"))
    person.sees("技术转让：")
    assert amounts(person, "month")[0] == Decimal(shown.replace(",", ""))
    person.go(TURNOVER)
    person.press(row.locator("td").get_by_role("link").first)
    person.sees("E2E-JS-1", f"成交额合计 {shown}")

    with person.page.expect_download() as waiting:
        person.go(TURNOVER)
        person.page.locator("#valley").get_by_role("link", name=re.compile("XLSX")).click()
    path = Path(str(waiting.value.path()))
    assert f"{after[0]:.2f}" == f"{Decimal(str(books.table(path.read_bytes())[-1][2])):.2f}"
    person.page.set_viewport_size({"width": 390, "height": 844})
    person.go(TURNOVER)
    assert overflow(person.page) == 0


def test_a_workbook_with_mistakes_names_each_cell_and_writes_nothing(person: Person, site: Site) -> None:
    person.enter("operator")
    today, seller = str(person.today()), ask(site, SELLER)
    good = [
        "E2E-JS-9",
        "合同",
        "技术服务",
        today,
        today,
        seller,
        VALLEY,
        "买方",
        500,
        "按扣除项计算",
        100,
        0,
        0,
        "",
    ]
    wrong = [
        [
            "E2E-JS-7",
            "合同",
            "技术买卖",
            today,
            today,
            seller,
            VALLEY,
            "买方",
            500,
            "按扣除项计算",
            100,
            0,
            0,
            "",
        ],
        [
            "E2E-JS-8",
            "合同",
            "技术服务",
            today,
            today,
            "没有的公司",
            "买方",
            500,
            "按扣除项计算",
            100,
            0,
            0,
            "",
        ],
        [
            "E2E-JS-6",
            "合同",
            "技术服务",
            today,
            today,
            seller,
            VALLEY,
            "买方",
            500,
            "按扣除项计算",
            600,
            0,
            0,
            "",
        ],
    ]

    def send(*rows: list[object]) -> None:
        person.go("/r/contracts/import/")
        data = books.book(HEADS, *rows)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        person.page.locator("input[type=file]").set_input_files(
            {"name": "合同.xlsx", "mimeType": kind, "buffer": data}
        )
        person.submit(person.page.locator("main form:has(input[type=file])"))

    send(good, *wrong)
    person.sees("技术买卖", "没有的公司", "扣除合计")
    assert axe_violations(person.page) == []
    assert (
        ask(
            site,
            "select count(*) from market_technologycontract where number like 'E2E-JS-_' and title='合同'",
        )
        == 0
    )

    send(good)
    person.submit(person.page.locator("form[action$='/commit']").first)
    assert ask(site, "select technology_cny from market_technologycontract where number='E2E-JS-9'") == 400


def test_whoever_has_no_business_there_finds_nothing(person: Person, site: Site) -> None:
    enterprise, expert = Visitor(site, "enterprise"), Visitor(site, "expert")
    assert enterprise.get(f"/r/contracts/{ask(site, STRANGE)}/").status_code == 404
    assert enterprise.get("/r/contracts/new").status_code == 403
    assert expert.get("/market/turnover/").status_code == 403
    assert expert.get("/residents/occupancy/").status_code == 403
    assert enterprise.get("/market/turnover/").status_code == 200


def test_a_lease_beyond_the_space_says_what_is_left(person: Person, site: Site) -> None:
    person.enter("operator")
    person.go("/residents/occupancy/?origin=simulated")
    person.sees("建成空间")
    assert axe_violations(person.page) == []
    person.go("/r/leases/new")
    form = person.own_form()
    form.locator("[name=space]").select_option(label="科创服务中心")
    form.locator("[name=organisation]").select_option(label=ask(site, SELLER))
    person.fill(form, {"area_m2": "999999", "starts_on": "2026-11-20"})
    person.submit(form)
    person.refused("只剩")
