"""The notices page: one's own only, read one, read all."""

from __future__ import annotations

import pytest

from jinchuanggu.foundation.notices.actions import notify
from jinchuanggu.foundation.notices.models import Notice
from jinchuanggu.foundation.organisations.roles import Role
from tests.foundation import making

pytestmark = pytest.mark.django_db


def test_opening_marks_as_read_and_leads_on() -> None:
    hat = making.hat(Role.OPERATOR)
    notify([hat.person_id], text={"zh": "第一件", "en": "First"}, url="/search?q=x")
    client, notice = making.client_of(hat), Notice.objects.get()
    page = client.get("/notices/")
    assert "第一件" in page.content.decode()
    assert page.context["unread_notices"] == 1
    response = client.get(f"/notices/{notice.pk}/")
    assert response["Location"] == "/search?q=x"
    assert client.get("/notices/").context["unread_notices"] == 0


def test_others_notices_are_not_there() -> None:
    hat, other = making.hat(Role.OPERATOR), making.hat(Role.OPERATOR)
    notify([other.person_id], text={"zh": "别人的", "en": "Other"})
    client = making.client_of(hat)
    assert "别人的" not in client.get("/notices/").content.decode()
    assert client.get(f"/notices/{Notice.objects.get().pk}/").status_code == 404
    client.post("/notices/read/")
    assert Notice.objects.get().read_at is None


def test_all_at_once_and_pages() -> None:
    hat = making.hat(Role.OPERATOR)
    for number in range(45):
        notify([hat.person_id], text={"zh": f"第{number}件", "en": "x"})
    client = making.client_of(hat)
    first = client.get("/notices/?unread=1")
    assert len(first.context["notices"]) == 40
    assert len(client.get("/notices/" + first.context["pages"]["next_url"]).context["notices"]) == 5
    client.post("/notices/read/")
    assert len(client.get("/notices/?unread=1").context["notices"]) == 0
