"""Ways back: a plan returned, withdrawn, reopened; an application withdrawn, failed, made again; objections.

Each test takes up simulated valleys that no other test looks for in their state, and mostly leaves them as
it found them.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.site import Site
from tests.e2e.steps import Walk

REASON = "年度目标缺乏依据，请补充测算过程。"


@pytest.fixture
def walk(page: Page, site: Site) -> Walk:
    """Notices must still run, whatever a test before did to the clock."""
    walk = Walk(page, site)
    walk.put_clock_back()
    return walk


@pytest.mark.e2e
@pytest.mark.timeout(600)
@pytest.mark.clause("P1")
def test_a_returned_plan_shows_its_reasons_and_comes_back(walk: Walk) -> None:
    name, city = "晋创谷·栎岗", "city_office-sim04"
    walk.enter("office")
    walk.find(name)
    walk.page.locator("[data-dialog-open='move-return_plan']").first.click()
    dialog = walk.page.get_by_role("dialog", name="退回")
    dialog.get_by_label("目标缺乏依据").check()
    expect(dialog.get_by_role("textbox", name="理由")).to_have_value("目标缺乏依据")
    walk.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    walk.move("return_plan", reason=REASON)
    assert "退回修改" in walk.state()
    assert any("退回修改通知" in title or "退回" in title for title in walk.letters())

    walk.enter(city)
    walk.open("process")
    walk.sees(REASON)
    walk.open("plan/edit")
    form = walk.own_form()
    goals = form.locator("[name=section-goals]")
    goals.fill(goals.input_value() + "\n测算依据：近三年年均增速与在建项目达产计划。")
    walk.press_save_plan()
    walk.argue(f"{name}（模拟）", city)
    walk.enter("government-sim04")
    walk.open()
    walk.move("file")
    assert "已报送待受理" in walk.state()

    walk.enter("office")
    walk.open("plan")
    versions = walk.page.get_by_role("link", name="与当前稿比对")
    assert versions.count() >= 2
    walk.press(versions.last)
    walk.sees("测算依据：近三年年均增速与在建项目达产计划。")
    walk.open()
    expect(walk.page.locator(".j-ribbon .j-loop", has_text="退回").first).to_be_visible()


@pytest.mark.e2e
@pytest.mark.clause("P1")
def test_a_withdrawn_plan_is_reopened_and_withdrawn_again(walk: Walk) -> None:
    walk.enter("city_office-sim06")
    walk.find("晋创谷·釉谷")
    assert walk.stages()["终止"] == "failed"
    walk.move("reopen", reason="重点领域已重新论证，恢复编制。")
    assert "方案编制" in walk.state()
    walk.open("plan/edit")
    expect(walk.own_form().locator("[name=section-basis]")).not_to_have_value("")
    walk.open()
    walk.move("withdraw", reason="与相邻市合并申报。")
    assert walk.stages()["终止"] == "failed"
    assert walk.path()[-2:] == ["重新启动编制", "撤回方案"]
    walk.sees("与相邻市合并申报。", "重点领域已重新论证，恢复编制。")


@pytest.mark.e2e
@pytest.mark.timeout(600)
@pytest.mark.clause("P2", "P3")
def test_an_application_is_withdrawn_made_again_fails_and_is_mended(walk: Walk) -> None:
    name, city = "晋创谷·沚宁（模拟）", "city_office-sim07"
    walk.enter(city)
    walk.find("晋创谷·沚宁")
    walk.move("withdraw_application", reason="补充营业收入审计报告后再报。")
    assert "先行建设" in walk.state()
    walk.open("application")
    walk.sees("已撤回")
    walk.apply()
    walk.refused("申请须书面说明差距")
    walk.apply("营业收入差 1310 万元，两家企业达产后补齐，附审计报告。")
    walk.sees("已提交认定申请")

    walk.enter("office")
    walk.open("assessment")
    walk.move("open_assessment")
    for expert in walk.commit_and_draw():
        walk.enter(walk.account_of_expert(expert))
        walk.open_sheet(name)
        walk.declare_free()
        walk.sees("营业收入差 1310 万元，两家企业达产后补齐，附审计报告。")
        walk.score(0.5)
    walk.enter("office")
    walk.open("assessment")
    walk.sees("还不能评为合格", "综合得分 50.00，低于合格线 70")
    assert walk.page.locator("button[name=conclusion][value=pass]").count() == 0
    walk.conclude_assessment("fail", "营业收入未达建设条件。", "年营业收入低于 3 亿元。")
    walk.sees("评估不合格，已形成报告并退市整改")

    walk.enter(city)
    walk.open()
    assert "评估未通过整改" in walk.state()
    walk.open("assessment")
    walk.sees("评估结论：不合格", "营业收入未达建设条件。")
    walk.file_figure("tech_enterprise_revenue_cny", "306000000", walk.today())
    walk.apply("")
    walk.sees("已提交认定申请")
    walk.open("application")
    expect(walk.page.get_by_role("link", name="第 3 次")).to_be_visible()
    assert walk.path()[-5:] == ["撤回申请", "申请认定", "受理并组织评估", "评估不合格", "申请认定"]


@pytest.mark.e2e
@pytest.mark.clause("P3")
def test_an_upheld_objection_ends_the_notice(walk: Walk, browser: Browser) -> None:
    receipt = _object(walk, browser, "晋创谷·烜储", "公示所列标准化厂房面积与现场不符，附现场照片。")
    walk.enter("office")
    walk.find("晋创谷·烜储")
    walk.open("approval")
    walk.sees(receipt, "市民甲（模拟）", "citizen@example.invalid")
    walk.move("object")
    walk.open("approval")
    _answer(walk, receipt, "yes", "经现场核实，部分厂房尚未竣工，异议成立。")
    walk.move("uphold_objection", reason="标准化厂房面积不实，终止公示。")
    assert "评估未通过整改" in walk.state()

    public = walk.stranger(browser)
    public.look_up_receipt(receipt)
    public.sees("异议成立", "经现场核实，部分厂房尚未竣工，异议成立。")
    public.press(public.page.get_by_role("link", name="关于拟认定晋创谷·烜储（模拟）创新驱动平台的公示"))
    public.sees("因异议成立，本公示已于")
    expect(public.page.locator("main")).not_to_contain_text("市民甲")
    public.page.context.close()


@pytest.mark.e2e
@pytest.mark.clause("P3")
def test_a_dismissed_objection_lets_the_notice_go_on(walk: Walk, browser: Browser) -> None:
    walk.enter("office")
    walk.find("晋创谷·珩谷")
    walk.open("approval")
    receipt = walk.page.get_by_role("heading", name="待答复").first.inner_text().split()[0]
    _answer(walk, receipt, "no", "经核查统计台账，人才数据口径一致，异议不成立。")
    walk.move("dismiss_objection", reason="数据口径经核查一致。")
    assert "公示" in walk.state()
    walk.open("approval")
    walk.sees("公示中，至", "还不能授牌")

    again = _object(walk, browser, "晋创谷·珩谷", "起步区道路尚未通车，请核实实施条件。")
    assert again != receipt
    walk.enter("office")
    walk.open("approval")
    walk.sees("还有 1 件异议未答复")
    walk.move("object")
    assert "异议处理" in walk.state()
    public = walk.stranger(browser)
    public.look_up_receipt(receipt)
    public.sees("异议不成立", "经核查统计台账，人才数据口径一致，异议不成立。")
    public.look_up_receipt("YY-0000-NICHTDA1")
    public.sees("没有找到这个回执号")
    public.page.context.close()


def _answer(walk: Walk, receipt: str, upheld: str, words: str) -> None:
    card = walk.page.locator("article", has=walk.page.get_by_role("heading", name=receipt))
    form = card.locator("form[action$='/answer/']")
    form.locator(f"input[name$=-upheld][value={upheld}]").check()
    form.locator("textarea[name$=-answer]").fill(words)
    walk.submit(form)
    walk.sees(f"已答复异议 {receipt}")


def _object(walk: Walk, browser: Browser, name: str, words: str) -> str:
    """A citizen finds the notice and objects, first without a reason."""
    public = walk.stranger(browser)
    public.go("/public/notices/")
    public.press(public.page.get_by_role("link", name=f"关于拟认定{name}").first)
    form = public.own_form()
    public.fill(form, {"raised_by": "市民甲（模拟）", "contact": "citizen@example.invalid", "text": "不同意"})
    public.submit(form)
    public.refused("10 个字")
    receipt = public.object_to_notice(words)
    public.page.context.close()
    return receipt
