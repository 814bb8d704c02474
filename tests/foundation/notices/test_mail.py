"""Mail: batched by person, retried on refusal, never twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from jinchuanggu.foundation.notices import mail
from jinchuanggu.foundation.notices.actions import notify
from jinchuanggu.foundation.notices.models import MailState, Notice
from jinchuanggu.foundation.organisations.roles import Role
from tests.foundation import making

pytestmark = pytest.mark.django_db


class Refusing(BaseEmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError("no server")


def _two_notices() -> Any:
    hat = making.hat(Role.OPERATOR)
    for word in ("一", "二"):
        notify([hat.person_id], text={"zh": word, "en": word}, url="/search")
    return hat


def test_one_mail_holds_everything_for_a_person(mailoutbox: list[Any], settings: Any) -> None:
    settings.PUBLIC_ADDRESS = "https://jcg.example"
    hat = _two_notices()
    assert mail.send(timezone.now()) == 2
    (sent,) = mailoutbox
    assert sent.to == [hat.person.email]
    assert "2 条新通知" in sent.subject
    assert "https://jcg.example/search" in sent.body
    assert mail.send(timezone.now()) == 0
    assert len(mailoutbox) == 1


def test_a_refusal_is_tried_again_later_and_then_given_up(mailoutbox: list[Any], settings: Any) -> None:
    good = settings.EMAIL_BACKEND
    _two_notices()
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    now = timezone.now()
    assert mail.send(now) == 0
    assert mail.send(now) == 0  # not before its time
    assert set(Notice.objects.values_list("mail", "mail_attempts")) == {(MailState.WAITING, 1)}
    settings.EMAIL_BACKEND = good
    assert mail.send(now + timedelta(minutes=3)) == 2
    assert len(mailoutbox) == 1


def test_it_is_given_up_after_six_refusals(settings: Any) -> None:
    _two_notices()
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    for day in range(8):
        mail.send(timezone.now() + timedelta(days=day))
    assert set(Notice.objects.values_list("mail", "mail_attempts")) == {(MailState.FAILED, mail.ATTEMPTS)}


def test_two_clocks_at_once_send_once(mailoutbox: list[Any]) -> None:
    _two_notices()
    first = mail._claim(timezone.now())
    assert len(first) == 2
    assert mail.send(timezone.now()) == 0
    assert mailoutbox == []


def test_a_death_while_sending_never_sends_twice(mailoutbox: list[Any]) -> None:
    _two_notices()
    mail._claim(timezone.now() - timedelta(hours=1))  # and then the process dies
    assert mail.send(timezone.now()) == 0
    assert mailoutbox == []
    assert set(Notice.objects.values_list("mail", flat=True)) == {MailState.UNSURE}
