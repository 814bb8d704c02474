"""Load the simulated part: the world and its stories."""

from __future__ import annotations

from jinchuanggu.demo import stories, world
from jinchuanggu.demo.pace import paced
from jinchuanggu.demo.simulated_data import load as read_simulated_data
from jinchuanggu.foundation.accounts.models import User
from jinchuanggu.foundation.organisations.models import Person
from jinchuanggu.programme.models import Assessor


def load() -> world.World:
    """The world and its two years of history, in the caller's transaction."""
    with paced() as pace:
        loaded = world.build(read_simulated_data())
        stories.tell(loaded, pace)
    _name_the_demo_expert()
    return loaded


def _name_the_demo_expert() -> None:
    """The account `expert` is one whom the draw seated and whose sheet is still open."""
    seat = (
        Assessor.objects.filter(
            assessment__valley__state="assessing", sheet__submitted_at__isnull=True, excused_at__isnull=True
        )
        .order_by("order")
        .first()
    )
    person = seat.expert.person if seat else Person.objects.filter(expert__isnull=False).order_by("pk").first()
    if person is not None:
        User.objects.filter(pk=person.user_id).update(username="expert")
