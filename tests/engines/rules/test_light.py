"""Judging one subject never loads numpy: a command that asks about one firm starts at once."""

from __future__ import annotations

import subprocess
import sys

ONE = """
import sys
from datetime import date
from jinchuanggu.engines.rules import evaluate, facts_of, official
from jinchuanggu.engines.rules import ladder, quick, schedule, stacking
rules = official("tech_sme").in_force("tech_sme", date(2026, 3, 1))
record = {"staff_total": 40, "tech_staff": 12}
evaluate(rules, facts_of(rules.inputs, record), date(2026, 3, 1))
quick.explainer(rules, date(2026, 3, 1))(record)
assert "numpy" not in sys.modules, "numpy was loaded"
"""


def test_one_subject_needs_no_numpy() -> None:
    done = subprocess.run([sys.executable, "-c", ONE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
