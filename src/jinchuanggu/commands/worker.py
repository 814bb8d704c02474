"""The job worker: runs queued tasks and, once a minute, the clock (reminders, mail). Started by `jcg serve`."""

from __future__ import annotations

import logging
import os
import threading

from jinchuanggu.commands.setup import start_django

logger = logging.getLogger(__name__)


def _clock(stop: threading.Event) -> None:
    from django.db import close_old_connections
    from django.utils import timezone

    from jinchuanggu.foundation.jobs import clock

    while not stop.wait(2 if os.environ.get("JCG_DEMO") else 5):
        try:
            clock.tick(timezone.now())
        except Exception:  # the clock must outlive one bad tick; the log says what went wrong
            logger.exception("clock tick failed")
        finally:
            close_old_connections()
        if stop.wait(60):
            return


def main() -> None:
    """Run until SIGTERM; a task in hand is finished first."""
    start_django()
    stop = threading.Event()
    threading.Thread(target=_clock, args=(stop,), daemon=True).start()
    from django.core.management import call_command

    try:
        call_command("db_worker", interval=1.0, verbosity=0)
    finally:
        stop.set()


if __name__ == "__main__":
    main()
