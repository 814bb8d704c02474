"""The first half of the course as verbs: valley, papers, plan, expert argument, consultation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta

from playwright.sync_api import expect

from tests.e2e.person import Person

WORDS = "依托本地产业基础和高校资源，围绕重点领域推进成果转化，明确任务、责任单位和时限，逐年核验目标。"
MEMBERS = ("unit-planning", "unit-education", "unit-industry", "unit-finance", "unit-land", "member")


class PlanSteps(Person):
    """What city, experts, office and member units do until a plan is accepted."""

    # --- the plan ---

    def start_valley(self, name: str, kind: str, fields: Iterable[str]) -> None:
        """Fill and send the form of a new valley; the caller looks at what came of it."""
        form = self.own_form()
        self.fill(
            form, {"name": name, "key_fields": "\n".join(fields), "summary": "由浏览器走完全程的模拟平台。"}
        )
        form.locator(f"input[name=kind][value={kind}]").check()
        self.submit(form)

    def created(self) -> None:
        """The valley was made: its basics come next."""
        self.sees("已创建")
        self.valley = int(re.search(r"/valleys/(\d+)/edit/", self.page.url)[1])  # type: ignore[index]

    def write_basics(self, *, chosen: Iterable[str] = (), fields: Mapping[str, str] | None = None) -> None:
        """On the page of basics: tick organisations by name, fill fields, save."""
        self.open("edit")
        form = self.own_form()
        for name in chosen:
            form.get_by_label(name).check()
        self.fill(form, fields or {})
        self.submit(form)

    def name_operator(self, name: str) -> None:
        self.open("edit")
        form = self.own_form()
        form.locator("[name=operator]").select_option(label=name)
        self.submit(form)
        self.sees("基本情况已保存")

    def register_leader(self, name: str) -> None:
        self.be_at("people")
        form = self.form("/members/")
        self.fill(form, {"person_name": name, "unit": "砚泊市人民政府", "duty": "统筹建设"})
        form.locator("[name=leader]").check()
        self.submit(form)
        self.sees("已登记工作专班成员", name)

    def upload(self, kind: str, filename: str, content: bytes, number: str = "") -> None:
        self.be_at("documents")
        form = self.form("/papers/")
        form.locator("[name=kind]").select_option(kind)
        if number:
            form.locator("[name=issuing_number]").fill(number)
        form.locator("[name=file]").set_input_files(
            {"name": filename, "mimeType": "application/octet-stream", "buffer": content}
        )
        self.submit(form)

    def write_plan(self) -> None:
        """Every chapter and target, budget and policies; then see that it was saved without a button."""
        self.open("plan/edit")
        form = self.own_form()
        for chapter in form.locator("textarea[name^=section-]").all():
            chapter.fill(WORDS * 2)
        for target in form.locator("input[name^=target-]").all():
            target.fill("120")
        self.fill(form, {"budget_cny": "32000", "policies": "科创团队入驻支持措施"})
        expect(form.locator("[data-saved]")).to_contain_text(
            re.compile(r"已保存|saved", re.I), timeout=20_000
        )

    def press_save_plan(self) -> None:
        self.submit(self.own_form())
        self.sees("方案已保存")

    # --- the argument ---

    def plan_session(self, place: str, experts: int = 3) -> list[str]:
        """Set the day, the place and the first experts offered; their names."""
        held = self.today() + timedelta(days=7)
        self.open("argument")
        form = self.form("/argument/plan/")
        self.fill(form, {"held_on": held.isoformat(), "place": place})
        for box in form.locator("input[name=experts]").all()[:experts]:
            box.check()
        self.submit(form)
        self.sees("论证安排已保存")
        names = self.page.get_by_role("region", name="专家与意见").get_by_role("rowheader").all_inner_texts()
        return [name.split()[0] for name in names]

    def speak_as_expert(self, name: str, title: str, verdict: str = "pass") -> None:
        """An expert opens the task on the workbench and says an opinion."""
        self.enter(self.account_of_expert(name))
        self.open_task(f"论证{title}建设方案")
        form = self.own_form()
        form.locator(f"input[name=verdict][value={verdict}]").check()
        form.locator("[name=text]").fill("方案定位清楚、基础扎实、目标可核验，同意。")
        self.submit(form)
        self.sees("意见已提交")

    def open_task(self, title: str) -> None:
        self.go("/workbench/")
        self.press(self.page.locator("main").get_by_role("link", name=title).first)

    def conclude_argument(self) -> None:
        """Minutes, then the conclusion."""
        self.open("argument")
        form = self.form("/argument/minutes/")
        form.locator("[name=minutes]").fill("与会专家审阅了方案，经质询讨论，一致同意通过论证。")
        self.submit(form)
        self.sees("纪要已保存")
        self.move("conclude_argument")

    def argue(self, title: str, city: str) -> None:
        """From a complete plan to a passed argument."""
        names = self.plan_session("科技大厦三层会议室")
        self.move("submit_argument")
        for name in names:
            self.speak_as_expert(name, title)
        self.enter(city)
        self.conclude_argument()

    # --- the consultation ---

    def open_consultation(self) -> None:
        self.open("consultation")
        form = self.own_form()
        for unit in form.locator("input[name=units]").all():
            unit.check()
        self.submit(form)

    def give_unit_opinion(self, username: str, title: str, stand: str, text: str = "") -> None:
        self.enter(username)
        self.open_task(f"反馈对{title}建设方案的意见")
        form = self.own_form()
        form.locator(f"input[name=stand][value={stand}]").check()
        form.locator("[name=text]").fill(text)
        self.submit(form)
        self.sees("意见已反馈")

    def answer_opinions(self) -> int:
        """The city answers every opinion that asks for something; how many."""
        self.open("consultation")
        waiting = self.page.locator("form[action*='/consultation/'][action$='/answer/']")
        count = waiting.count()
        for place in range(count):
            form = waiting.nth(place)
            form.locator("input[name$=-adopted][value=yes]").check()
            form.locator("textarea[name$=-answer]").fill("予以采纳，已写入方案重点任务。")
            self.submit(form)
            self.sees("答复已保存")
        return count
