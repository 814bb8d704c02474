"""Yearly monitoring of the simulated valleys, told by the product's own actions: two years decided, this year's open.

One report of each past year is filed late, one valley is asked to mend and does, one is revoked. Of this year one report is
half written and one waits for its scores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from jinchuanggu.demo.world import World
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR, Actor
from jinchuanggu.foundation.organisations.models import Membership
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.programme.actions import monitoring
from jinchuanggu.programme.actions.figures import file_figure
from jinchuanggu.programme.models import AnnualReport
from jinchuanggu.programme.monitoring.cases import case_of
from jinchuanggu.programme.monitoring.drafting import drafts
from jinchuanggu.programme.monitoring.scheme import scheme_of
from jinchuanggu.programme.monitoring.settings import settings
from jinchuanggu.programme.monitoring.snapshot import snapshot

REVOKED, HALF_WRITTEN, WAITING = "cenhe", "lanxiu", "yanbo"
ADDED = (
    "本年度围绕重点产业组织对接活动，建立了“需求征集—专家会诊—中试验证—落地服务”一站式办理机制，"
    "办理时限较上年缩短，做法已形成制度文本，可供其他平台参考。下一步按季度调度，逐项落实。"
)
Deed = Callable[[], None]


def story(world: World, now: datetime) -> Iterator[datetime]:
    """Moments and deeds of two past years and this one, as far as they have come."""
    today = timezone.localdate(now)
    told: list[tuple[date, Deed]] = []
    for year in (today.year - 2, today.year - 1):
        told += _year(world, year, revokes=year == today.year - 1)
    told += _this_year(world, today.year)
    for number, (day, deed) in enumerate(sorted(told, key=lambda one: one[0])):
        moment = timezone.make_aware(datetime.combine(day, time(9 + number % 8, 40)))
        if moment >= now - timedelta(hours=1):
            return
        yield moment
        deed()


def _year(world: World, year: int, *, revokes: bool) -> list[tuple[date, Deed]]:
    return [
        (date(year, 11, 3), lambda: _open(year)),
        *([(date(year, 11, 20), lambda: _slip(world, year))] if revokes else []),
        (date(year, 12, 18), lambda: _file_all(world, year, late=False)),
        (date(year + 1, 1, 8), lambda: _file_all(world, year, late=True)),
        (date(year + 1, 1, 20), lambda: _score_all(world, year)),
        (date(year + 1, 2, 6), lambda: _publish(world, year)),
        (date(year + 1, 2, 24), lambda: _decide_all(world, year, revokes=revokes)),
        (date(year + 1, 4, 15), lambda: _mend(world, year)),
        (date(year + 1, 5, 8), lambda: _recheck(world, year)),
    ]


def _this_year(world: World, year: int) -> list[tuple[date, Deed]]:
    return [
        (date(year, 11, 2), lambda: _open(year)),
        (date(year, 11, 12), lambda: _half_write(world, year)),
        (date(year, 11, 19), lambda: _file_one(world, year)),
    ]


def _open(year: int) -> None:
    monitoring.open_cycle(SYSTEM_ACTOR, year)


def _slip(world: World, year: int) -> None:
    """What the city of the valley to be revoked has to report: firms left, figures fell."""
    valley, today = world.valleys[REVOKED], timezone.localdate()
    city = world.city(world.data.valleys[REVOKED])
    for indicator, value, of in (
        ("resident_teams_and_startups", 11, None), ("full_time_staff", 126, None),
        ("tech_enterprise_revenue_cny", 71_300_000, None), ("innovation_bodies", 58, year), ("innovation_bodies", 80, year - 1),
        ("innovation_platforms", 15, year), ("innovation_platforms", 17, year - 1), ("innovation_talents", 610, year),
        ("innovation_talents", 842, year - 1), ("technology_turnover_cny", 63_200_000, year),
        ("technology_turnover_cny", 174_770_000, year - 1),
    ):  # fmt: skip
        file_figure(
            city, valley_id=valley.pk, indicator=indicator, value=Decimal(value), year=of, dated=today,
            source_title=f"{year}年度自查（模拟）",
        )  # fmt: skip


def _reports(year: int) -> list[AnnualReport]:
    rows = AnnualReport.objects.filter(cycle__year=year).select_related(
        "cycle", "valley__region", "valley__operator"
    )
    return list(rows.order_by("valley_id"))


def _actor(report: AnnualReport, role: Role) -> Actor:
    from jinchuanggu.foundation.access.actor import from_membership

    hat = Membership.objects.select_related("person", "organisation").get(
        organisation__region_id=report.valley.region_id, role=role
    )
    return from_membership(hat)


def _write(report: AnnualReport, sections: int | None = None) -> None:
    """The city takes over the drafted words and adds what only it knows."""
    office, today = _actor(report, Role.CITY_OFFICE), timezone.localdate()
    first = drafts(report, snapshot(report, today), today)
    for section in settings().sections[:sections]:
        monitoring.save_section(
            office,
            report_id=report.pk,
            section=section.key,
            text=f"{first[section.key]}\n{ADDED}",
            revision=0,
        )


def _file(report: AnnualReport) -> None:
    _write(report)
    engine.fire(_actor(report, Role.CITY_OFFICE), case_of(report), "ready")
    engine.fire(_actor(report, Role.CITY_GOVERNMENT), case_of(report), "file")


def _late(report: AnnualReport) -> bool:
    """One in five reports comes late."""
    return report.valley_id % 5 == 0


def _file_all(world: World, year: int, *, late: bool) -> None:
    for report in _reports(year):
        if report.state == "drafting" and (late or not _late(report)):
            _file(report)


def _score_all(world: World, year: int) -> None:
    for report in _reports(year):
        if report.state != "filed":
            continue
        engine.fire(world.office, case_of(report), "begin_scoring")
        weak = report.valley_id == _valley(world, REVOKED)
        for criterion in scheme_of(report.cycle).criteria:
            if criterion.judged:
                share = (1 if weak else 6 + report.valley_id % 4) * criterion.max / 10
                monitoring.score(
                    world.office, report_id=report.pk, criterion=criterion.id, points=f"{share:.1f}",
                    reason="对照年度任务清单和现场情况评议",
                )  # fmt: skip
        engine.fire(world.office, case_of(report), "finish_scoring")


def _valley(world: World, key: str) -> int:
    found = world.valleys.get(key)
    return found.pk if found else 0


def _publish(world: World, year: int) -> None:
    if any(report.state == "scored" for report in _reports(year)):
        monitoring.publish_ranking(
            world.office,
            year=year,
            summary="各平台建设总体按方案推进，入驻与技术交易持续增长；部分平台厂房交付滞后、数据报送不够及时。",
        )


def _decide_all(world: World, year: int, *, revokes: bool) -> None:
    waiting = [report for report in _reports(year) if report.state == "deciding"]
    ranked = sorted(waiting, key=lambda one: (one.rank is not None, one.score or 0, one.pk))
    others = [one for one in ranked if one.valley_id != _valley(world, REVOKED)]
    for report in waiting:
        if report.valley_id == _valley(world, REVOKED) and revokes:
            reason = "企业外迁、主要条件明显滑坡，且未提出可行的整改措施"
            monitoring.decide(world.office, report_id=report.pk, outcome="revoke", reason=reason)
            engine.fire(world.government, case_of(report), "approve_revocation", reason="同意撤销")
        elif others and report.pk == others[0].pk:
            due = date(year + 1, 4, 30)
            items = [
                {
                    "title": "补齐数据报送",
                    "requirement": "按月报送入驻单位月报，补齐所缺月份",
                    "due_on": due.isoformat(),
                },
                {
                    "title": "加快载体交付",
                    "requirement": "按建设方案完成在建载体并验收",
                    "due_on": due.isoformat(),
                },
            ]
            monitoring.decide(
                world.office, report_id=report.pk, outcome="rectify", reason="评价排名靠后", items=items
            )
        else:
            monitoring.decide(world.office, report_id=report.pk, outcome="support")


def _mend(world: World, year: int) -> None:
    for report in _reports(year):
        if report.state != "rectifying" or report.valley.state == "revoked":
            continue
        office = _actor(report, Role.CITY_OFFICE)
        for item in report.items.all():
            monitoring.answer_item(
                office,
                item_id=item.pk,
                answer="已逐项落实并自查，佐证材料附后，后续纳入季度调度。",
                revision=item.revision,
            )
        engine.fire(office, case_of(report), "submit_rectification")


def _recheck(world: World, year: int) -> None:
    for report in _reports(year):
        if report.state != "rechecking":
            continue
        for item in report.items.all():
            monitoring.recheck_item(
                world.office, item_id=item.pk, accepted=True, opinion="现场核实，整改到位"
            )
        engine.fire(world.office, case_of(report), "accept_rectification")


def _half_write(world: World, year: int) -> None:
    for report in _reports(year):
        if report.valley_id == _valley(world, HALF_WRITTEN):
            _write(report, 5)


def _file_one(world: World, year: int) -> None:
    for report in _reports(year):
        if report.valley_id == _valley(world, WAITING) and report.state == "drafting":
            _file(report)
