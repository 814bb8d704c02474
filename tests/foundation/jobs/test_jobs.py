"""Long work: progress, cancel, failure in words, lost workers, whose hat it runs under."""

from __future__ import annotations

import json
import os
import socket
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR, Actor, from_membership
from jinchuanggu.foundation.jobs import board, jobs, registry
from jinchuanggu.foundation.jobs.models import Job, JobState
from jinchuanggu.foundation.jobs.progress import Failed, Progress
from jinchuanggu.foundation.jobs.tasks import run_job
from jinchuanggu.foundation.notices.models import Notice
from jinchuanggu.foundation.organisations.roles import Role
from tests.foundation import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Register a piece of work for the test."""

    def register(function: Any) -> str:
        monkeypatch.setitem(registry.works, "test.work", function)
        return "test.work"

    return register


@pytest.fixture
def run(django_capture_on_commit_callbacks: Any) -> Any:
    """Start a job and let the commit happen, so that it runs."""

    def start(actor: Actor, name: str, **parameters: Any) -> Job:
        with django_capture_on_commit_callbacks(execute=True):
            job = jobs.run(actor, kind="test", title="试验", function=name, parameters=parameters)
        job.refresh_from_db()
        return job

    return start


def test_it_runs_as_its_owner_and_ends_with_a_summary(work: Any, run: Any) -> None:
    hat = making.hat(Role.OPERATOR)

    def count(actor: Actor, progress: Progress, upto: int) -> dict[str, Any]:
        progress.expect(upto)
        for _ in range(upto):
            progress.step()
        progress.log("数完了")
        return {"who": actor.membership_id}

    job = run(from_membership(hat), work(count), upto=5)
    assert (job.state, job.done, job.total, job.log) == (JobState.DONE, 5, 5, "数完了")
    assert job.summary == {"who": hat.pk}
    assert job.started_at
    assert job.ended_at
    assert job.percent == 100


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (Failed("缺少期次"), "缺少期次"),
        (ValidationError(["一", "二"]), "一；二"),
        (ZeroDivisionError("x"), "已通知系统管理员"),
    ],
)
def test_a_failure_has_words_and_is_told(work: Any, run: Any, problem: Exception, words: str) -> None:
    hat = making.hat(Role.OPERATOR)

    def fail(actor: Actor, progress: Progress) -> None:
        raise problem

    job = run(from_membership(hat), work(fail))
    assert job.state == JobState.FAILED
    assert words in job.error
    assert "Traceback" not in job.log
    assert job.error in Notice.objects.get(person=hat.person).text["zh"]


def test_a_failed_job_of_the_system_is_told_to_the_administrators(work: Any, run: Any) -> None:
    admin = making.hat(Role.ADMIN)

    def fail(actor: Actor, progress: Progress) -> None:
        raise Failed("坏了")

    run(SYSTEM_ACTOR, work(fail))
    assert "坏了" in Notice.objects.get(person=admin.person).text["zh"]


def test_unknown_work_is_refused_before_it_is_queued() -> None:
    with pytest.raises(KeyError):
        jobs.run(SYSTEM_ACTOR, kind="x", title="x", function="nobody.knows")
    assert not Job.objects.exists()


def test_a_hat_revoked_in_the_meantime_may_not_act(work: Any) -> None:
    hat = making.hat(Role.OPERATOR)
    job = jobs.run(
        from_membership(hat), kind="t", title="t", function=work(lambda actor, progress: {"ran": True})
    )
    hat.revoked_at = timezone.now()
    hat.save()
    run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.summary) == (JobState.FAILED, {})
    assert "身份已失效" in job.error


def test_a_job_runs_once(work: Any) -> None:
    runs: list[int] = []
    job = jobs.run(SYSTEM_ACTOR, kind="t", title="t", function=work(lambda actor, progress: runs.append(1)))
    run_job.func(job.pk)
    run_job.func(job.pk)
    assert runs == [1]


def test_a_waiting_job_is_cancelled_at_once_and_never_starts(work: Any) -> None:
    actor = making.actor(Role.OPERATOR)
    job = jobs.run(actor, kind="t", title="t", function=work(lambda actor, progress: {"ran": True}))
    jobs.cancel(actor, job)
    run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.summary) == (JobState.CANCELLED, {})


def test_a_running_job_stops_at_its_next_step_and_takes_everything_back(work: Any) -> None:
    actor = making.actor(Role.OPERATOR)

    def rename(actor: Actor, progress: Progress) -> None:
        from jinchuanggu.foundation.organisations.models import Organisation

        with transaction.atomic():
            progress.expect(10)
            Organisation.objects.update(name_en="changed")
            board.ask_cancel(progress.job.pk)  # as the owner's click does
            for _ in range(10):
                time.sleep(0.1)
                progress.step()

    job = jobs.run(actor, kind="t", title="t", function=work(rename))
    run_job.func(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert job.done < 10
    from jinchuanggu.foundation.organisations.models import Organisation

    assert not Organisation.objects.filter(name_en="changed").exists()


def test_progress_inside_one_transaction_is_seen_from_outside(work: Any) -> None:
    seen: list[tuple[int, int]] = []

    def slow(actor: Actor, progress: Progress) -> None:
        with transaction.atomic():
            progress.expect(100)
            progress.done = 40
            progress._show(force=True)
            watched = jobs.live(Job(pk=progress.job.pk, state=JobState.RUNNING))
            seen.append((watched.done, watched.total))

    job = jobs.run(SYSTEM_ACTOR, kind="t", title="t", function=work(slow))
    run_job.func(job.pk)
    assert seen == [(40, 100)]


def _running(worker: str, **fields: Any) -> Job:
    return Job.objects.create(
        kind="t",
        title="t",
        function="x",
        state=JobState.RUNNING,
        worker=worker,
        started_at=timezone.now(),
        **fields,
    )


def _dead_process() -> int:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def test_a_job_whose_worker_died_is_failed_with_words() -> None:
    job = _running(f"{socket.gethostname()}:{_dead_process()}")
    assert jobs.fail_lost() == 1
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "中断" in job.error
    assert jobs.fail_lost() == 0


def test_a_job_with_a_heartbeat_is_left_alone_and_a_silent_one_is_not() -> None:
    job = _running(f"{socket.gethostname()}:{os.getpid()}")
    board.beat(job.pk)
    assert jobs.fail_lost() == 0
    old = time.time() - 2 * jobs.SILENCE_SECONDS
    os.utime(board._path(job.pk, "beat"), (old, old))
    assert jobs.fail_lost() == 1


def test_another_machines_job_is_not_judged_by_its_silence_here() -> None:
    job = _running("elsewhere:1")
    assert jobs.fail_lost() == 0
    Job.objects.filter(pk=job.pk).update(started_at=timezone.now() - timedelta(days=2))
    assert jobs.fail_lost() == 1


def test_a_job_that_never_reached_the_queue_is_queued_again(work: Any) -> None:
    job = jobs.run(SYSTEM_ACTOR, kind="t", title="t", function=work(lambda actor, progress: {"ran": True}))
    assert jobs.enqueue_forgotten() == 0  # too fresh to be called forgotten
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(minutes=5))
    assert jobs.enqueue_forgotten() == 1
    job.refresh_from_db()
    assert job.summary == {"ran": True}


def test_the_page_shows_progress_and_stops_asking_at_the_end() -> None:
    hat = making.hat(Role.OPERATOR)
    job = _running("elsewhere:1", person=hat.person, membership_id=hat.pk, done=3, total=10)
    client = making.client_of(hat)
    page = client.get(f"/jobs/{job.pk}/", HTTP_HX_REQUEST="true").content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert 'max="10"' in page
    assert "<html" not in page
    Job.objects.filter(pk=job.pk).update(
        state=JobState.DONE, summary={"text": {"zh": "都好了", "en": "All done"}}
    )
    assert client.get(f"/jobs/{job.pk}/", HTTP_HX_REQUEST="true")["HX-Refresh"] == "true"
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert "hx-trigger" not in page
    assert "都好了" in page


def test_others_jobs_are_not_there_but_administrators_watch() -> None:
    job = _running("elsewhere:1", person=making.hat(Role.OPERATOR).person)
    other, admin = making.client_of(making.hat(Role.OPERATOR)), making.client_of(making.hat(Role.ADMIN))
    assert other.get(f"/jobs/{job.pk}/").status_code == 404
    assert other.post(f"/jobs/{job.pk}/cancel/").status_code == 404
    assert list(other.get("/jobs/").context["jobs"]) == []
    assert admin.get(f"/jobs/{job.pk}/").status_code == 200
    assert list(admin.get("/jobs/").context["jobs"]) == [job]


def test_a_click_cancels(work: Any) -> None:
    hat = making.hat(Role.OPERATOR)
    job = jobs.run(from_membership(hat), kind="t", title="t", function=work(lambda actor, progress: None))
    making.client_of(hat).post(f"/jobs/{job.pk}/cancel/")
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_the_board_survives_junk() -> None:
    board.post(7, done=1)
    assert board.read(7) == {"done": 1}
    board._path(7, "json").write_text("{half")
    assert board.read(7) == {}
    board._path(7, "json").write_text(json.dumps([1]))
    assert board.read(7) == {}
    board.clear(7)
    assert board.silent_for(7) is None


def test_verifying_the_chain_is_work(run: Any) -> None:
    auditor = making.hat(Role.AUDITOR)
    job = run(from_membership(auditor), "audit.verify")
    assert job.summary["intact"] is True
    assert "完好" in job.summary["text"]["zh"]
