"""List and detail screens over HTTP at several table sizes, and the recognition check from the command line.

Each size gets a state folder of its own, filled in bulk, and a server process of its own. Reported: requests a second,
p50 and p99 in milliseconds, the server's peak memory in MiB, and the growth of p50 against the smallest table.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import requests
from requests.adapters import HTTPAdapter

ROOT = Path(__file__).resolve().parents[2]
SCREENS = {
    "valley list": "/valleys/",
    "valley list, sorted": "/valleys/?sort=-name",
    "valley dossier": "/valleys/{last}/",
    "resident list": "/r/residents/",
    "API page of 50": "/api/v1/valleys?limit=50",
}


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


@contextmanager
def server(home: Path, port: int) -> Iterator[psutil.Process]:
    """The product itself in demo mode on a loopback port."""
    environment = {**os.environ, "JCG_HOME": str(home), "JCG_DEMO": "1"}
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "jcg"), "serve", "--port", str(port)], env=environment
    )
    try:
        for _ in range(200):
            try:
                requests.get(f"http://127.0.0.1:{port}/", timeout=10)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def peak_memory(process: psutil.Process) -> float:
    """MiB of the largest web process."""
    family = [process, *process.children(recursive=True)]
    return max((member.memory_info().rss for member in family), default=0) / 2**20


def measure(session: requests.Session, url: str, count: int) -> dict[str, float]:
    """`count` requests one after another, then the same from four threads for the throughput."""
    times = []
    for _ in range(count):
        start = time.perf_counter()
        response = session.get(url, timeout=120)
        times.append((time.perf_counter() - start) * 1000)
        response.raise_for_status()
    start = time.perf_counter()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: session.get(url, timeout=120).status_code, range(count)))
    rate = count / (time.perf_counter() - start)
    return {"rps": rate, "p50": statistics.median(times), "p99": percentile(times, 0.99)}


def screens(rows: int, count: int, port: int) -> dict[str, dict[str, float]]:
    """Fill a fresh state folder and measure every screen on it."""
    with tempfile.TemporaryDirectory(prefix="jcg-bench-") as folder:
        home = Path(folder)
        last = subprocess.run(
            [sys.executable, "-m", "tests.bench.fill", str(rows)],
            env={**os.environ, "JCG_HOME": str(home), "JCG_DEMO": "1"}, cwd=ROOT, check=True, capture_output=True, text=True,
        ).stdout.split()[-1]  # fmt: skip
        with server(home, port) as process:
            session = requests.Session()
            session.mount("http://", HTTPAdapter(max_retries=3, pool_maxsize=8))
            base = f"http://127.0.0.1:{port}"
            page = session.get(f"{base}/demo/", timeout=60)
            page.raise_for_status()
            entered = session.post(
                f"{base}/demo/enter/",
                data={"username": "bench", "csrfmiddlewaretoken": session.cookies["csrftoken"]},
                headers={"Referer": base}, timeout=60,
            )  # fmt: skip
            entered.raise_for_status()
            found = {}
            for name, path in SCREENS.items():
                url = base + path.format(last=last)
                session.get(url, timeout=120)
                found[name] = measure(session, url, count)
                found[name]["mib"] = peak_memory(process)
            return found


def command(count: int) -> dict[str, float]:
    """`jcg assess --json` as a whole process, start to end."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        file.write(EXAMPLE)
        file.flush()
        times, memory = [], 0.0
        for _ in range(count):
            start = time.perf_counter()
            process = psutil.Popen(
                [str(Path(sys.executable).parent / "jcg"), "assess", file.name, "--json"],
                stdout=subprocess.DEVNULL,
            )
            while process.poll() is None:
                try:
                    memory = max(memory, process.memory_info().rss / 2**20)
                except psutil.Error:
                    break
                time.sleep(0.005)
            process.wait()
            times.append((time.perf_counter() - start) * 1000)
    return {"rps": 1000 / statistics.mean(times), "p50": statistics.median(times), "p99": percentile(times, 0.99),
            "mib": memory}  # fmt: skip


EXAMPLE = """
name: 晋创谷·示例
kind: regional
builder: "140600"
partner_universities: [山西大学]
host_zones: [{name: 示例经济开发区, level: provincial}]
key_fields: [新材料, 数字经济]
operator: {name: 示例运营有限公司, legal_person: true}
figures:
  - {indicator: planned_area_km2, value: 11.9, date: 2025-06-28, source: {title: 示例}}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100, 10_000, 1_000_000])
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--port", type=int, default=8765)
    arguments = parser.parse_args()
    results: dict[str, dict[str, dict[str, float]]] = {"jcg assess --json": {"-": command(11)}}
    for rows in arguments.rows:
        for name, figures in screens(rows, arguments.requests, arguments.port).items():
            results.setdefault(name, {})[str(rows)] = figures
    print(f"{'what':24}{'rows':>10}{'rps':>9}{'p50 ms':>9}{'p99 ms':>9}{'MiB':>8}{'p50 / smallest':>16}")
    for name, by_rows in results.items():
        smallest = next(iter(by_rows.values()))["p50"]
        for rows, f in by_rows.items():
            print(f"{name:24}{rows:>10}{f['rps']:9.1f}{f['p50']:9.1f}{f['p99']:9.1f}{f['mib']:8.0f}"
                  f"{f['p50'] / smallest:16.2f}")  # fmt: skip
    folder = ROOT / "bench-results"
    folder.mkdir(exist_ok=True)
    (folder / f"{time.strftime('%Y%m%d-%H%M%S')}.json").write_text(json.dumps(results, indent=2), "utf-8")


if __name__ == "__main__":
    main()
