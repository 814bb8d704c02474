"""What happens because time passes: reminders, mail, lost jobs. `tick` may run as often as one likes.

A room adds its own with `@clock.on_tick("name")`; such a function takes the moment and returns how much it
did. It must
be idempotent: two machines may tick at the same time, and a tick may be missed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

logger = logging.getLogger(__name__)

Tick = Callable[[datetime], int]
_ticks: dict[str, Tick] = {}


def on_tick(name: str) -> Callable[[Tick], Tick]:
    """Register a function of the clock under a name."""

    def register(function: Tick) -> Tick:
        _ticks[name] = function
        return function

    return register


def tick(now: datetime | None = None) -> dict[str, int | str]:
    """Run every function of the clock; one that fails is logged and does not keep the others from running.

    Returns per name how much was done, or the error in words.
    """
    now = now or timezone.now()
    done: dict[str, int | str] = {}
    for name, function in _ticks.items():
        try:
            done[name] = function(now)
        except Exception as problem:
            logger.exception("clock: %s failed", name)
            done[name] = f"{type(problem).__name__}: {problem}"
    return done


@on_tick("jobs.lost")
def _lost_jobs(now: datetime) -> int:
    from jinchuanggu.foundation.jobs import jobs

    return jobs.fail_lost()


@on_tick("jobs.forgotten")
def _forgotten_jobs(now: datetime) -> int:
    from jinchuanggu.foundation.jobs import jobs

    return jobs.enqueue_forgotten()
