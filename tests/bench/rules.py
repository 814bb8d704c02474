"""Rules over a million made-up firms, beside OpenFisca-Core doing the same thresholds and scores on the same arrays.

    python -m tests.bench.rules --openfisca .venv-bench/bin/python

Printed as ratios and kept as JSON, never asserted. Whole runs include building the population; every way has a
process of its own, the ways take turns, and the best of all turns counts, by the clock and by CPU time (which a busy
machine disturbs less). Memory is the peak of the process, and the peak less what it held with the arrays loaded.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.rules_population import CODES, ON, Array, firms, save

ROOT = Path(__file__).resolve().parents[2]
OURS = [sys.executable, "-m", "tests.bench.rules_ours"]
Figures = dict[str, float]


def child(command: list[str]) -> Any:
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env={**os.environ})
    return json.loads(done.stdout.splitlines()[-1])


def whole_runs(folder: Path, out: Path, openfisca: str, turns: int, runs: int) -> dict[str, Figures]:
    """Every way in turn, so that a busy machine is busy for all of them."""
    script = str(ROOT / "tests/bench/rules_openfisca.py")
    ways = {
        "engine, 1 thread": [*OURS, str(folder), str(out / "ours.npz"), str(runs), "1", "both"],
        "engine, 2 threads": [*OURS, str(folder), str(out / "two.npz"), str(runs), "2", "both"],
        "NumPy by hand": [*OURS, str(folder), str(out / "numpy.npz"), str(runs), "1", "numpy"],
        "OpenFisca, plain": [openfisca, script, str(folder), str(out / "plain.npz"), "plain", str(runs)],
        "OpenFisca, ids": [openfisca, script, str(folder), str(out / "ids.npz"), "declared", str(runs)],
    }
    best: dict[str, Figures] = {}
    for _ in range(turns):
        for name, command in ways.items():
            found = child(command)
            kept = best.setdefault(name, found)
            kept["cpu"] = min(kept["cpu"], found["cpu"])
            if found["seconds"] < kept["seconds"]:
                best[name] = {**found, "cpu": kept["cpu"]}
    return best


def agreement(out: Path, columns: dict[str, Array]) -> dict[str, Any]:
    """Rows that differ, and which side the exact evaluation is on for those looked at."""
    from jinchuanggu.engines.rules import evaluate, firm_inputs
    from jinchuanggu.engines.rules.columns import Population
    from tests.bench.rules_ours import rule_sets

    ours, theirs = np.load(out / "ours.npz"), np.load(out / "plain.npz")
    differs = {
        "technology SME": (ours["tech_sme"] == 1) != theirs["tech_sme"],
        "technology SME, points": ours["tech_score"] != theirs["tech_score"],
        "high-tech": ours["hnte"]
        != np.where(theirs["hnte_sure"], 1, np.where(theirs["hnte_possible"], -1, 0)),
        "high-tech, least points": ours["hnte_low"] != theirs["hnte_low"],
        "high-tech, most points": ours["hnte_high"] != theirs["hnte_high"],
    }
    rows = np.flatnonzero(np.logical_or.reduce(list(differs.values())))[:2000]
    tech, hnte = rule_sets()
    inputs = {**firm_inputs(), **tech.inputs, **hnte.inputs}
    population = Population(len(rows), {name: column[rows] for name, column in columns.items()}, CODES)
    right = 0
    for position, row in enumerate(rows):
        facts = population.to_facts(position, ON, inputs)
        one, two = evaluate(tech, facts, ON), evaluate(hnte, facts, ON)
        exact = (float(one.scores[0].low), float(two.scores[0].low), float(two.scores[0].high))
        found = tuple(float(ours[name][row]) for name in ("tech_score", "hnte_low", "hnte_high"))
        codes = {"met": 1, "not_met": 0, "not_evidenced": -1}
        verdicts = codes[one.verdict.value], codes[two.verdict.value]
        right += exact == found and verdicts == (ours["tech_sme"][row], ours["hnte"][row])
    counted = {name: int(np.count_nonzero(mask)) for name, mask in differs.items()}
    return {"rows that differ": counted, "looked at exactly": len(rows), "engine right": int(right)}


def one_firm(folder: Path, openfisca: str) -> dict[str, float]:
    """Seconds of one firm: ours with and without reading the whole tree, theirs in three ways; the middle of many."""
    from jinchuanggu.engines.rules.columns import Population
    from jinchuanggu.engines.rules.quick import explainer
    from tests.bench.rules_ours import rule_sets
    from tests.bench.rules_population import load

    rules = rule_sets()[0]
    columns = {name: column[:1] for name, column in load(folder).items()}
    record = {
        name: {year: int(each) if each == int(each) else each for year, each in value.items()}
        if isinstance(value, dict)
        else int(value)
        if not isinstance(value, str | bool | date) and value == int(value)  # type: ignore[call-overload]
        else value
        for name, value in Population(1, columns, CODES).record(0, rules.inputs, ON).items()
    }
    explain = explainer(rules, ON)
    ways = {
        "engine, explanation": lambda: explain(record),
        "engine, and every step of it": lambda: list(explain(record).walk()),
        "engine, and value, limit, distance of every step": lambda: [
            (step.status, step.value, step.threshold, step.distance) for step in explain(record).walk()
        ],
    }
    found = {}
    for name, way in ways.items():
        times = []
        for _ in range(3000):
            start = time.perf_counter()
            way()
            times.append(time.perf_counter() - start)
        found[name] = sorted(times)[len(times) // 2]
    theirs = child([openfisca, str(ROOT / "tests/bench/rules_openfisca.py"), str(folder), "--one"])
    return found | {f"OpenFisca, {name}": seconds for name, seconds in theirs.items()}


def ladder(out: Path, sizes: list[int]) -> dict[str, Figures]:
    """Grading on the whole ladder at several sizes."""
    found = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            save(firms(size, missing=0.02), Path(name))
            found[str(size)] = child([*OURS, name, str(out / "ladder.npz"), "3", "1", "ladder"])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=1_000_000)
    parser.add_argument(
        "--openfisca", default=str(ROOT / ".venv-bench/bin/python"), help="an interpreter that has it"
    )
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jcg-rules-") as name:
        folder, gaps, out = (Path(name) / part for part in ("whole", "gaps", "out"))
        for each in (folder, gaps, out):
            each.mkdir()
        columns = firms(arguments.firms)
        save(columns, folder)
        save(firms(arguments.firms, missing=0.05), gaps)
        runs = whole_runs(folder, out, arguments.openfisca, arguments.turns, arguments.runs)
        runs["engine, 5 % of facts missing"] = child(
            [*OURS, str(gaps), str(out / "gaps.npz"), "3", "1", "both"]
        )
        results = {
            "firms": arguments.firms,
            "load": os.getloadavg()[0],
            "whole runs": runs,
            "agreement": agreement(out, columns),
            "one firm": one_firm(folder, arguments.openfisca),
            "ladder": ladder(out, [arguments.firms // 4, arguments.firms // 2, arguments.firms]),
        }
    report(results)
    kept = ROOT / "bench-results"
    kept.mkdir(exist_ok=True)
    (kept / f"rules-{time.strftime('%Y%m%d-%H%M%S')}.json").write_text(json.dumps(results, indent=2), "utf-8")


def report(results: dict[str, Any]) -> None:
    runs, plain = results["whole runs"], results["whole runs"]["OpenFisca, plain"]
    print(f"{'whole run':30}{'seconds':>9}{'CPU s':>8}{'building':>10}{'times as fast':>15}{'by CPU':>8}"
          f"{'peak MiB':>10}{'+ MiB':>8}{'of its peak':>13}{'of its +':>10}")  # fmt: skip
    for name, f in runs.items():
        more, its = f["peak"] - f["held"], plain["peak"] - plain["held"]
        print(f"{name:30}{f['seconds']:9.3f}{f['cpu']:8.3f}{f['building']:10.3f}{plain['seconds'] / f['seconds']:15.1f}"
              f"{plain['cpu'] / f['cpu']:8.1f}{f['peak']:10.0f}{more:8.0f}{f['peak'] / plain['peak']:13.2f}"
              f"{more / its:10.2f}")  # fmt: skip
    print("agreement:", json.dumps(results["agreement"], ensure_ascii=False))
    theirs = results["one firm"]["OpenFisca, a request (dictionary)"]
    for name, seconds in results["one firm"].items():
        print(
            f"{name:52}{seconds * 1e6:10.1f} µs{theirs / seconds:10.1f} times as fast as a request of OpenFisca"
        )
    for size, f in results["ladder"].items():
        print(f"ladder, {size:>9} firms{f['seconds']:9.3f} s, CPU {f['cpu']:.3f} s, {f['cpu'] / int(size) * 1e6:.3f} µs a firm"
              f"{f['peak']:9.0f} MiB peak, {f['peak'] - f['held']:6.0f} more than the arrays")  # fmt: skip


if __name__ == "__main__":
    main()
