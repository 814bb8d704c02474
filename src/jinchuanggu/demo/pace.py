"""The clock of the simulated past: while a story is told, "now" is the moment it tells of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest import mock

from django.utils import timezone


class Pace:
    """A settable clock. Moments move forward at each reading, so a history keeps its order: by some forty seconds while
    people act one by one, by less where one step reads the clock for thousands of rows.
    """

    FEW = 40

    def __init__(self) -> None:
        self.moment = timezone.now()

    @property
    def moment(self) -> datetime:
        return self._moment

    @moment.setter
    def moment(self, moment: datetime) -> None:
        self._moment, self._read = moment, 0

    def now(self) -> datetime:
        self._read += 1
        self._moment += timedelta(seconds=41) if self._read <= self.FEW else timedelta(milliseconds=150)
        return self._moment


@contextmanager
def paced() -> Iterator[Pace]:
    """Within the block `django.utils.timezone.now` follows the returned clock."""
    pace = Pace()
    with mock.patch.object(timezone, "now", pace.now):
        yield pace
