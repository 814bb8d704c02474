"""The clock of the simulated past: while a story is told, "now" is the moment it tells of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest import mock

from django.utils import timezone


class Pace:
    """A settable clock. Moments move forward by a minute at each reading, so a history keeps its order."""

    def __init__(self) -> None:
        self.moment = timezone.now()

    def now(self) -> datetime:
        self.moment += timedelta(seconds=41)
        return self.moment


@contextmanager
def paced() -> Iterator[Pace]:
    """Within the block `django.utils.timezone.now` follows the returned clock."""
    pace = Pace()
    with mock.patch.object(timezone, "now", pace.now):
        yield pace
