"""When figures are computed: once a night by the clock, at any time by a button, as a job."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.jobs.models import Job, JobState
from jinchuanggu.indicators.computed.jobs import nightly
from jinchuanggu.indicators.models import Value
from tests import factories
from tests.indicators import random_records

pytestmark = pytest.mark.django_db
KEEP = "indicators.compute"


@pytest.fixture
def where():
    valleys = random_records.valleys()
    random_records.fill(8, valleys, firms=3)
    return valleys


def test_the_clock_computes_once_a_night_the_running_month_and_the_one_before(where) -> None:
    now = timezone.now()
    assert nightly(now) > 0
    month = Period.of(PeriodKind.MONTH, timezone.localdate(now))
    kept = set(Value.objects.values_list("period", flat=True))
    assert {month.number, month.shift(-1).number} <= kept
    events = AuditEvent.objects.filter(verb=KEEP).count()
    assert nightly(now) == 0
    assert AuditEvent.objects.filter(verb=KEEP).count() == events, "a second tick of the day does nothing"
    nightly(now + timedelta(days=1))
    assert AuditEvent.objects.filter(verb=KEEP).count() > events


@pytest.mark.django_db(transaction=True)
def test_the_button_starts_a_job_that_says_what_it_did(where) -> None:
    client = factories.client_of(factories.city_office(where[0].region))
    answer = client.post("/indicators/compute/", {"period": "2025-09", "key": "resident_units"})
    job = Job.objects.latest("pk")
    assert answer.headers["Location"] == f"/jobs/{job.pk}/"
    from jinchuanggu.foundation.jobs.tasks import run_job

    if job.state == JobState.WAITING:
        run_job.call(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    assert {row.indicator.key for row in Value.objects.select_related("indicator")} == {"resident_units"}


@pytest.mark.parametrize("posted", [{"period": "x"}, {"period": "2025-09", "key": "revenue_cny"}, {}])
def test_nonsense_starts_nothing(posted) -> None:
    client = factories.client_of(factories.provincial_office())
    assert client.post("/indicators/compute/", posted).status_code == 404
    assert not Job.objects.exists()


def test_only_offices_have_figures_computed() -> None:
    client = factories.client_of(factories.member_unit())
    assert client.post("/indicators/compute/", {"period": "2025-09"}).status_code == 403
