"""The engine over the arrays of a folder, in a process of its own so that its memory can be told.

python -m tests.bench.rules_ours FOLDER OUT RUNS WORKERS both|numpy|ladder
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.rules_memory import memory
from tests.bench.rules_population import CODES, ON, Array, load


def both(columns: dict[str, Array], workers: int) -> tuple[float, dict[str, Any]]:
    """Both rule sets with every status and score; the seconds of building, and the results."""
    from jinchuanggu.engines.rules.columns import Population, evaluate_columns

    start = time.perf_counter()
    population = Population(len(columns["staff_total"]), columns, CODES)
    built = time.perf_counter() - start
    tech, hnte = (evaluate_columns(rules, population, ON, workers=workers) for rules in rule_sets())
    return built, {
        "tech_sme": tech.verdict, "tech_score": tech.score_low["evaluation"], "hnte": hnte.verdict,
        "hnte_low": hnte.score_low["innovation_score"], "hnte_high": hnte.score_high["innovation_score"],
    }  # fmt: skip


def rule_sets() -> list[Any]:
    from jinchuanggu.engines.rules import official

    found = [official(name).in_force(name, ON) for name in ("tech_sme", "hnte")]
    assert all(found)
    return found


def by_hand(columns: dict[str, Array], workers: int) -> tuple[float, dict[str, Any]]:
    from tests.bench import rules_numpy

    return 0.0, rules_numpy.evaluate(columns)


def ladder(columns: dict[str, Array], workers: int) -> tuple[float, dict[str, Any]]:
    """Every firm on every rung of the ladder."""
    from jinchuanggu.engines.rules.columns import Population
    from jinchuanggu.engines.rules.ladder import grade

    found = grade(Population(len(columns["staff_total"]), columns, CODES), ON, workers=workers)
    return 0.0, {"rung": found.rung}


WAYS: dict[str, Callable[..., tuple[float, dict[str, Any]]]] = {
    "both": both,
    "numpy": by_hand,
    "ladder": ladder,
}


def main() -> None:
    folder, out, runs, workers, way = sys.argv[1:6]
    columns = load(Path(folder))
    rule_sets()  # reading rule files is no part of a run
    if way == "ladder":
        from jinchuanggu.engines.rules.ladder import official_on, rungs

        for rung in rungs():
            for name in rung.rule_sets:
                official_on(ON)(name)
    held = memory("VmRSS")
    best, least = (float("inf"), 0.0), float("inf")
    results: dict[str, Any] = {}
    for _ in range(int(runs)):
        results = {}
        start, worked = time.perf_counter(), time.process_time()
        built, results = WAYS[way](columns, int(workers))
        best = min(best, (time.perf_counter() - start, built))
        least = min(least, time.process_time() - worked)
    peak = memory("VmHWM")
    np.savez(out, **results)
    print(json.dumps({"seconds": best[0], "building": best[1], "cpu": least, "held": held, "peak": peak}))


if __name__ == "__main__":
    main()
