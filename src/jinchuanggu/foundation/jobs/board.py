"""A side channel beside the database for the progress of running jobs, under `JCG_HOME/jobs`.

Work done in one transaction cannot be seen from outside until it commits, and on SQLite nobody else can write
meanwhile. So the running counts, the heartbeat and the wish to cancel go through small files written
atomically.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings


def _path(pk: int, kind: str) -> Path:
    return Path(settings.HOME) / "jobs" / f"{int(pk)}.{kind}"


def post(pk: int, **facts: Any) -> None:
    """Show these facts (done, total) to whoever looks at the job."""
    path = _path(pk, "json")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    fresh.write_text(json.dumps(facts), "utf-8")
    fresh.replace(path)


def read(pk: int) -> dict[str, Any]:
    """The facts last posted, or nothing."""
    try:
        found = json.loads(_path(pk, "json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def beat(pk: int) -> None:
    """Say that the worker is alive."""
    path = _path(pk, "beat")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def silent_for(pk: int) -> float | None:
    """Seconds since the last heartbeat, or None when there was none on this machine."""
    try:
        return max(0.0, time.time() - _path(pk, "beat").stat().st_mtime)
    except OSError:
        return None


def ask_cancel(pk: int) -> None:
    path = _path(pk, "cancel")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def cancel_asked(pk: int) -> bool:
    return _path(pk, "cancel").exists()


def clear(pk: int) -> None:
    """Take the notes of a finished job down."""
    for kind in ("json", "beat", "cancel"):
        _path(pk, kind).unlink(missing_ok=True)
