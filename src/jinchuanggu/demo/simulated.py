"""Load the simulated part: the world and its stories."""

from __future__ import annotations

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from jinchuanggu.demo import filings, firms, grants, monitoring, records, stories, world
from jinchuanggu.demo.pace import paced
from jinchuanggu.demo.run.scale import chosen_scale
from jinchuanggu.demo.run.telling import run_stories
from jinchuanggu.demo.simulated_data import load as read_simulated_data
from jinchuanggu.foundation.accounts.models import User
from jinchuanggu.foundation.notices.models import MailState, Notice
from jinchuanggu.foundation.organisations.models import Person
from jinchuanggu.programme.models import Assessor


def load() -> world.World:
    """The world, its two years of history and the run of months, in the caller's transaction."""
    with paced() as pace:
        loaded = world.build(read_simulated_data())
        firms.load(loaded, timezone.localdate())
        run, _raw = run_stories(loaded, chosen_scale(timezone.localdate()), pace.moment)
        stories.tell(
            loaded,
            pace,
            grants.story(loaded, pace.moment),
            *records.stories(loaded, pace.moment),
            *filings.stories(loaded, pace.moment),
            monitoring.story(loaded, pace.moment),
            *run,
        )
    _name_the_demo_expert()
    return loaded


def settle_notices(keep: int = 4) -> None:
    """Once the stories are committed and their notices written: all but the newest few of each person have been read,
    and nobody's mail box is filled with two years of mail.
    """
    now = timezone.now()
    Notice.objects.filter(mail=MailState.WAITING).update(mail=MailState.NONE)
    place = Window(RowNumber(), partition_by=F("person_id"), order_by=F("pk").desc())
    older = Notice.objects.annotate(place=place).filter(place__gt=keep)
    Notice.objects.filter(pk__in=[notice.pk for notice in older]).update(read_at=now)


def _name_the_demo_expert() -> None:
    """The account `expert` is one whom the draw seated and whose sheet is still open."""
    seat = (
        Assessor.objects.filter(
            assessment__valley__state="assessing", sheet__submitted_at__isnull=True, excused_at__isnull=True
        )
        .order_by("order")
        .first()
    )
    person = (
        seat.expert.person if seat else Person.objects.filter(expert__isnull=False).order_by("pk").first()
    )
    if person is not None:
        User.objects.filter(pk=person.user_id).update(username="expert")
