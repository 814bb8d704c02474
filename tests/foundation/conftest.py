"""A small process for these tests: a city files, the province takes up or returns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from jinchuanggu.foundation.access.actor import from_membership
from jinchuanggu.foundation.organisations.models import OrganisationKind
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import definition, engine, registry
from tests.foundation import making

PROCESS: dict[str, Any] = {
    "id": "small",
    "version": 1,
    "title": {"zh": "小流程", "en": "Small"},
    "initial": "drafting",
    "stages": {"plan": {"zh": "方案", "en": "Plan"}},
    "states": {
        "drafting": {
            "title": {"zh": "编制", "en": "Drafting"},
            "stage": "plan",
            "holder": "city_office",
            "task": {"zh": "编制方案", "en": "Draft the plan"},
        },
        "filed": {
            "title": {"zh": "已报送", "en": "Filed"},
            "stage": "plan",
            "holder": "provincial_office",
            "task": {"zh": "受理方案", "en": "Take up the plan"},
            "deadline": {
                "key": "intake",
                "days": 5,
                "working": False,
                "title": {"zh": "受理", "en": "Intake"},
            },
        },
        "taken": {"title": {"zh": "已受理", "en": "Taken up"}, "stage": "plan", "final": True},
    },
    "moves": [
        {
            "event": "file",
            "from": "drafting",
            "to": "filed",
            "title": {"zh": "报送", "en": "File"},
            "by": ["city_office"],
        },
        {
            "event": "return",
            "from": "filed",
            "to": "drafting",
            "title": {"zh": "退回", "en": "Return"},
            "by": ["provincial_office"],
            "reason": True,
            "tone": "back",
        },
        {
            "event": "take",
            "from": "filed",
            "to": "taken",
            "title": {"zh": "受理", "en": "Take up"},
            "by": ["provincial_office"],
        },
    ],
}


class Stage:
    """The people of the play and the case they work on."""

    def __init__(self) -> None:
        self.city = making.hat(Role.CITY_OFFICE)
        self.province = making.hat(
            Role.PROVINCIAL_OFFICE, org=making.organisation(kind=OrganisationKind.PROVINCIAL_OFFICE)
        )
        self.subject = self.city.organisation
        self.case: Any = None

    def holders(self, subject: Any, role: str) -> list[int]:
        both = {Role.CITY_OFFICE: self.city, Role.PROVINCIAL_OFFICE: self.province}
        return [both[Role(role)].organisation_id] if role in both else []

    def fire(self, hat: Any, event: str, **kwargs: Any) -> None:
        self.case = engine.fire(from_membership(hat), self.case, event, **kwargs)


@pytest.fixture
def stage(
    db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> Iterator[Stage]:
    """A case just started; what commits tell the listeners is told at once by `commit()`."""
    process = definition.parse(PROCESS, "small.v1.yaml")
    monkeypatch.setattr(engine, "load", lambda *_: process)
    made = Stage()
    registry.subject("small", holders_of=made.holders, address_of=lambda subject: "/search")
    with django_capture_on_commit_callbacks(execute=True):
        made.case = engine.start(from_membership(made.city), "small", made.subject)
    yield made
    for known in (registry.holders, registry.addresses, registry.documents_present):
        known.pop("small", None)
