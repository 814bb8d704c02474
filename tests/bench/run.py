"""Tells the whole simulated run (or a scale of it) into a database of its own and holds every figure against polars.

    make bench-run                       # 13 valleys, 3000 firms, 36 months
    python -m tests.bench.run 4,60,26    # another scale

Printed: seconds of each kind of story, rows, size of the database, the audit chain, and for every level and breakdown how
many figures were compared and how many differ. Leaves with 1 if any does.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil


def main(text: str) -> int:
    home = tempfile.mkdtemp(prefix="jcg-bench-run-")
    os.environ.update(DJANGO_SETTINGS_MODULE="jinchuanggu.settings.test", JCG_HOME=home)
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from django.db import transaction

    from jinchuanggu.demo.run.scale import scale_of
    from jinchuanggu.foundation.audit.seal import verify
    from jinchuanggu.indicators.models import Filing, Value
    from tests.demo.run_reference import CITY, DERIVED, PROVINCE, VALLEY, Reference, derived
    from tests.demo.run_telling import asked, differing, places, shown, tell

    scale, spent = scale_of(text, timezone.localdate()), [0.0, 0.0]
    print(
        f"{scale.valleys} valleys, {scale.firms} firms, {scale.months} months up to {scale.last}", flush=True
    )

    def around(told: list[Any]) -> list[Any]:
        return [_timed(story, spent, int(number == len(told) - 1)) for number, story in enumerate(told)]

    began = time.perf_counter()
    with transaction.atomic():
        raw = tell(scale, around)
    whole = time.perf_counter() - began
    size = sum(path.stat().st_size for path in Path(home).glob("jinchuanggu.sqlite3*"))
    print(f"told in {whole:.0f} s: courses of the valleys {spent[0]:.0f} s, months {spent[1]:.0f} s")
    print(
        f"{Filing.objects.count()} filings, {Value.objects.count()} values, database {size / 2**20:.0f} MiB"
    )
    print(f"peak memory {psutil.Process().memory_info().rss / 2**20:.0f} MiB")
    began = time.perf_counter()
    chain = verify()
    print(f"audit chain of {chain.count} events intact: {chain.intact} ({time.perf_counter() - began:.1f} s)")
    began = time.perf_counter()
    reference = Reference(raw)
    figures, at = reference.figures(), places(raw)
    ratios = derived(figures)
    print(
        f"recomputed in polars in {time.perf_counter() - began:.1f} s: {len(figures) + len(ratios)} figures"
    )
    wrong = 0
    for level, name in ((VALLEY, "valley"), (CITY, "city"), (PROVINCE, "province")):
        for group in (None, "field", "kind", "size"):
            began = time.perf_counter()
            expected = asked(figures, level, group)
            keys = sorted({key[0] for key in expected})
            found = shown(raw, at, keys, level, group)
            taken = time.perf_counter() - began
            if group is None:
                expected |= asked(ratios, level, None)
                found |= shown(raw, at, list(DERIVED), level, None)
            off = differing(expected, found)
            wrong += len(off)
            by = group or "total"
            print(f"{name:9} {by:6} {len(expected):7} figures, {len(off)} differ, pivot {taken:.2f} s")
            for key in list(off)[:3]:
                print("   ", key, off[key])
    print("every figure is the one recomputed" if not wrong else f"{wrong} figures differ")
    return 1 if wrong or not chain.intact else 0


def _timed(story: Iterator[datetime], spent: list[float], kind: int) -> Iterator[datetime]:
    """The same story, its time added up."""
    while True:
        began = time.perf_counter()
        moment = next(story, None)
        spent[kind] += time.perf_counter() - began
        if moment is None:
            return
        yield moment


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "full"))
