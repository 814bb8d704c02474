"""A specialised valley: one key field, the whole chain, no preparation between acceptance and building."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.papers import word_file
from tests.e2e.plan_steps import MEMBERS
from tests.e2e.site import Site
from tests.e2e.steps import Walk

NAME = "晋创谷·砚链"
CITY, CITY_GOVERNMENT = "city", "citygov"


@pytest.mark.e2e
@pytest.mark.timeout(600)
@pytest.mark.clause("L1", "L2", "C2", "P1", "P2")
def test_a_specialised_valley_goes_from_acceptance_straight_to_building(page: Page, site: Site) -> None:
    walk = Walk(page, site)
    _plan_of_one_field(walk)
    _accepted(walk)
    _building_without_preparation(walk)


def _plan_of_one_field(walk: Walk) -> None:
    walk.enter(CITY)
    walk.go("/valleys/new/")
    walk.start_valley(NAME, "specialised", ["轻质合金", "新能源"])
    walk.refused("重点领域已列 2 个，最多 1 个", "二（二）2")
    walk.start_valley(NAME, "specialised", ["新材料"])
    walk.created()
    walk.write_basics(fields={"key_fields": "新材料\n新能源"})
    walk.refused("重点领域已列 2 个，最多 1 个")
    expect(walk.own_form().locator("[name=key_fields]")).to_have_value("新材料\n新能源")
    walk.write_basics(chosen=["砚泊经济技术开发区", "砚泊材料学院"], fields={"key_fields": "新材料"})
    walk.sees("基本情况已保存")
    walk.upload("city_task_force", "工作专班文件.docx", word_file("工作专班"))
    walk.register_leader("缑试之")

    walk.write_plan()
    walk.press_save_plan()
    walk.plan_session("科技大厦五层会议室")
    walk.sees("还不能提交专家论证", "尚未说明覆盖全产业链")
    walk.write_basics(fields={"whole_chain": "true"})
    walk.argue(NAME, CITY)


def _accepted(walk: Walk) -> None:
    walk.enter(CITY_GOVERNMENT)
    walk.open()
    walk.move("file")
    walk.enter("office")
    walk.open_consultation()
    for username in MEMBERS:
        walk.give_unit_opinion(username, NAME, "agree")
    walk.enter("office")
    walk.open("consultation")
    walk.move("send_opinions")
    walk.enter(CITY)
    assert walk.answer_opinions() == 0, "an opinion without a wish needs no answer"
    walk.open("consultation")
    walk.move("answer")

    walk.enter("office")
    walk.open()
    walk.sees("还不能同意先行建设", "尚未明确专业化、市场化、实体化的第三方运营团队")
    walk.enter(CITY)
    walk.name_operator("砚泊砺成园区运营有限公司")
    walk.enter("office")
    walk.open()
    walk.move("accept", number="晋科函〔2026〕32号")


def _building_without_preparation(walk: Walk) -> None:
    assert "先行建设" in walk.state()
    stages = walk.stages()
    assert stages.get("筹备", "skipped") == "skipped", "a stage that isn't for this kind is never walked"
    assert [name for name, state in stages.items() if state == "done"] == ["制定方案", "报送与征求意见"]
    assert walk.path()[-2:] == ["提交答复", "同意先行建设"]
    usable = {name for name, state in stages.items() if state != "skipped"}
    walk.find("晋创谷·砚泊")
    assert len({name for name, state in walk.stages().items() if state != "skipped"}) == len(usable) + 1

    walk.go("/process/?kind=specialised")
    expect(walk.page.locator("main")).not_to_contain_text("落实运营团队后启动建设")
    walk.go("/process/?kind=regional")
    expect(walk.page.locator("main")).to_contain_text("落实运营团队后启动建设")
