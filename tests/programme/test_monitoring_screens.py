"""The pages of yearly monitoring open for those whom they concern, and for nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse
from freezegun import freeze_time

from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.programme.actions import monitoring
from jinchuanggu.programme.models import Plaque
from jinchuanggu.programme.monitoring.cases import case_of
from tests import factories
from tests.foundation.world import World
from tests.programme.test_monitoring_course import file, opened, scored, world  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P4")]


@freeze_time("2026-12-20 09:00+08:00")
def test_every_page_along_the_year(world: World) -> None:  # noqa: F811
    first, second = opened(world)
    office = world.actor(Role.PROVINCIAL_OFFICE)
    city, province = factories.client_of(world.actor(Role.CITY_OFFICE)), factories.client_of(office)
    stranger = factories.client_of(world.actor(Role.CITY_OFFICE, 1))
    for name, args in (("monitoring", []), ("monitoring_cycle", [2026]), ("monitoring_scheme", [2026]),
                       ("annual_report", [first.pk]), ("report_edit", [first.pk])):  # fmt: skip
        assert city.get(reverse(name, args=args)).status_code == 200, name
    assert stranger.get(reverse("annual_report", args=[first.pk])).status_code == 404
    assert stranger.get(reverse("report_edit", args=[first.pk])).status_code == 404
    file(world, first), file(world, second, 1)
    engine.fire(office, case_of(first), "begin_scoring")
    assert province.get(reverse("report_scores", args=[first.pk])).status_code == 200
    assert (
        b"\xe8\xaf\x84\xe4\xbb\xb7\xe5\xbe\x97\xe5\x88\x86" not in city.get(first.get_absolute_url()).content
    )
    monitoring.score(office, report_id=first.pk, criterion="tasks", points="5", reason="评议")
    engine.fire(office, case_of(first), "finish_scoring")
    scored(world, second)
    monitoring.publish_ranking(office, year=2026)
    assert province.get(reverse("report_decide", args=[first.pk])).status_code == 200
    due = [{"title": "补", "requirement": "补齐", "due_on": "2027-03-31"}]
    monitoring.decide(office, report_id=first.pk, outcome="rectify", reason="差", items=due)
    item = first.items.get()
    assert city.get(item.get_absolute_url()).status_code == 200
    assert stranger.get(item.get_absolute_url()).status_code == 404
    assert province.get(reverse("monitoring_cycle", args=[2026])).status_code == 200


@freeze_time("2026-12-20 09:00+08:00")
def test_a_revoked_plaque_says_so_to_the_public(world: World) -> None:  # noqa: F811
    plaque = Plaque.objects.order_by("pk")[0]
    Plaque.objects.filter(pk=plaque.pk).update(revoked_on="2026-12-20")
    page = factories.client_of().get(reverse("public_plaque"), {"number": plaque.number}).content.decode()
    assert "撤销" in page
    assert "编号有效" not in page


PAGES = ("annual_report", "report_edit", "report_scores", "report_decide")
CITY, GOVERNMENT, OFFICE = Role.CITY_OFFICE, Role.CITY_GOVERNMENT, Role.PROVINCIAL_OFFICE


def page(world: World, role: str, name: str, *args: object, city: int = 0):  # type: ignore[no-untyped-def]  # noqa: F811
    return world.client(role, city).get(reverse(name, args=list(args)))


def post(world: World, role: str, name: str, *args: object, city: int = 0, **data: object):  # type: ignore[no-untyped-def]  # noqa: F811
    return world.client(role, city).post(reverse(name, args=list(args)), data)


def text_of(response) -> str:  # type: ignore[no-untyped-def]
    return str(response.content.decode())


@freeze_time("2026-12-20 09:00+08:00")
@pytest.mark.parametrize(
    ("role", "city", "expected"),
    [
        (Role.PROVINCIAL_OFFICE, 0, (200, 403, 302, 302)),
        (Role.PROVINCIAL_GOVERNMENT, 0, (200, 403, 403, 403)),
        (Role.CITY_OFFICE, 0, (200, 200, 403, 403)),
        (Role.CITY_OFFICE, 1, (404, 404, 403, 403)),
        (Role.CITY_GOVERNMENT, 0, (200, 403, 403, 403)),
        (Role.CITY_GOVERNMENT, 1, (404, 403, 403, 403)),
        (Role.OPERATOR, 0, (200, 403, 403, 403)),
        (Role.OPERATOR, 1, (404, 403, 403, 403)),
        (Role.ENTERPRISE, 0, (403, 403, 403, 403)),
        (Role.EXPERT, 0, (403, 403, 403, 403)),
    ],
)
def test_who_reads_what_of_a_report(world: World, role: str, city: int, expected: tuple[int, ...]) -> None:  # noqa: F811
    report = opened(world)[0]
    assert tuple(page(world, role, name, report.pk, city=city).status_code for name in PAGES) == expected
    for kind in ("docx", "pdf"):
        assert page(world, role, "report_file", report.pk, kind, city=city).status_code == expected[0]
    assert page(world, role, "report_file", report.pk, "exe", city=city).status_code in (403, 404)
    wanted = 403 if role in (Role.ENTERPRISE, Role.EXPERT) else 200
    assert page(world, role, "monitoring_cycle", 2026, city=city).status_code == wanted
    assert page(world, role, "monitoring", city=city).status_code == wanted


@freeze_time("2026-12-20 09:00+08:00")
def test_the_year_is_told_in_words(world: World) -> None:  # noqa: F811
    office = world.client(OFFICE)
    assert "还没有年度监测" in text_of(office.get(reverse("monitoring")))
    assert office.get(reverse("monitoring_cycle", args=[2026])).status_code == 404
    for _press in range(2):  # pressed twice, opened once
        assert office.post(reverse("monitoring_open")).status_code == 302
    reports = opened(world)
    assert len(reports) == 2
    assert "2026 年度：2 个谷应报，0 个已报，2 个未报，还有 11 天截止" in text_of(
        office.get(reverse("monitoring"))
    )
    assert "2026 年度：1 个谷应报" in text_of(page(world, CITY, "monitoring_cycle", 2026))
    file(world, reports[0])
    with freeze_time("2027-01-05 09:00+08:00"):
        said = text_of(page(world, OFFICE, "monitoring_cycle", 2026))
        assert "1 个逾期未报，已过期 5 天" in said
        assert "逾期 5 天未报" in said
        file(world, reports[1], 1)
        assert "其中 1 个逾期报送" in text_of(page(world, OFFICE, "monitoring_cycle", 2026))
        assert "逾期报送" in text_of(page(world, OFFICE, "annual_report", reports[1].pk))


@freeze_time("2026-12-20 09:00+08:00")
def test_real_and_simulated_reports_are_told_apart(world: World) -> None:  # noqa: F811
    first, _second = opened(world)
    type(first).objects.filter(pk=first.pk).update(origin="real")
    said = text_of(page(world, OFFICE, "monitoring_cycle", 2026))
    assert said.count("2026 年度：1 个谷应报") == 2
    assert "2 个谷应报" not in said + text_of(page(world, OFFICE, "monitoring"))


@freeze_time("2026-12-20 09:00+08:00")
def test_chapters_autosave_and_a_conflict_keeps_both_texts(world: World) -> None:  # noqa: F811
    report = opened(world)[0]
    to = reverse("report_section", args=[report.pk, "progress"])
    client = world.client(CITY)
    assert "系统草稿" in text_of(client.get(reverse("report_edit", args=[report.pk])))
    quiet = {"HTTP_X_REQUESTED_WITH": "autosave"}
    saved = client.post(to, {"text": "先写的话" * 12, "version": "0"}, **quiet)
    assert (saved.status_code, saved["X-Version"]) == (204, "1")
    late = client.post(to, {"text": "后写的话" * 12, "version": "0"}, **quiet)
    assert late.status_code == 409
    shown = client.post(to, {"text": "后写的话" * 12, "version": "0"})
    assert shown.status_code == 409
    assert "先写的话" in text_of(shown)
    assert "后写的话" in text_of(shown)
    again = client.post(to, {"text": "合并的话" * 12, "version": "1"})
    assert again.status_code == 302
    report.refresh_from_db()
    assert report.sections["progress"].startswith("合并")
    assert report.edited["progress"]["revision"] == 2
    assert client.post(to, {"text": "字" * 20_001, "version": "2"}).status_code == 422
    assert (
        client.post(reverse("report_section", args=[report.pk, "nothing"]), {"text": "x"}).status_code == 404
    )
    assert post(world, CITY, "report_section", report.pk, "progress", city=1, text="x").status_code == 404
    assert post(world, GOVERNMENT, "report_section", report.pk, "progress", text="x").status_code == 403


@freeze_time("2026-12-20 09:00+08:00")
def test_moves_say_what_stands_in_the_way_and_happen_once(world: World) -> None:  # noqa: F811
    from tests.programme.test_monitoring_course import write

    report = opened(world)[0]
    url = reverse("report_edit", args=[report.pk])
    said = text_of(world.client(CITY).get(url))
    assert "还有 13 章是系统草稿或字数不够" in said
    assert f'href="{url}#s-progress"' in said
    refused = post(world, CITY, "report_move", report.pk, "ready", revision="0")
    assert refused.status_code == 422
    assert text_of(refused).count("还是系统草稿") >= 13
    write(world, report)
    for _press in range(2):
        assert post(world, CITY, "report_move", report.pk, "ready", revision="0").status_code == 302
    assert case_of(report).steps.filter(event="ready").count() == 1
    assert page(world, CITY, "report_edit", report.pk).status_code == 302  # no longer written
    assert post(world, CITY, "report_move", report.pk, "file").status_code == 422  # the city government's
    assert (
        post(world, GOVERNMENT, "report_move", report.pk, "send_back", revision="1").status_code == 422
    )  # no reason
    bad = post(world, GOVERNMENT, "report_move", report.pk, "file", revision="1", issuing_number="随便")
    assert bad.status_code == 422
    assert "随便" in text_of(bad)  # what was typed is kept
    stale = post(world, GOVERNMENT, "report_move", report.pk, "file", revision="0")
    assert stale.status_code == 422
    assert post(world, GOVERNMENT, "report_move", report.pk, "file", revision="1").status_code == 302
    assert post(world, GOVERNMENT, "report_move", report.pk, "file", city=1).status_code == 404
    assert post(world, OFFICE, "report_move", report.pk, "support").status_code == 404  # has its own page
    assert (
        page(world, OFFICE, "report_move", report.pk, "begin_scoring").status_code == 302
    )  # opened, not made
    report.refresh_from_db()
    assert report.state == "filed"


def evaluated(world: World):  # type: ignore[no-untyped-def]  # noqa: F811
    first, second = opened(world)
    file(world, first), file(world, second, 1)
    scored(world, first), scored(world, second, "3")
    return first, second


@freeze_time("2026-12-20 09:00+08:00")
def test_scores_show_how_they_came_about_and_refuse_nonsense(world: World) -> None:  # noqa: F811
    report = file(world, opened(world)[0])
    assert post(world, OFFICE, "report_move", report.pk, "begin_scoring").status_code == 302
    said = text_of(page(world, OFFICE, "report_scores", report.pk))
    for words in ("看怎么算的", "里程碑按期完成", "起步区投用", "待评议", "还有 1 项待评议"):
        assert words in said
    bad = post(
        world, OFFICE, "report_scores", report.pk, criterion="tasks", points="1000", reason="已写的理由"
    )
    assert bad.status_code == 422
    assert "已写的理由" in text_of(bad)
    assert 'href="#points-tasks"' in text_of(bad)
    assert (
        post(world, OFFICE, "report_scores", report.pk, criterion="none", points="1", reason="x").status_code
        == 404
    )
    for _press in range(2):
        done = post(world, OFFICE, "report_scores", report.pk, criterion="tasks", points="8", reason="评议")
        assert done.status_code == 302
    assert report.scores.get(criterion="tasks").points == 8
    assert "8 / 10" not in text_of(
        page(world, CITY, "annual_report", report.pk)
    )  # the office's until published
    assert (
        post(world, CITY, "report_scores", report.pk, criterion="tasks", points="8", reason="x").status_code
        == 403
    )


@freeze_time("2026-12-20 09:00+08:00")
def test_the_ranking_is_published_once_and_for_all_of_the_year(world: World) -> None:  # noqa: F811
    first, second = opened(world)
    file(world, first), file(world, second, 1)
    scored(world, first)
    refused = post(world, OFFICE, "monitoring_publish", 2026, summary="写好的总体评价")
    assert refused.status_code == 422
    assert "写好的总体评价" in text_of(refused)
    assert f'href="{second.get_absolute_url()}"' in text_of(refused)
    scored(world, second, "3")
    for _press in range(2):
        assert post(world, OFFICE, "monitoring_publish", 2026, summary="总体向好").status_code == 302
    said = text_of(page(world, OFFICE, "monitoring_cycle", 2026))
    assert "总体向好" in said
    assert said.index(str(first.valley)) < said.index(str(second.valley))
    assert "评价得分" in text_of(page(world, CITY, "annual_report", first.pk))
    assert post(world, CITY, "monitoring_publish", 2026).status_code == 403
    for kind in ("docx", "pdf"):
        assert page(world, OFFICE, "monitoring_summary", 2026, "simulated", kind).status_code == 200
    assert page(world, OFFICE, "monitoring_summary", 2026, "both", "pdf").status_code == 404
    assert page(world, CITY, "monitoring_summary", 2026, "simulated", "pdf").status_code == 403


@freeze_time("2026-12-20 09:00+08:00")
def test_decision_items_evidence_and_recheck(world: World) -> None:  # noqa: F811
    from django.core.files.uploadedfile import SimpleUploadedFile

    _first, second = evaluated(world)
    monitoring.publish_ranking(world.actor(OFFICE), year=2026)
    said = text_of(page(world, OFFICE, "report_decide", second.pk))
    for words in ("按方案建议", "《整改通知》", "《后续支持决定》", "《撤销请示》"):
        assert words in said
    assert post(world, OFFICE, "report_decide", second.pk, rows="3").status_code == 422  # nothing chosen
    rows = {
        "rows": "3",
        "outcome": "rectify",
        "reason": "目标未完成",
        "title-1": "补齐人员",
        "due_on-1": "2027-03-31",
    }
    bad = post(world, OFFICE, "report_decide", second.pk, **rows)
    assert bad.status_code == 422
    assert "第 1 项：请写整改要求" in text_of(bad)
    assert 'value="补齐人员"' in text_of(bad)
    more = post(world, OFFICE, "report_decide", second.pk, **rows, more="1")
    assert 'name="title-6"' in text_of(more)
    assert second.items.count() == 0
    for _press in range(2):
        done = post(world, OFFICE, "report_decide", second.pk, **rows, **{"requirement-1": "达到 400 人"})
        assert done.status_code == 302
    item = second.items.get()
    assert page(world, CITY, "rectification_item", item.pk).status_code == 404  # another city's
    city = world.client(CITY, 1)
    to = item.get_absolute_url()
    assert "请写明整改情况" in text_of(city.post(to, {"deed": "answer", "answer": " ", "version": "0"}))
    for name, content in (("a.exe", b"MZ\x90\x00"), ("a.pdf", b"<html>no</html>"), ("a.svg", b"<svg></svg>")):
        refused = city.post(to, {"deed": "evidence", "file": SimpleUploadedFile(name, content)})
        assert refused.status_code == 422, name
    assert city.post(to, {"deed": "evidence"}).status_code == 422  # no file at all
    for _press in range(2):
        sent = city.post(to, {"deed": "evidence", "file": SimpleUploadedFile("名单.txt", "名单".encode())})
        assert sent.status_code == 302
    assert text_of(city.get(to)).count("名单.txt</div>") == 1
    assert city.post(to, {"deed": "answer", "answer": "已补齐", "version": "0"}).status_code == 302
    clash = city.post(to, {"deed": "answer", "answer": "另写一份", "version": "0"})
    assert clash.status_code == 409
    assert "已补齐" in text_of(clash)
    assert "另写一份" in text_of(clash)
    office = world.client(OFFICE)
    assert office.post(to, {"deed": "check", "accepted": "yes"}).status_code == 404  # not submitted yet
    assert city.post(to, {"deed": "check", "accepted": "yes"}).status_code == 404
    assert post(world, CITY, "report_move", second.pk, "submit_rectification", city=1).status_code == 302
    assert "请选择复核结论" in text_of(office.post(to, {"deed": "check"}))
    assert "请写明还差什么" not in text_of(office.get(to))
    assert office.post(to, {"deed": "check", "accepted": "no"}).status_code == 422
    assert office.post(to, {"deed": "check", "accepted": "yes", "opinion": "属实"}).status_code == 302
    assert post(world, OFFICE, "report_move", second.pk, "accept_rectification").status_code == 302
    second.refresh_from_db()
    assert second.state == "mended"


@freeze_time("2027-02-10 09:00+08:00")
def test_an_item_past_its_day_is_marked(world: World) -> None:  # noqa: F811
    with freeze_time("2026-12-20 09:00+08:00"):
        first, _second = evaluated(world)
        monitoring.publish_ranking(world.actor(OFFICE), year=2026)
        due = [{"title": "补", "requirement": "补齐", "due_on": "2027-01-31"}]
        monitoring.decide(world.actor(OFFICE), report_id=first.pk, outcome="rectify", reason="差", items=due)
    assert "逾期未完成" in text_of(page(world, CITY, "annual_report", first.pk))
    assert "逾期" in text_of(page(world, CITY, "rectification_item", first.items.get().pk))


@freeze_time("2026-12-20 09:00+08:00")
def test_the_dossier_and_the_workbench_know_the_year(world: World) -> None:  # noqa: F811
    valley = world.valleys[0]
    tab = reverse("valley_tab", args=[valley.pk, "monitoring"])
    assert "还没有年度报告" in text_of(world.client(CITY).get(tab))
    report = opened(world)[0]
    said = text_of(world.client(CITY).get(tab))
    assert f'href="{report.get_absolute_url()}"' in said
    assert reverse("report_edit", args=[report.pk]) in said
    assert "由市科技局办理" in text_of(world.client(OFFICE).get(tab))
    assert world.client(CITY, 1).get(tab).status_code == 404
    assert world.client(Role.ENTERPRISE).get(tab).status_code == 404
    for role, count in ((OFFICE, "0/2"), (CITY, "0/1"), (GOVERNMENT, "0/1")):
        bench = text_of(world.client(role).get(reverse("workbench")))
        assert "2026 年度报告" in bench
        assert count in bench
    assert "2026 年度报告" not in text_of(world.client(Role.OPERATOR).get(reverse("workbench")))


@freeze_time("2026-12-20 09:00+08:00")
def test_a_longer_list_asks_no_more_queries(world: World, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    opened(world)
    office = world.client(OFFICE)
    url = reverse("monitoring_cycle", args=[2026])
    office.get(url)
    with CaptureQueriesContext(connection) as both:
        office.get(url)
    one = world.client(CITY)
    one.get(url)
    with CaptureQueriesContext(connection) as single:
        one.get(url)
    assert len(both) <= len(single) + 1
