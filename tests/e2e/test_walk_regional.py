"""A regional valley from an empty form to its plaque, in a browser, each step by the person whose it is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.papers import pdf_file, text_of, word_file
from tests.e2e.person import ISO_DAY
from tests.e2e.plan_steps import MEMBERS
from tests.e2e.site import Site
from tests.e2e.steps import Walk

NAME = "晋创谷·砚径"
PAPERS = (
    ("city_task_force", "工作专班文件.docx"), ("master_plan", "总体规划.pdf"), ("goals", "发展目标.docx"),
    ("policies", "配套政策.pdf"), ("annual_work_plan", "年度工作计划.docx"),
)  # fmt: skip


@pytest.fixture
def walk(page: Page, site: Site) -> Iterator[Walk]:
    """A walk that puts the demo clock back, so that other tests find the demo's own day."""
    walk = Walk(page, site)
    yield walk
    walk.put_clock_back()


@pytest.mark.e2e
@pytest.mark.timeout(900)
@pytest.mark.clause("L1", "L2", "C1", "C2", "C3", "C4", "P1", "P2", "P3")
def test_a_regional_valley_walks_from_plan_to_plaque(walk: Walk, browser: Browser, tmp_path: Path) -> None:
    _plan(walk)
    _consultation(walk)
    _building_and_application(walk)
    draw = _assessment(walk)
    _approval_and_plaque(walk, browser)
    _anybody_can_redo_the_draw(walk, browser, draw, tmp_path)
    _letters_and_history(walk)


def _plan(walk: Walk) -> None:
    """The city starts the valley, is told what the plan lacks, mends it, and has it argued."""
    walk.enter("city")
    walk.go("/valleys/new/")
    walk.start_valley(NAME, "regional", ["新材料", "新能源", "高端装备", "数字经济"])
    walk.refused("重点领域已列 4 个，最多 3 个", "二（二）2")
    expect(walk.own_form().locator("[name=name]")).to_have_value(NAME)
    walk.start_valley(NAME, "regional", ["新材料", "新能源", "高端装备"])
    walk.created()
    assert walk.open().ok
    assert walk.stages()["筹备"] == "todo"
    assert walk.stages()["制定方案"] == "now"

    for kind, filename in PAPERS:
        walk.upload(kind, filename, pdf_file() if filename.endswith(".pdf") else word_file(filename))
        walk.sees("文件已上传")
    walk.upload("other", "伪装.pdf", word_file("不是 PDF"))
    walk.refused("内容却是 DOCX")
    walk.register_leader("仉试之")

    walk.write_basics(chosen=["砚泊经济技术开发区"])
    walk.sees("基本情况已保存")
    walk.write_plan()
    walk.open("plan/edit")
    expect(walk.own_form().locator("[name=policies]")).to_have_value("科创团队入驻支持措施")
    walk.press_save_plan()

    walk.open("move/submit_argument")
    walk.submit(walk.form("/move/submit_argument/"))
    walk.refused(
        "未能“提交专家论证”", "方案没有共建高校", "晋政办发〔2024〕40号 二（一）", "依托至少一所省内外高校"
    )
    walk.write_basics(chosen=["砚泊材料学院"])
    walk.argue(NAME, "city")
    walk.open()
    assert "待行文报送" in walk.state()

    walk.enter("member")
    assert walk.open("plan").status == 404, "a plan not yet filed is the city's own business"
    walk.enter("citygov")
    walk.open()
    walk.move("file", number="砚政函〔2026〕7号")
    assert "已报送待受理" in walk.state()


def _consultation(walk: Walk) -> None:
    """The office asks the member units, the city answers, the office accepts."""
    walk.enter("office")
    walk.open_consultation()
    for username in MEMBERS:
        asks = username == "unit-planning"
        text = "建议将起步区建设项目纳入市年度重点工程。" if asks else ""
        walk.give_unit_opinion(username, NAME, "suggest" if asks else "agree", text)
    walk.enter("office")
    walk.open("consultation")
    walk.sees(f"{len(MEMBERS)} / {len(MEMBERS)} 家反馈", "建议将起步区建设项目纳入市年度重点工程。")
    walk.move("send_opinions")

    walk.enter("city")
    walk.open("consultation")
    walk.sees("待答复")
    assert walk.answer_opinions() == 1
    walk.move("answer")
    walk.enter("unit-planning")
    walk.go("/opinions/" + str(walk.kept(_OPINION, walk.valley, "省发展规划%")[0][0]) + "/")
    walk.sees("本轮征求意见已结束")

    walk.enter("office")
    walk.open()
    walk.move("accept", number="晋科函〔2026〕31号")
    assert "筹备" in walk.state()


_OPINION = (
    "select o.id from programme_opinion o join programme_consultation c on c.id=o.consultation_id"
    " join organisations_organisation g on g.id=o.organisation_id where c.valley_id=? and g.name like ?"
)


def _building_and_application(walk: Walk) -> None:
    """Operator, milestones, figures with their sources; an application once all conditions are met."""
    walk.enter("city")
    walk.open()
    walk.sees("尚未明确专业化、市场化、实体化的第三方运营团队")
    walk.name_operator("砚泊砺成园区运营有限公司")
    walk.open()
    walk.move("begin")
    walk.sees("已办理：启动建设")
    assert "先行建设" in walk.state()
    assert walk.stages()["筹备"] == "done"

    walk.enter("o-yanbo")
    walk.report_progress("运营团队实体化运行", 40)
    walk.enter("city")
    walk.apply()
    walk.refused("申请须书面说明差距")
    walk.register_service_bodies()
    today = walk.today()
    walk.file_all_figures(today)
    walk.open("conditions")
    walk.sees("符合条件")
    walk.open("application")
    walk.sees("建设条件今天全部满足，可以申请认定。")
    walk.apply()
    walk.sees("已提交认定申请")


def _assessment(walk: Walk) -> int:
    """Committed, drawn, scored by seven who don't see each other, visited, passed. Gives the draw's id."""
    walk.enter("office")
    walk.open("assessment")
    walk.move("open_assessment")
    panel = walk.commit_and_draw()
    assert len(panel) == len(set(panel)) == 7
    seats: list[tuple[str, int]] = []
    for place, name in enumerate(panel):
        account = walk.account_of_expert(name)
        walk.enter(account)
        number = walk.open_sheet(NAME)
        if seats:
            assert walk.go(f"/score-sheets/{seats[-1][1]}/").status == 404, (
                "another expert's sheet does not exist"
            )
            walk.go(f"/score-sheets/{number}/")
        assert walk.page.locator("[name^=score-]").count() == 0, "first the declaration, then the sheet"
        walk.declare_free()
        walk.score(0.8 + place / 50)
        seats.append((account, number))
    walk.go(f"/score-sheets/{seats[-1][1]}/")
    walk.sees("提交并封存")
    walk.enter(seats[0][0])
    assert walk.go(f"/score-sheets/{seats[-1][1]}/").status == 404

    walk.enter("office")
    walk.open("assessment")
    walk.sees("评分表已全部提交", "现场查看还有 4 项没有记录")
    assert walk.make_visits() == 4
    walk.conclude_assessment("pass", "材料真实完整，建设条件经核验，建议认定。")
    walk.sees("评估合格，已形成报告并上报省政府", "综合得分")
    draw = walk.page.get_by_role("link", name="公开的抽取记录").get_attribute("href")

    walk.enter("city")
    walk.open("assessment")
    walk.sees("评估结论：合格", "材料真实完整，建设条件经核验，建议认定。")
    expect(walk.page.locator("main")).not_to_contain_text(panel[0])
    return int(re.findall(r"\d+", str(draw))[0])


def _approval_and_plaque(walk: Walk, browser: Browser) -> None:
    """The government approves, the notice runs in public, the office awards, the number is public."""
    walk.enter("government")
    walk.open("approval")
    walk.move("approve")
    walk.enter("office")
    walk.open("approval")
    walk.sees("还不能授牌")
    last = ISO_DAY.search(walk.page.get_by_text("期满后方可授牌").first.inner_text())
    assert last

    public = walk.stranger(browser)
    public.go("/public/notices/")
    public.press(public.page.get_by_role("link", name=f"关于拟认定{NAME}创新驱动平台的公示"))
    public.sees("提出异议")

    walk.advance_clock((date.fromisoformat(last[0]) - walk.today()).days + 1)
    walk.enter("office")
    walk.open("approval")
    walk.sees("公示期已满，可以授牌。")
    form = walk.form("/award/")
    number = re.search(r"晋创谷牌〔\d{4}〕\d+号", form.inner_text())
    assert number
    form.locator("[name=decision_number]").fill("晋政函〔2026〕88号")
    walk.submit(form)
    walk.sees("已授牌", number[0])

    public.go(f"/public/valleys/{walk.valley}/")
    public.sees(number[0])
    public.press(public.page.get_by_role("link", name="查验", exact=True))
    public.sees(NAME, "晋政函〔2026〕88号")
    assert public.go(f"/valleys/{walk.valley}/history/").status in (403, 404)
    public.page.context.close()


def _anybody_can_redo_the_draw(walk: Walk, browser: Browser, draw: int, tmp_path: Path) -> None:
    """The page says that the result follows from the seed; the program it prints agrees on its JSON."""
    public = walk.stranger(browser)
    public.go(f"/public/draws/{draw}/")
    public.sees("种子与承诺相符，名单与结果相符")
    program = public.page.get_by_role("region", name="复算程序").inner_text()
    with public.page.expect_event("response", lambda answer: answer.url.endswith(f"{draw}.json")):
        address = public.page.get_by_role("link", name="JSON").get_attribute("href")
        data = public.page.evaluate("async (address) => (await fetch(address)).text()", address)
    public.page.context.close()
    assert len(json.loads(data)["seats"]) == 7
    (tmp_path / "draw.json").write_text(data, "utf-8")
    (tmp_path / "redo.py").write_text(program, "utf-8")
    arguments = [sys.executable, "redo.py", "draw.json"]
    done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("OK ")


def _letters_and_history(walk: Walk) -> None:
    """Every letter opens as Word and as PDF, every step is on record, the audit chain holds."""
    walk.enter("office")
    letters = walk.letters()
    assert len(letters) >= 7, sorted(letters)
    for title, files in letters.items():
        assert set(files) == {"docx", "pdf"}, title
        for extension, content in files.items():
            assert "".join(title.split())[:12] in text_of(content), (title, extension)
    assert walk.path() == [
        "启动", "提交专家论证", "形成论证结论（通过）", "行文报送", "受理并征求意见", "转市答复", "提交答复",
        "同意先行建设", "启动建设", "申请认定", "受理并组织评估", "评估合格，上报省政府", "同意", "授牌",
    ]  # fmt: skip
    walk.open("history")
    walk.sees("授牌", "受理并组织评估", "晋创谷·砚径")
    verified = walk.site.jcg("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
