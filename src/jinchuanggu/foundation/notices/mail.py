"""Notices by mail. A batch is claimed first and sent then, so nothing is ever sent twice.

A refusal of the mail server is tried again later, with growing pauses. When the process dies between sending
and
writing it down, nobody can know whether the mail went out: such a notice is marked "unsure" and not sent
again; it
stands in the bell anyhow.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q

from jinchuanggu.foundation.jobs.clock import on_tick
from jinchuanggu.foundation.notices.models import MailState, Notice

logger = logging.getLogger(__name__)

BATCH = 200
ATTEMPTS = 6
LOST_AFTER = timedelta(minutes=15)


def _claim(now: datetime) -> list[Notice]:
    """Take a batch of unsent notices; whoever comes at the same time gets others."""
    with transaction.atomic():
        waiting = Notice.objects.filter(mail=MailState.WAITING).filter(
            Q(mail_next_at__isnull=True) | Q(mail_next_at__lte=now)
        )
        ids = list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH])
        mine = [
            pk
            for pk in ids
            if Notice.objects.filter(pk=pk, mail=MailState.WAITING).update(
                mail=MailState.SENDING, mail_claimed_at=now
            )
        ]
    return list(Notice.objects.filter(pk__in=mine).select_related("person").order_by("pk"))


def _message(notices: list[Notice]) -> EmailMessage:
    """One mail for everything that waits for one person, Chinese first, English below."""
    count = len(notices)
    lines: list[str] = []
    for language in ("zh", "en"):
        for notice in notices:
            lines.append(f"· {notice.text.get(language, '')}")
            if notice.url:
                lines.append(f"  {settings.PUBLIC_ADDRESS.rstrip('/')}{notice.url}")
        lines.append("")
    subject = f"晋创谷：{count} 条新通知 · {count} new notice(s)"
    return EmailMessage(subject, "\n".join(lines), settings.DEFAULT_FROM_EMAIL, [notices[0].person.email])


def _settle(notices: list[Notice], now: datetime, problem: Exception | None) -> None:
    pks = [notice.pk for notice in notices]
    if problem is None:
        Notice.objects.filter(pk__in=pks).update(mail=MailState.SENT, mailed_at=now, mail_error="")
        return
    for notice in notices:
        attempts = notice.mail_attempts + 1
        Notice.objects.filter(pk=notice.pk).update(
            mail=MailState.FAILED if attempts >= ATTEMPTS else MailState.WAITING,
            mail_attempts=attempts,
            mail_next_at=now + timedelta(minutes=2**attempts),
            mail_error=f"{type(problem).__name__}: {problem}"[:300],
        )


@on_tick("notices.mail")
def send(now: datetime) -> int:
    """Send what waits. Returns how many notices went out."""
    Notice.objects.filter(mail=MailState.SENDING, mail_claimed_at__lt=now - LOST_AFTER).update(
        mail=MailState.UNSURE
    )
    claimed = _claim(now)
    if not claimed:
        return 0
    by_person: defaultdict[int, list[Notice]] = defaultdict(list)
    for notice in claimed:
        by_person[notice.person_id].append(notice)
    connection, sent = get_connection(fail_silently=False), 0
    for notices in by_person.values():
        message = _message(notices)
        message.connection = connection
        problem: Exception | None = None
        try:
            if message.send() != 1:
                problem = RuntimeError("the mail server took no recipient")
        except Exception as error:  # mail backends raise whatever their transport raises
            logger.warning("mail to person %s failed: %s", notices[0].person_id, error)
            problem = error
        _settle(notices, now, problem)
        sent += len(notices) if problem is None else 0
    connection.close()
    return sent
