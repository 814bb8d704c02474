"""Growth over years, in exact arithmetic.

Method ``each`` joins the yearly comparisons by strong Kleene logic: one year that certainly did not grow
decides, whatever else is missing; a pass needs the comparison of the year the data belong to with the year
before. So as long as that year stands, further evidence can turn a pass into a failure, never into
"not evidenced".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from jinchuanggu.engines.rules.exact import rate_of
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.model import Growth
from jinchuanggu.engines.rules.outcome import Case, Outcome, compared, holds, unknown
from jinchuanggu.engines.rules.selection import known_on
from jinchuanggu.engines.rules.yearly import chosen_years


def data_period(case: Case, inputs: Iterable[str]) -> int | None:
    """The latest completed year any of the series reports; the running year only if there is no other."""
    years = [
        year
        for name in inputs
        for figure in known_on(case.facts.reports.get(name, ()), case.on)
        if (year := figure.period) is not None and year <= case.on.year
    ]
    completed = [year for year in years if year < case.on.year]
    return max(completed or years, default=None)


def growth(case: Case, test: Growth) -> Outcome:
    series = chosen_years(case, test.input)
    values = {year: selection.value for year, selection in series.items() if selection.value is not None}
    outcome = _each(case, test, values) if test.method == "each" else _mean(case, test, values)
    flags = outcome.flags
    for selection in series.values():
        flags |= selection.flags()
    declared = case.rule_set.data_period
    if outcome.status is Status.MET and declared is not None and max(values) < case.on.year - 1:
        flags |= {"dated_series"}
    evidence = tuple(piece for year in sorted(series) for piece in series[year].evidence())
    return replace(outcome, evidence=evidence, flags=flags, wording=test.wording, input=test.input)


def _each(case: Case, test: Growth, values: dict[int, Fraction]) -> Outcome:
    years = sorted(values)
    factor = 1 + test.rate / 100
    undefined: str | None = None
    grown: list[tuple[int, int]] = []
    for before, after in reversed(list(pairwise(years))):
        base, span = values[before], after - before
        if test.rate != 0 and base <= 0:
            # without a base there is no rate; plain growth still compares the two numbers
            undefined = undefined or ("zero_base" if base == 0 else "negative_base")
        elif not holds(values[after], test.operator, base * factor**span):
            return _fallen(case, test, values, before, after)
        elif span == 1:
            grown.append((before, after))
    if undefined is not None:
        return _open(case, test, undefined, values)
    return _grown(case, test, values, grown)


def _fallen(case: Case, test: Growth, values: dict[int, Fraction], before: int, after: int) -> Outcome:
    """A comparison that certainly fails; across missing years at least one of them did."""
    unit = _unit(case, test)
    limit = values[before] * (1 + test.rate / 100) ** (after - before)
    return compared(
        values[after], test.operator, limit, unit, wording=test.wording, reasons=("grew", "did_not_grow")
    )


def _grown(case: Case, test: Growth, values: dict[int, Fraction], grown: list[tuple[int, int]]) -> Outcome:
    """Nothing fell: met when enough years in a row are known up to the year the data belong to."""
    if not values:
        return _open(case, test, "no_report", values, missing=(test.input,))
    wanted = max(values) if case.period is None else case.period
    known = set(grown)
    for end in sorted({after for _, after in grown if after >= wanted}, reverse=True):
        if all((end - back - 1, end - back) in known for back in range(test.steps)):
            if (oldest := _oldest_allowed(case)) is not None and end < oldest:
                return _open(case, test, "outdated", values, missing=(f"{test.input}@{case.on.year - 1}",))
            limit = values[end - 1] * (1 + test.rate / 100)
            return compared(
                values[end], test.operator, limit, _unit(case, test),
                wording=test.wording, reasons=("grew", "did_not_grow"),
            )  # fmt: skip
    absent = tuple(
        f"{test.input}@{year}" for year in range(wanted - test.steps, wanted + 1) if year not in values
    )
    # a single year is the commoner case and has the plainer words
    reason = "too_few_periods" if len(values) < 2 else "missing_period"
    return _open(case, test, reason, values, missing=absent or (test.input,))


def _mean(case: Case, test: Growth, values: dict[int, Fraction]) -> Outcome:
    """The mean rate of the last ``steps`` years; compound growth is compared as powers, never as a root."""
    if not values:
        return _open(case, test, "no_report", values, missing=(test.input,))
    end = max(max(values), case.period or 0)
    span = range(end - test.steps, end + 1)
    if absent := tuple(f"{test.input}@{year}" for year in span if year not in values):
        reason = "too_few_periods" if len(values) < 2 else "missing_period"
        return _open(case, test, reason, values, missing=absent)
    if (oldest := _oldest_allowed(case)) is not None and end < oldest:
        return _open(case, test, "outdated", values, missing=(f"{test.input}@{case.on.year - 1}",))
    run = [values[year] for year in span]
    if any(base <= 0 for base in run[:-1]):
        return _open(case, test, "zero_base" if 0 in run[:-1] else "negative_base", values)
    if test.method == "mean":
        rates = [after / before - 1 for before, after in pairwise(run)]
        rate = sum(rates, Fraction(0)) / test.steps * 100
        return compared(
            rate, test.operator, test.rate, "percent",
            wording=test.wording, reasons=("rate_reached", "rate_short"),
        )  # fmt: skip
    if run[-1] < 0:
        return _open(case, test, "negative_base", values)
    return compared(
        rate_of(run[-1] / run[0], test.steps), test.operator, test.rate, "percent",
        wording=test.wording, reasons=("rate_reached", "rate_short"),
    )  # fmt: skip


def _oldest_allowed(case: Case) -> int | None:
    """Growth that ends before this year says nothing of the day."""
    declared = case.rule_set.data_period
    return None if declared is None else case.on.year - 1 - declared.lag


def _unit(case: Case, test: Growth) -> str:
    unit = case.rule_set.inputs[test.input].unit
    assert unit is not None
    return unit


def _open(
    case: Case, test: Growth, reason: str, values: dict[int, Fraction], *, missing: tuple[str, ...] = ()
) -> Outcome:
    latest = values[max(values)] if values else None
    if test.method == "each":
        # what the latest year is compared with is a figure of the series, so there is no limit to show
        return unknown(reason, test.operator, None, _unit(case, test), value=latest, missing=missing)
    return unknown(reason, test.operator, test.rate, "percent", missing=missing)
