"""The library's list of sessions, with the ending of others written to the audit."""

from __future__ import annotations

from allauth.usersessions.forms import ManageUserSessionsForm
from allauth.usersessions.views import ListUserSessionsView
from django.db import transaction
from django.http import HttpRequest

from jinchuanggu.foundation.access.guards import signed_in
from jinchuanggu.foundation.audit.log import record


class AuditedSessionsForm(ManageUserSessionsForm):
    """Ends the other sessions of the account and writes it down."""

    def save(self, request: HttpRequest) -> None:
        with transaction.atomic():
            super().save(request)
            record(request.actor, "account.sessions_ended", request.user)  # type: ignore[attr-defined, arg-type]


class Sessions(ListUserSessionsView):
    """Where the account is signed in, with a button to end every session but this one."""

    form_class = AuditedSessionsForm


sessions = signed_in(Sessions.as_view())
