"""What people do in the product, as verbs: each drives the browser as a person would and fails where the page
differs. The first half of the course is in `plan_steps`, the person's eyes and hands in `person`.
"""

from __future__ import annotations

import re
from datetime import date

from tests.e2e.plan_steps import PlanSteps

SERVICE_BODIES = ("government", "technology_transfer", "finance", "operation")
SCALE = {
    "planned_area_km2": "12.5", "startup_office_m2": "31000", "standard_plant_m2": "104000",
    "resident_teams_and_startups": "33", "full_time_staff": "418", "tech_enterprise_revenue_cny": "312000000",
}  # fmt: skip
GROWTH = {
    "innovation_bodies": ("40", "46"), "innovation_platforms": ("10", "12"),
    "innovation_talents": ("600", "680"), "technology_turnover_cny": ("120000000", "141000000"),
}  # fmt: skip


class Walk(PlanSteps):
    """One person changing hats along the whole course; `valley` is the id the walk is about."""

    # --- building and application ---

    def report_progress(self, milestone: str, percent: int) -> None:
        self.open("building")
        self.press(self.page.get_by_role("link", name=f"报送进度 {milestone}"))
        form = self.own_form()
        self.fill(form, {"progress": str(percent), "note": "按计划推进"})
        self.submit(form)
        self.sees("已更新", f"{percent}%")

    def register_service_bodies(self) -> None:
        for kind in SERVICE_BODIES:
            self.be_at("people")
            self.page.locator("summary", has_text="登记服务机构").click()
            form = self.form("/services/")
            self.fill(form, {"kind": kind, "name": f"砚泊{kind}中心", "staff": "8"})
            self.submit(form)
            self.sees("已登记服务机构")

    def file_figure(self, indicator: str, value: str, dated: date, year: int | None = None) -> None:
        self.be_at("figures")
        form = self.form("/figures/add/")
        fields = {
            "indicator": indicator,
            "value": value,
            "dated": dated.isoformat(),
            "source_title": "市科技局自查报告",
        }
        self.fill(form, fields | ({"year": str(year)} if year else {}))
        self.submit(form)
        self.sees("数据已报送")

    def file_all_figures(self, today: date) -> None:
        """Every figure of the conditions, with its source, so that all are met."""
        for indicator, value in SCALE.items():
            self.file_figure(indicator, value, today)
        for indicator, values in GROWTH.items():
            for back, value in zip((2, 1), values, strict=True):
                self.file_figure(indicator, value, today, today.year - back)

    def apply(self, explanation: str = "") -> None:
        """Send the application; the explanation is asked only when a condition is open."""
        self.open("application")
        form = self.own_form()
        if explanation:
            form.locator("[name=shortfall_reason]").fill(explanation)
        self.submit(form)

    # --- the assessment ---

    def commit_and_draw(self) -> list[str]:
        """Publish pool and commitment, draw; the names of the panel, which only the office sees."""
        self.open("assessment")
        self.submit(self.form("/commit/"))
        self.sees("已公布抽取名单和种子承诺")
        self.submit(self.form("/draw/"))
        self.sees("已抽取专家")
        rows = self.page.get_by_role("region", name="评估专家", exact=True).locator("tbody tr").all()
        return [row.locator("td").first.inner_text().split()[0] for row in rows]

    def open_sheet(self, title: str) -> int:
        """The acting expert opens the task; the number of the sheet."""
        self.open_task(f"评估评分：{title}")
        return int(re.search(r"/score-sheets/(\d+)/", self.page.url)[1])  # type: ignore[index]

    def declare_free(self) -> None:
        self.press(self.page.get_by_role("button", name="声明没有利益冲突"))

    def score(self, share: float) -> None:
        """Score every criterion with this share of its full mark and submit; what was given stays sealed."""
        form = self.form("/write/")
        for part in form.locator("fieldset").all():
            most = re.search(r"0–(\d+)", part.locator("legend").inner_text())
            assert most
            part.locator("input[name^=score-]").fill(f"{int(most[1]) * share:.1f}")
            part.locator("textarea[name^=reason-]").fill("材料充分，现场印证。")
        form.locator("[name=comment]").fill("建议按意见持续推进。")
        self.press(form.get_by_role("button", name="提交评分"))
        self.sees("评分表已提交并封存")

    def make_visits(self) -> int:
        """The office records every site visit; how many."""
        self.open("assessment")
        items = self.page.locator("main a[href*='/visits/']").all()
        for address in [str(item.get_attribute("href")) for item in items]:
            self.go(address)
            form = self.own_form()
            form.locator("[name=finding]").fill("现场查看，情况与申请材料一致。")
            form.locator("input[name=consistent][value=yes]").check()
            self.submit(form)
            self.sees("已记录现场情况")
        return len(items)

    def conclude_assessment(self, conclusion: str, opinion: str, reason: str = "") -> None:
        self.open("assessment")
        form = self.form("/conclusion/")
        self.fill(form, {"opinion": opinion, "reason": reason})
        self.press(form.locator(f"button[name=conclusion][value={conclusion}]"))

    # --- notice, letters, history ---

    def object_to_notice(self, text: str) -> str:
        """Anybody on the open notice page objects; the receipt."""
        form = self.own_form()
        self.fill(form, {"raised_by": "市民甲（模拟）", "contact": "citizen@example.invalid", "text": text})
        self.submit(form)
        shown = self.page.get_by_role("status").filter(has_text=re.compile(r"[A-Z]{2}-\d{4}-[A-Z0-9]+"))
        return str(re.search(r"[A-Z]{2}-\d{4}-[A-Z0-9]+", shown.inner_text())[0])  # type: ignore[index]

    def look_up_receipt(self, receipt: str) -> None:
        self.go("/public/objections/")
        form = self.own_form()
        form.locator("[name=receipt]").fill(receipt)
        self.submit(form)

    def letters(self) -> dict[str, dict[str, bytes]]:
        """Every letter on the dossier, downloaded: `{title: {extension: content}}`."""
        self.open("documents")
        section = self.page.locator("section", has=self.page.get_by_role("heading", name="公文", exact=True))
        found: dict[str, dict[str, bytes]] = {}
        for row in section.locator("tbody tr").all():
            title = row.get_by_role("rowheader").inner_text().split("\n")[0].removesuffix("公开").strip()
            for link in row.locator("td a").all():
                response = self.page.context.request.get(self.site.url + str(link.get_attribute("href")))
                assert response.status == 200, f"{title}: {response.status}"
                assert response.headers["content-disposition"].startswith("attachment")
                content = response.body()
                found.setdefault(title, {})["pdf" if content.startswith(b"%PDF-") else "docx"] = content
        return found

    def path(self) -> list[str]:
        """The verbs of the steps the valley took, oldest first, as its process page lists them."""
        self.open("process")
        table = self.page.get_by_role("region", name="走过的每一步")
        return [" ".join(text.split()) for text in table.locator("tbody th").all_inner_texts()][::-1]
