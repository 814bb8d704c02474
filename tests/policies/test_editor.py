"""The rule editor: drafts, review by another person, versions in force that never change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from jinchuanggu.engines.rules import Refused
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.notices.models import Notice
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies import rules
from jinchuanggu.policies.actions import editor, review
from jinchuanggu.policies.actions.editor import EditConflict
from jinchuanggu.policies.drafting.check import check
from jinchuanggu.policies.drafting.document import Document
from jinchuanggu.policies.models import RuleEntry, RuleStatus, RuleText
from tests import factories
from tests.factories import client_of
from tests.policies.library import KNOWN, UNKNOWN, Offices, entry, offices, use_shipped

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
LAST_DAY = "2028-12-31"
"""Of the document in which the measures known by name only stand."""
CONTENT = "measure.sx.startup_money"


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> Iterator[Offices]:
    use_shipped(monkeypatch)
    yield offices()
    rules._compiled.cache_clear()


def completed(yaml: str, amount: str = "20000") -> str:
    """The text of the rent relief, as if its article had been read: a fixed amount, a condition that can be judged."""
    from jinchuanggu.policies.drafting import edits

    pending = next(
        at for at in range(9) if Document(yaml, "x").node(f"rule_sets/0/criteria/{at}/pending") is not None
    )
    typed = {
        "f:confidence": "searched", "f:source": "示例：印发本第三条", "amount:0:choice": "fixed", "amount:0:fixed": amount,
        f"f:rule_sets/0/criteria/{pending}/@test": "is_true",
    }  # fmt: skip
    yaml = edits.applied(yaml, "x", typed)
    yaml = edits.applied(yaml, "x", {
        f"f:rule_sets/0/criteria/{pending}/is_true/input": "valley_resident",
        f"f:rule_sets/0/criteria/{pending}/confidence": "searched",
        f"f:rule_sets/0/criteria/{pending}/clause": "第三条",
        f"f:rule_sets/0/criteria/{pending}/article": "入驻晋创谷的企业减免租金。",
    })  # fmt: skip
    root = Document(yaml, "x")
    return yaml[: yaml.index("    vectors:")] + (
        "    vectors:\n"
        f"      - {{id: resident, given: {{valley_resident: true, {_others(root)}}}, expect: {{amount: {amount}}}}}\n"
    )


def _others(root: Document) -> str:
    return "staff_total: 10"


def submitted(people: Offices, yaml: str | None = None) -> RuleText:
    text = editor.start_version(people.author, entry_id=entry(UNKNOWN).pk)
    text = editor.save_draft(people.author, text_id=text.pk, revision=0, yaml=yaml or completed(text.yaml))
    return editor.submit_draft(people.author, text_id=text.pk, revision=text.revision)


def test_a_measure_known_by_name_only_is_completed_and_counts(people: Offices) -> None:
    old = entry(UNKNOWN)
    before = rules.rule_set_in_force(UNKNOWN, TODAY())
    assert before is not None
    assert before.benefit is not None
    assert before.benefit.low is None
    review.publish(people.reviewer, text_id=submitted(people).pk)
    now = rules.rule_set_in_force(UNKNOWN, TODAY())
    assert now is not None
    assert now.benefit is not None
    assert now.benefit.low is not None
    assert UNKNOWN in {one.id for one in rules.measures(TODAY())}
    assert len(rules.library().versions(UNKNOWN)) == 1
    old.refresh_from_db()
    assert old.superseded
    assert now.review.reviewer == people.reviewer.name
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert [v for v in verbs if v.startswith("rule.")] == [
        "rule.draft", "rule.save", "rule.submit", "rule.publish", "rule.close",
    ]  # fmt: skip
    # what else stood in the same shipped file still counts
    assert rules.rule_set_in_force("measure.sx.startup_money", TODAY()) is not None


def test_a_new_version_ends_the_older_one_the_day_before(people: Offices) -> None:
    start = TODAY() + timedelta(days=10)
    old = entry(KNOWN)
    shipped = RuleText.objects.get(pk=old.text_id).yaml
    text = editor.start_version(people.author, entry_id=old.pk, starts=start)
    editor.submit_draft(people.author, text_id=text.pk, revision=0)
    review.publish(people.reviewer, text_id=text.pk)
    versions = rules.library().versions(KNOWN)
    assert [one.effective_from for one in versions][-1] == start
    assert versions[-2].effective_to == start - timedelta(days=1)
    assert rules.rule_set_in_force(KNOWN, start - timedelta(days=1)) is versions[-2]
    assert rules.rule_set_in_force(KNOWN, start) is versions[-1]
    # the text of the older one stands as it was printed
    assert RuleText.objects.get(pk=old.text_id).yaml == shipped
    old.refresh_from_db()
    assert (old.effective_to, old.superseded) == (start - timedelta(days=1), False)


def test_a_version_with_content_is_not_replaced_from_its_first_day(people: Offices) -> None:
    text = editor.start_version(
        people.author, entry_id=entry(CONTENT).pk, starts=entry(CONTENT).effective_from
    )
    with pytest.raises(ValidationError, match="已有内容"):
        editor.submit_draft(people.author, text_id=text.pk, revision=0)
    early = editor.start_version(people.reviewer, entry_id=entry(CONTENT).pk, starts=date(2020, 1, 1))
    with pytest.raises(ValidationError, match="不能早于"):
        editor.submit_draft(people.reviewer, text_id=early.pk, revision=0)


def test_what_is_in_force_never_changes(people: Offices) -> None:
    text = submitted(people)
    with pytest.raises(ValidationError, match="只有草稿"):
        editor.save_draft(people.author, text_id=text.pk, revision=text.revision, yaml="x: 1")
    text = review.publish(people.reviewer, text_id=text.pk)
    kept = (text.yaml, text.digest, text.revision)
    for act in (
        lambda: editor.save_draft(people.author, text_id=text.pk, revision=text.revision, yaml="x: 1"),
        lambda: editor.submit_draft(people.author, text_id=text.pk, revision=text.revision),
        lambda: editor.withdraw_draft(people.author, text_id=text.pk),
        lambda: review.publish(people.reviewer, text_id=text.pk),
        lambda: review.return_draft(people.reviewer, text_id=text.pk, reason="x"),
    ):
        with pytest.raises(ValidationError):
            act()
    shipped = entry(KNOWN).text
    with pytest.raises(ValidationError):
        editor.save_draft(people.author, text_id=shipped.pk, revision=0, yaml="x: 1")
    text.refresh_from_db()
    assert (text.yaml, text.digest, text.revision) == kept
    client = client_of(people.author)
    client.post(reverse("rule_draft", args=[text.pk]), {"version": text.revision, "yaml": "x: 1"})
    client.post(reverse("rule_draft_check", args=[text.pk]), {"version": text.revision, "yaml": "x: 1"})
    text.refresh_from_db()
    assert (text.yaml, text.digest, text.revision) == kept


def test_nobody_reviews_what_they_wrote(people: Offices) -> None:
    text = submitted(people)
    with pytest.raises(PermissionDenied):
        review.publish(people.author, text_id=text.pk)
    with pytest.raises(PermissionDenied):
        review.return_draft(people.author, text_id=text.pk, reason="x")
    assert client_of(people.author).post(reverse("rule_draft_publish", args=[text.pk])).status_code == 403


def test_who_wrote_a_part_does_not_review_it_either(people: Offices) -> None:
    text = editor.start_version(people.author, entry_id=entry(UNKNOWN).pk)
    yaml = completed(text.yaml)
    text = editor.save_draft(people.reviewer, text_id=text.pk, revision=0, yaml=yaml)
    text = editor.submit_draft(people.author, text_id=text.pk, revision=text.revision)
    with pytest.raises(PermissionDenied):
        review.publish(people.reviewer, text_id=text.pk)
    third = factories.provincial_office()
    assert review.publish(third, text_id=text.pk).status == RuleStatus.IN_FORCE


def test_a_returned_draft_carries_the_reason_and_can_be_mended(people: Offices) -> None:
    text = submitted(people)
    with pytest.raises(ValidationError):
        review.return_draft(people.reviewer, text_id=text.pk, reason="  ")
    review.return_draft(people.reviewer, text_id=text.pk, reason="限额与条文不符")
    text.refresh_from_db()
    assert (text.status, text.review_note) == (RuleStatus.DRAFT, "限额与条文不符")
    assert (
        "限额与条文不符"
        in client_of(people.author).get(reverse("rule_draft", args=[text.pk])).content.decode()
    )
    text = editor.submit_draft(people.author, text_id=text.pk, revision=text.revision)
    assert text.status == RuleStatus.REVIEW


def test_people_are_told(people: Offices, django_capture_on_commit_callbacks: object) -> None:
    text = submitted(people)
    told = Notice.objects.filter(url=reverse("rule_draft", args=[text.pk]))
    assert people.reviewer.person_id in set(told.values_list("person_id", flat=True))
    assert people.author.person_id not in set(told.values_list("person_id", flat=True))
    review.publish(people.reviewer, text_id=text.pk)
    assert told.filter(person_id=people.author.person_id).exists()


def test_a_failing_example_is_refused_with_its_line(people: Offices) -> None:
    text = editor.start_version(people.author, entry_id=entry(UNKNOWN).pk)
    yaml = completed(text.yaml).replace("expect: {amount: 20000}", "expect: {amount: 30000}")
    text = editor.save_draft(people.author, text_id=text.pk, revision=0, yaml=yaml)
    with pytest.raises(Refused) as refused:
        editor.submit_draft(people.author, text_id=text.pk, revision=text.revision)
    (problem,) = refused.value.problems
    assert problem.code == "vector"
    assert problem.line == yaml[: yaml.index("- {id: resident")].count("\n") + 1
    result = check(yaml, "x")
    assert (result.sound, result.ready, result.failing) == (True, False, 1)
    assert "30000" in result.examples[0].differences[0]
    page = client_of(people.author).post(
        reverse("rule_draft_submit", args=[text.pk]), {"version": text.revision}
    )
    assert page.status_code == 422
    assert "30000" in page.content.decode()
    text.refresh_from_db()
    assert text.status == RuleStatus.DRAFT


def test_every_problem_of_a_text_is_told_at_once(people: Offices) -> None:
    yaml = (
        entry(KNOWN)
        .text.yaml.replace("effective_from:", "effective_form:", 1)
        .replace("confidence:", "confidance:", 1)
    )
    result = check(yaml, "x")
    assert {one.suggestion for one in result.problems} >= {"effective_from", "confidence"}
    assert all(one.line for one in result.problems)


def test_a_completed_measure_ends_when_its_document_does(people: Offices) -> None:
    text = editor.start_version(people.author, entry_id=entry(UNKNOWN).pk)
    assert f"effective_to: {LAST_DAY}\n" in text.yaml


def test_two_people_writing_lose_nothing(people: Offices) -> None:
    text = editor.start_version(people.author, entry_id=entry(UNKNOWN).pk)
    theirs = text.yaml.replace(f"effective_to: {LAST_DAY}", "effective_to: 2030-12-31")
    editor.save_draft(people.reviewer, text_id=text.pk, revision=0, yaml=theirs)
    mine = text.yaml.replace(f"effective_to: {LAST_DAY}", "effective_to: 2029-12-31")
    with pytest.raises(EditConflict):
        editor.save_draft(people.author, text_id=text.pk, revision=0, yaml=mine)
    client = client_of(people.author)
    answer = client.post(
        reverse("rule_draft_check", args=[text.pk]), {"version": 0, "yaml": mine, "side": "text"}
    )
    assert answer.status_code == 409
    page = client.post(reverse("rule_draft", args=[text.pk]), {"version": 0, "yaml": mine})
    assert page.status_code == 409
    shown = page.content.decode()
    assert "<del>2030-12-31</del><ins>2029-12-31</ins>" in shown
    text.refresh_from_db()
    assert text.yaml == theirs
    # pressing save again, with the version now shown, means: mine
    page = client.post(reverse("rule_draft", args=[text.pk]), {"version": text.revision, "yaml": mine})
    text.refresh_from_db()
    assert (page.status_code, text.yaml) == (302, mine)


def test_saving_the_same_twice_writes_once(people: Offices) -> None:
    text = editor.start_version(people.author, entry_id=entry(UNKNOWN).pk)
    yaml = completed(text.yaml)
    editor.save_draft(people.author, text_id=text.pk, revision=0, yaml=yaml)
    again = editor.save_draft(people.author, text_id=text.pk, revision=0, yaml=yaml)
    assert again.revision == 1
    assert AuditEvent.objects.filter(verb="rule.save").count() == 1
    assert editor.start_version(people.author, entry_id=entry(UNKNOWN).pk).pk == text.pk


def test_a_city_writes_its_own_measures_only(people: Offices) -> None:
    with pytest.raises(Http404):
        editor.start_version(people.taiyuan, entry_id=entry(UNKNOWN).pk)
    with pytest.raises(Http404):
        editor.start_version(people.datong, entry_id=entry("measure.taiyuan.conversion").pk)
    text = editor.start_version(people.taiyuan, entry_id=entry("measure.taiyuan.conversion").pk)
    for stranger in (people.datong,):
        with pytest.raises(Http404):
            editor.save_draft(stranger, text_id=text.pk, revision=0, yaml="x: 1")
        for name in ("rule_draft", "rule_draft_diff", "rule_draft_yaml"):
            assert client_of(stranger).get(reverse(name, args=[text.pk])).status_code == 404
        for name in ("check", "submit", "publish", "return", "withdraw"):
            url = reverse(f"rule_draft_{name}", args=[text.pk])
            assert client_of(stranger).post(url, {"version": 0, "yaml": "x"}).status_code == 404
    with pytest.raises(ValidationError, match=r"measure\.taiyuan"):
        editor.start_measure(people.taiyuan, rule_set="measure.sx.mine", title="借省里的名")
    stolen = text.yaml.replace("measure.taiyuan.conversion", "measure.sx.rent_relief")
    text = editor.save_draft(people.taiyuan, text_id=text.pk, revision=0, yaml=stolen)
    with pytest.raises(ValidationError, match=r"measure\.taiyuan"):
        editor.submit_draft(people.taiyuan, text_id=text.pk, revision=text.revision)


def test_a_citys_draft_is_reviewed_by_the_province(people: Offices) -> None:
    text = editor.start_version(
        people.taiyuan, entry_id=entry("measure.taiyuan.conversion").pk, starts=TODAY() + timedelta(days=3)
    )
    text = editor.submit_draft(people.taiyuan, text_id=text.pk, revision=0)
    assert review.publish(people.reviewer, text_id=text.pk).status == RuleStatus.IN_FORCE


@pytest.mark.parametrize(
    "role", [Role.MEMBER_UNIT, Role.OPERATOR, Role.ENTERPRISE, Role.UNIVERSITY, Role.EXPERT]
)
def test_others_do_not_see_drafts(people: Offices, role: str) -> None:
    text = editor.start_version(people.author, entry_id=entry(UNKNOWN).pk)
    body = factories.organisation("enterprise", where=factories.region())
    outsider = factories.actor(role, body)
    client = client_of(outsider)
    assert client.get(reverse("rule_drafts")).status_code == 403
    assert client.get(reverse("rule_draft", args=[text.pk])).status_code == 403
    with pytest.raises(PermissionDenied):
        editor.save_draft(outsider, text_id=text.pk, revision=0, yaml="x: 1")
    with pytest.raises(PermissionDenied):
        editor.start_version(outsider, entry_id=entry(UNKNOWN).pk)


def test_readers_read_and_do_not_write(people: Offices) -> None:
    text = editor.start_version(people.author, entry_id=entry(UNKNOWN).pk)
    auditor = factories.actor(
        Role.AUDITOR, factories.organisation("provincial_office", where=factories.province())
    )
    client = client_of(auditor)
    assert client.get(reverse("rule_draft", args=[text.pk])).status_code == 200
    assert client.post(reverse("rule_draft", args=[text.pk]), {"yaml": "x"}).status_code == 403
    assert client.post(reverse("rule_draft_check", args=[text.pk]), {"yaml": "x"}).status_code == 403


def _check(actor: Actor, text: RuleText, **said: object) -> dict[str, object]:
    answer = client_of(actor).post(reverse("rule_draft_check", args=[text.pk]), said)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)  # type: ignore[no-any-return]


def test_the_form_writes_into_the_text_and_the_text_into_the_form(people: Offices) -> None:
    text = editor.start_version(people.author, entry_id=entry(KNOWN).pk)
    answer = _check(
        people.author, text, version=0, yaml=text.yaml, side="form", changed="f:effective_to",
        **{"f:effective_to": "2031-12-31", "f:version": "not touched, so not taken"},
    )  # fmt: skip
    assert "effective_to: 2031-12-31" in str(answer["text"])
    assert "not touched" not in str(answer["text"])
    assert answer["version"] == 1
    yaml = str(answer["text"]).replace("2031-12-31", "2032-12-31")
    answer = _check(people.author, text, version=1, yaml=yaml, side="text")
    assert 'value="2032-12-31"' in str(answer["form"])
    assert answer["text"] is None
    text.refresh_from_db()
    assert text.yaml == yaml


def test_without_scripts_the_form_is_saved_as_a_whole(people: Offices) -> None:
    text = editor.start_version(people.author, entry_id=entry(KNOWN).pk)
    client = client_of(people.author)
    said = {"version": "0", "yaml": text.yaml, "f:effective_to": "2031-12-31", "save": "1"}
    assert client.post(reverse("rule_draft", args=[text.pk]), said).status_code == 302
    text.refresh_from_db()
    assert "effective_to: 2031-12-31" in text.yaml


def test_a_number_that_is_none_is_told_at_its_field_and_kept(people: Offices) -> None:
    text = editor.start_version(people.author, entry_id=entry(UNKNOWN).pk)
    yaml = completed(text.yaml)
    editor.save_draft(people.author, text_id=text.pk, revision=0, yaml=yaml)
    answer = _check(
        people.author, text, version=1, yaml=yaml, side="form",
        changed="amount:0:fixed", **{"amount:0:choice": "fixed", "amount:0:fixed": "二万"},
    )  # fmt: skip
    assert "二万" in str(answer["text"])
    assert "第" in str(answer["panel"])
    text.refresh_from_db()
    assert "二万" in text.yaml


def test_hostile_texts_are_answered_calmly(people: Offices) -> None:
    text = editor.start_version(people.author, entry_id=entry(UNKNOWN).pk)
    laughs = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    client, url = client_of(people.author), reverse("rule_draft_check", args=[text.pk])
    for yaml in (
        laughs, "[" * 5000, "!!python/object/apply:os.system [x]", "\x00\x01", "a: *nowhere", "{" * 200, "- " * 3000,
        "&a [*a]", "", "null", "\ud800".encode("utf-8", "replace").decode(), "x" * 300_000,
    ):  # fmt: skip
        answer = client.post(url, {"version": text.revision, "yaml": yaml, "side": "text"})
        assert answer.status_code in (200, 422), yaml[:40]
        text.refresh_from_db()
    assert client.get(reverse("rule_draft", args=[text.pk])).status_code == 200


def test_a_script_in_a_text_is_shown_as_text(people: Offices) -> None:
    text = editor.start_version(people.author, entry_id=entry(UNKNOWN).pk)
    yaml = text.yaml.replace(f"effective_to: {LAST_DAY}", 'effective_to: "</textarea><script>x</script>"')
    answer = _check(people.author, text, version=0, yaml=yaml, side="text")
    assert "<script>" not in str(answer["form"]) + str(answer["panel"])
    assert (
        "<script>x"
        not in client_of(people.author).get(reverse("rule_draft", args=[text.pk])).content.decode()
    )


def test_a_bad_file_is_refused_whole(people: Offices) -> None:
    counted = RuleText.objects.count()
    good = entry(KNOWN).text.yaml
    bad = good.replace("effective_from:", "effective_form:", 1)
    with pytest.raises(Refused) as refused:
        editor.upload(people.author, name="我的规则.yaml", data=bad.encode())
    first = refused.value.problems[0].render()
    assert first.startswith("我的规则.yaml:")
    assert "effective_from" in "".join(one.render() for one in refused.value.problems)
    with pytest.raises(Refused):
        editor.upload(people.author, name="x.yaml", data=b"\xff\xfe\x00")
    with pytest.raises(ValidationError):
        editor.upload(people.taiyuan, name="x.yaml", data=good.encode())
    assert RuleText.objects.count() == counted
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = client_of(people.author)
    said = {"upload": "1", "file": SimpleUploadedFile("坏.yaml", bad.encode())}
    page = client.post(reverse("rule_draft_new"), said)
    assert page.status_code == 422
    assert "坏.yaml:" in page.content.decode()
    said = {"upload": "1", "file": SimpleUploadedFile("好.yaml", good.encode())}
    assert client.post(reverse("rule_draft_new"), said).status_code == 302
    assert RuleText.objects.filter(status="draft", family=KNOWN).count() == 1


def test_a_new_measure_begins_blank_and_sound(people: Offices) -> None:
    client = client_of(people.taiyuan)
    said = {"title": "首贷贴息", "rule_set": "measure.taiyuan.first_loan", "title_en": "First loan: interest"}
    assert client.post(reverse("rule_draft_new"), said).status_code == 302
    text = RuleText.objects.get(family="measure.taiyuan.first_loan")
    assert text.region_id == people.taiyuan.region_id
    assert check(text.yaml, "x").ready
    again = client.post(reverse("rule_draft_new"), {**said, "rule_set": "Not An Id"})
    assert again.status_code == 422
    assert "首贷贴息" in again.content.decode()


def test_withdrawing(people: Offices) -> None:
    text = submitted(people)
    with pytest.raises(PermissionDenied):
        editor.withdraw_draft(people.reviewer, text_id=text.pk)
    assert editor.withdraw_draft(people.author, text_id=text.pk).status == RuleStatus.DRAFT
    assert editor.withdraw_draft(people.author, text_id=text.pk).status == RuleStatus.WITHDRAWN
    assert not RuleEntry.objects.filter(text=text).exists()


def test_pages_of_a_draft(people: Offices) -> None:
    text = submitted(people)
    for actor in (people.author, people.reviewer):
        client = client_of(actor)
        for name in ("rule_draft", "rule_draft_diff", "rule_draft_yaml"):
            assert client.get(reverse(name, args=[text.pk])).status_code == 200
        assert text.title in client.get(reverse("rule_drafts")).content.decode()
    page = client_of(people.reviewer).get(reverse("rule_draft", args=[text.pk])).content.decode()
    assert "审核通过并发布" in page
    assert (
        "审核通过并发布"
        not in client_of(people.author).get(reverse("rule_draft", args=[text.pk])).content.decode()
    )
