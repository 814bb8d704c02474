"""When a session was last seen, written now and then: a write with every page would make readers queue for
the database.
"""

from __future__ import annotations

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

EVERY_SECONDS = 300


class SeenNowAndThen(UserSessionsMiddleware):  # type: ignore[misc]
    """The library's tracking, at most once in five minutes for a session and its address."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = getattr(getattr(request, "session", None), "session_key", None)
        if key is None or not cache.add(
            f"seen:{key}:{request.META.get('REMOTE_ADDR', '')}", 1, EVERY_SECONDS
        ):
            response: HttpResponse = self.get_response(request)
            return response
        tracked: HttpResponse = super().__call__(request)
        return tracked
