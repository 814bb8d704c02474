"""The demo clock: in demo mode the day can be moved forward, so that a notice period ends while one watches.

The shift is a number of days in a small file of the state folder, read by web server and worker alike. Outside demo mode
nothing here is active.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

MOST_DAYS = 3650
_REREAD_AFTER = 0.5

_real_now: Callable[[], datetime] = timezone.now
_cached: tuple[float, timedelta] = (0.0, timedelta())


def _path() -> Path:
    return Path(settings.HOME) / "demo-clock"


def shift() -> timedelta:
    """How far the demo's day is ahead of the real one."""
    global _cached
    if time.monotonic() - _cached[0] > _REREAD_AFTER:
        try:
            days = int(_path().read_text())
        except (OSError, ValueError):
            days = 0
        _cached = (time.monotonic(), timedelta(days=days))
    return _cached[1]


def move(days: int) -> None:
    """Move the day forward. Raises ValueError for a move backwards or beyond ten years in all."""
    global _cached
    total = shift().days + days
    if days < 1 or total > MOST_DAYS:
        raise ValueError(f"1 … {MOST_DAYS}")
    _path().write_text(str(total))
    _cached = (time.monotonic(), timedelta(days=total))


def install() -> None:
    """Let `django.utils.timezone.now` follow the demo clock; called once, in demo mode only."""
    if timezone.now is _real_now:
        timezone.now = lambda: _real_now() + shift()
