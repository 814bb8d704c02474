"""What running work says about itself: how far, what it notices, and whether it was asked to stop."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Any

from django.db import transaction

from jinchuanggu.foundation.jobs import board
from jinchuanggu.foundation.jobs.models import Job

EVERY_SECONDS = 0.4
BEAT_SECONDS = 5.0
LOG_LIMIT = 20_000


class Cancelled(Exception):
    """The owner asked the work to stop; raised at the next step, so a surrounding transaction rolls back."""


class Failed(Exception):
    """The work cannot be done; the message is shown to the owner as it is."""


class Progress:
    """Handed to the work. Counts are kept in memory and shown at most every 0.4 s."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.done = self.total = 0
        self.result_version_id: int | None = None
        self._lines: list[str] = []
        self._shown = 0.0
        self._stop = threading.Event()

    def expect(self, total: int) -> None:
        """Say how many items there are in all."""
        self.total = total
        self._show(force=True)

    def step(self, count: int = 1) -> None:
        """Say that `count` more items are done. Raises `Cancelled` when the owner asked to stop."""
        self.done += count
        self._show()

    def log(self, line: str) -> None:
        """A line for the owner's eyes."""
        self._lines.append(line)

    def result(self, version: Any) -> None:
        """The document version to be offered as the result."""
        self.result_version_id = version.pk

    def check(self) -> None:
        """Raise `Cancelled` when the owner asked to stop."""
        if board.cancel_asked(self.job.pk):
            raise Cancelled

    @property
    def text(self) -> str:
        return "\n".join(self._lines)[-LOG_LIMIT:]

    def _show(self, *, force: bool = False) -> None:
        now = time.monotonic()
        if not force and now - self._shown < EVERY_SECONDS:
            return
        self._shown = now
        self.check()
        board.post(self.job.pk, done=self.done, total=self.total)
        if (
            not transaction.get_connection().in_atomic_block
        ):  # inside, nobody would see it and others would wait
            Job.objects.filter(pk=self.job.pk).update(done=self.done, total=self.total)

    def __enter__(self) -> Progress:
        board.beat(self.job.pk)
        threading.Thread(target=self._beat, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._stop.set()

    def _beat(self) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            board.beat(self.job.pk)
