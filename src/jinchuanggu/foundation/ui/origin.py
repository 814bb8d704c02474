"""The switch between real and simulated data: a choice of the reader, passed explicitly to the lists."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

CHOICES = ("both", "real", "simulated")
SESSION_KEY = "origin_view"

Row = TypeVar("Row", bound=Model)


def origin_view(request: HttpRequest) -> str:
    """ "both", "real" or "simulated" as chosen by the reader (in the session)."""
    session = getattr(request, "session", None)
    value = session.get(SESSION_KEY, "both") if session is not None else "both"
    return value if value in CHOICES else "both"


def of_origin(rows: QuerySet[Row], view: str, field: str = "origin") -> QuerySet[Row]:
    """Only the rows of the chosen kind of data."""
    return rows if view == "both" else rows.filter(**{field: view})
