"""Every change of a notice: tell people something, mark it read."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.notices.models import MailState, Notice
from jinchuanggu.foundation.organisations.models import Membership, Person

Text = dict[str, str]


def people_with_role(role: str, organisation_ids: Iterable[int] | None = None) -> list[int]:
    """Ids of the people wearing a hat today, everywhere or in some organisations."""
    hats = Membership.objects.filter(role=role).in_force(timezone.localdate())
    if organisation_ids is not None:
        hats = hats.filter(organisation_id__in=list(organisation_ids))
    return list(hats.values_list("person_id", flat=True).distinct())


def notify(people: Iterable[int], *, text: Text, url: str = "", key: str = "") -> int:
    """Put a notice before people (person ids), in both languages. With a `key` each person gets it once,
    ever.

    `url` is an address inside this site. Returns to how many people it was addressed.
    """
    if set(text) != {"zh", "en"}:
        raise ValueError("a notice is written in zh and en")
    if url and not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        raise ValueError("a notice leads to an address of this site")
    ids = sorted(set(people))
    if not ids:
        return 0
    now = timezone.now()
    reachable = set(Person.objects.filter(pk__in=ids).exclude(email="").values_list("pk", flat=True))
    with transaction.atomic():
        Notice.objects.bulk_create(
            [
                Notice(
                    person_id=pk, text=text, url=url, at=now, key=key[:120],
                    mail=MailState.WAITING if pk in reachable else MailState.NONE,
                )
                for pk in ids
            ],
            ignore_conflicts=True,
            batch_size=500,
        )  # fmt: skip
    return len(ids)


def mark_read(actor: Actor, notice: Notice) -> None:
    """The reader has opened one of its notices."""
    Notice.objects.filter(pk=notice.pk, person_id=actor.person_id, read_at__isnull=True).update(
        read_at=timezone.now()
    )


def mark_all_read(actor: Actor) -> int:
    """The reader has taken note of everything. Returns how many were unread."""
    if actor.person_id is None:
        return 0
    return Notice.objects.filter(person_id=actor.person_id, read_at__isnull=True).update(
        read_at=timezone.now()
    )
