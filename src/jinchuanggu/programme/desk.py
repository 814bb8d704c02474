"""What this room puts on the workbench, into the search and into the history's words and scope."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit import access as audit_access
from jinchuanggu.foundation.audit import verbs
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workbench.registry import Figure, Hit, figures, quick_act, searcher
from jinchuanggu.programme.access import visible_valleys
from jinchuanggu.programme.labels import display_name, state_label
from jinchuanggu.programme.models import Valley
from jinchuanggu.programme.monitoring.access import visible_reports

quick_act(_("新建晋创谷"), "plus", "valley_new", Role.CITY_OFFICE, order=10)
quick_act(
    _("年度监测"),
    "calendar-stats",
    "monitoring",
    Role.PROVINCIAL_OFFICE,
    Role.CITY_OFFICE,
    Role.CITY_GOVERNMENT,
    order=30,
)
quick_act(_("看布局图"), "map-2", "valley_map", order=60)

verbs.register(
    {
        "valley.create": {"zh": "新建晋创谷", "en": "Valley started"},
        "valley.edit": {"zh": "修改基本情况", "en": "Basics edited"},
        "valley.publish": {"zh": "载入公开事实", "en": "Published facts loaded"},
        "valley.member_add": {"zh": "登记专班成员", "en": "Task force member added"},
        "valley.member_remove": {"zh": "移出专班成员", "en": "Task force member removed"},
        "valley.service_body_add": {"zh": "登记服务机构", "en": "Service body added"},
        "valley.service_body_remove": {"zh": "移出服务机构", "en": "Service body removed"},
        "plan.save": {"zh": "保存方案", "en": "Plan saved"},
        "argument.plan": {"zh": "安排专家论证", "en": "Argument planned"},
        "argument.opinion": {"zh": "提交专家意见", "en": "Expert opinion given"},
        "argument.release": {"zh": "移出论证专家", "en": "Expert released"},
        "argument.minutes": {"zh": "填写论证纪要", "en": "Minutes written"},
        "consultation.opinion": {"zh": "反馈意见", "en": "Opinion given"},
        "consultation.answer": {"zh": "答复意见", "en": "Opinion answered"},
        "figure.file": {"zh": "报送指标数据", "en": "Figure filed"},
        "figure.choose": {"zh": "采用指标数据", "en": "Figure chosen"},
        "figures.upload": {"zh": "上传公开数据", "en": "Published figures uploaded"},
        "figures.import": {"zh": "导入公开数据", "en": "Published figures imported"},
        "figure.recompute": {"zh": "重新计算指标", "en": "Figures recomputed"},
        "milestone.open": {"zh": "生成里程碑", "en": "Milestones set up"},
        "milestone.add": {"zh": "登记里程碑", "en": "Milestone added"},
        "milestone.change": {"zh": "修改里程碑", "en": "Milestone edited"},
        "milestone.progress": {"zh": "更新里程碑进度", "en": "Milestone progress reported"},
        "milestone.warn": {"zh": "里程碑预警", "en": "Milestone warning sent"},
        "application.make": {"zh": "提出认定申请", "en": "Application made"},
        "application.withdraw": {"zh": "撤回认定申请", "en": "Application withdrawn"},
        "assessment.open": {"zh": "组织评估", "en": "Assessment opened"},
        "assessment.invite": {"zh": "邀请参评单位", "en": "Units invited"},
        "assessment.conclude": {"zh": "形成评估结论", "en": "Assessment concluded"},
        "draw.commit": {"zh": "封存抽取种子", "en": "Draw seed committed"},
        "draw.make": {"zh": "抽取专家", "en": "Experts drawn"},
        "draw.excuse": {"zh": "专家回避与递补", "en": "Expert excused and replaced"},
        "seat.declare_free": {"zh": "声明无利益冲突", "en": "No conflict declared"},
        "seat.declare_conflict": {"zh": "申报利益冲突并回避", "en": "Conflict declared, stood down"},
        "sheet.save": {"zh": "保存评分草稿", "en": "Score sheet saved"},
        "sheet.submit": {"zh": "提交评分表", "en": "Score sheet submitted"},
        "visit.add": {"zh": "安排现场考察", "en": "Site visit planned"},
        "visit.record": {"zh": "填写考察记录", "en": "Site visit recorded"},
        "notice.open": {"zh": "发布公示", "en": "Public notice opened"},
        "notice.continue": {"zh": "继续公示", "en": "Public notice continued"},
        "notice.withdraw": {"zh": "撤回公示", "en": "Public notice withdrawn"},
        "objection.raise": {"zh": "提出异议", "en": "Objection raised"},
        "objection.answer": {"zh": "答复异议", "en": "Objection answered"},
        "plaque.award": {"zh": "授牌", "en": "Plaque awarded"},
        "monitoring.open": {"zh": "启动年度监测", "en": "Yearly monitoring opened"},
        "monitoring.report_open": {"zh": "生成年度报告", "en": "Yearly report opened"},
        "monitoring.write": {"zh": "编写年度报告", "en": "Yearly report written"},
        "monitoring.freeze": {"zh": "固定年度数据", "en": "Figures of the year frozen"},
        "monitoring.score": {"zh": "评价打分", "en": "Criterion scored"},
        "monitoring.result": {"zh": "形成评价结果", "en": "Result worked out"},
        "monitoring.publish": {"zh": "公布评价结果", "en": "Ranking published"},
        "monitoring.answer": {"zh": "填写整改情况", "en": "Rectification answered"},
        "monitoring.recheck": {"zh": "复核整改", "en": "Rectification re-checked"},
    }
)


def file_valleys(actor: Actor) -> Q | None:
    """Which valleys' history a hat reads: those whose file it may see, not those it may only look at."""
    if actor.province_wide:
        return Q(valley_id__isnull=False)
    if actor.city_wide and actor.region_id:
        return Q(valley_id__in=Valley.objects.filter(region_id=actor.region_id).values("pk"))
    if actor.role == Role.OPERATOR and actor.organisation_id:
        return Q(valley_id__in=Valley.objects.filter(operator_id=actor.organisation_id).values("pk"))
    return None


audit_access.register_scope(file_valleys)
# who reads a valley's file must not learn there who assessed it, or how each scored
audit_access.confidential.update(
    f"programme.{name}"
    for name in ("assessment", "assessor", "scoresheet", "scoreline", "conflict", "expert")
)


@searcher("valleys", _("晋创谷"), order=10)
def search_valleys(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Valleys by name or builder."""
    match = Q(name__icontains=text) | Q(name_en__icontains=text) | Q(region__name__startswith=text)
    rows = visible_valleys(actor).filter(match).select_related("region").order_by("name")[:limit]
    for valley in rows:
        yield Hit(
            display_name(valley),
            valley.get_absolute_url(),
            note=f"{valley.region.name} · {state_label(valley.state).label}",
            icon="building-community",
            simulated=valley.origin == "simulated",
        )


@figures(Role.PROVINCIAL_OFFICE, Role.PROVINCIAL_GOVERNMENT, order=10)
def provincial_figures(actor: Actor) -> Iterable[Figure]:
    """How many valleys stand where."""
    counts = visible_valleys(actor).aggregate(
        plan=Count("pk", filter=Q(stage__in=("plan", "file", "prepare"))),
        build=Count("pk", filter=Q(stage="build")),
        plaque=Count("pk", filter=Q(stage="plaque")),
    )
    list_url = reverse("valleys")
    yield Figure(_("编制与报送中"), counts["plan"], _("个"), f"{list_url}?stage=plan")
    yield Figure(_("先行建设中"), counts["build"], _("个"), f"{list_url}?stage=build")
    yield Figure(_("已挂牌"), counts["plaque"], _("个"), f"{list_url}?stage=plaque", tone="good")


@figures(Role.PROVINCIAL_OFFICE, Role.PROVINCIAL_GOVERNMENT, Role.CITY_OFFICE, Role.CITY_GOVERNMENT, order=40)
def monitoring_figures(actor: Actor) -> Iterable[Figure]:
    """The newest cycle: how many of the reports one sees are filed, and how much time is left. Real and simulated apart."""
    today = timezone.localdate()
    newest = visible_reports(actor).order_by("-cycle__year").values("cycle__year", "cycle__due_on").first()
    if newest is None:
        return
    year, due = newest["cycle__year"], newest["cycle__due_on"]
    rows = visible_reports(actor).filter(cycle__year=year).exclude(state="discontinued")
    counts = rows.values("origin").annotate(
        all=Count("pk"), filed=Count("pk", filter=Q(filed_at__isnull=False))
    )
    for one in counts.order_by("origin"):
        missing = one["all"] - one["filed"]
        left = (due - today).days
        note = (
            _("均已报送")
            if not missing
            else _("逾期 %(n)d 天，%(missing)d 份未报") % {"n": -left, "missing": missing}
            if left < 0
            else _("还有 %(n)d 天截止") % {"n": left}
        )
        yield Figure(
            _("%(year)d 年度报告") % {"year": year}, f"{one['filed']}/{one['all']}", _("份已报"),
            reverse("monitoring_cycle", args=[year]), note=note, tone="good" if not missing else "bad" if left < 0 else "",
        )  # fmt: skip


@figures(Role.CITY_OFFICE, Role.CITY_GOVERNMENT, order=10)
def city_figures(actor: Actor) -> Iterable[Figure]:
    """The city's own valleys with the state each is in."""
    for valley in (
        Valley.objects.filter(region_id=actor.region_id)
        .filter(published_only=False)
        .order_by("-updated_at")[:3]
    ):
        counts = valley.verdict_counts or {}
        note = state_label(valley.state).label
        met = counts.get("met", 0)
        yield Figure(display_name(valley), f"{met}/{sum(counts.values())}" if counts else "—", _("项满足"),
                     valley.get_absolute_url(), note=note)  # fmt: skip
