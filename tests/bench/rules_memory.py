"""The memory of this process as the kernel counts it, since the program was loaded (not since its parent forked)."""

from __future__ import annotations

from pathlib import Path


def memory(what: str) -> float:
    """MiB of ``VmRSS`` (now) or ``VmHWM`` (at most so far)."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:")) / 1024
