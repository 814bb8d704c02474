"""The store of figures at ten million values: SQLite, PostgreSQL, and DuckDB over an export of the same values.

Each database is filled by posting and rolling up, as filings do it; then the same pivots are asked of it and of DuckDB,
which adds every level up from the firms' rows. Printed: milliseconds, the ratio, whether the answers are the same to the
last digit, values a second, memory, disk. Nothing is asserted; the figures go to `bench-results/`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def _run(command: list[str], folder: Path) -> dict[str, Any]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("JCG_")}
    environment |= {"JCG_HOME": str(folder), "JCG_SECRET_KEY": "only-for-the-bench", "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(database: str, size: tuple[int, int, int], threads: int, folder: Path) -> dict[str, Any]:
    """Fill one database, ask it, then DuckDB over its export."""
    store, out = folder / database, folder / database / "out"
    store.mkdir(parents=True)
    command = [sys.executable, "-m", "tests.bench.indicators_store", *map(str, size), str(out)]
    if database == "postgresql":
        command = [sys.executable, "scripts/with_postgres.py", *command]
    started = os.getloadavg()[0]
    found = _run(command, store)
    found["load"] = [started, os.getloadavg()[0]]
    asked = [
        sys.executable,
        "-m",
        "tests.bench.indicators_duckdb",
        str(out),
        str(size[1]),
        str(size[2]),
        str(threads),
    ]
    found["duckdb"] = _run(asked, store)
    return found


def show(found: dict[str, Any]) -> None:
    """One database as a table."""
    build, theirs = found["build"], found["duckdb"]
    seconds = build["post"] + build["roll_up"] + build["commit"]
    print(f"\n{found['database']}: {build['posted']:,} values posted, {build['rows']:,} rows with roll-ups; load "
          f"{found['load'][0]:.1f} to {found['load'][1]:.1f}")  # fmt: skip
    print(f"  {build['posted'] / seconds:,.0f} values a second (post {build['post']:.0f} s, roll up {build['roll_up']:.0f} s,"
          f" commit {build['commit']:.0f} s); a firm restates ten values: p50 {found['restatement ms']['p50']:.0f} ms,"
          f" p95 {found['restatement ms']['p95']:.0f} ms")  # fmt: skip
    sizes = ", ".join(f"{name} {size:.0f}" for name, size in found["sizes MiB"].items())
    print(f"  MiB: {sizes}; peak memory of the process {found['peak MiB']:.0f} (DuckDB {theirs['peak MiB']:.0f}); parquet"
          f" {theirs['parquet MiB']:.0f}")  # fmt: skip
    print(
        f"  {'pivot, milliseconds':48}{'cells':>9}{'p50':>8}{'p95':>8}{'DuckDB':>8}{'p95':>8}{'ratio':>7}  same"
    )
    for name, mine in found["pivots"].items():
        other = theirs["pivots"][name]
        print(f"  {name:48}{mine['cells']:9,.0f}{mine['p50']:8.0f}{mine['p95']:8.0f}{other['p50']:8.0f}{other['p95']:8.0f}"
              f"{other['p50'] / mine['p50']:7.1f}  {'yes' if other['same'] else 'NO'}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=3000)
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--indicators", type=int, default=58)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="of DuckDB")
    arguments = parser.parse_args()
    size = (arguments.firms, arguments.months, arguments.indicators)
    results = {}
    with tempfile.TemporaryDirectory(prefix="jcg-bench-") as folder:
        for database in arguments.databases:
            results[database] = measure(database, size, arguments.threads, Path(folder))
            show(results[database])
    kept = ROOT / "bench-results"
    kept.mkdir(exist_ok=True)
    name = f"indicators-{time.strftime('%Y%m%d-%H%M%S')}.json"
    (kept / name).write_text(json.dumps(results, indent=2), "utf-8")


if __name__ == "__main__":
    main()
