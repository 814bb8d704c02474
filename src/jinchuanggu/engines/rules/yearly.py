"""Series over years: the chosen report of each, and the values made of the last years.

The data year is that of the rule set's ``data_period``, else the year before the day of the judgement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import pairwise

from jinchuanggu.engines.rules.dates import NEVER
from jinchuanggu.engines.rules.exact import Number, rate_of
from jinchuanggu.engines.rules.facts import Figure
from jinchuanggu.engines.rules.formulas import Mean, Rate, Total, Year
from jinchuanggu.engines.rules.measured import Measured
from jinchuanggu.engines.rules.outcome import Case
from jinchuanggu.engines.rules.result import Evidence
from jinchuanggu.engines.rules.selection import Selection, choose

_Join = Callable[[list[Fraction]], Number | str]


def chosen_years(case: Case, name: str) -> dict[int, Selection]:
    """The chosen report of each year up to the day."""
    if name not in case.years:
        unit = case.rule_set.inputs[name].unit
        assert unit is not None
        by_year: dict[int, list[Figure]] = {}
        for figure in case.facts.reports.get(name, ()):
            if figure.period is not None and figure.period <= case.on.year:
                by_year.setdefault(figure.period, []).append(figure)
        chosen = {year: choose(name, unit, figures, case.on) for year, figures in by_year.items()}
        case.years[name] = {year: selection for year, selection in chosen.items() if selection.known}
    return case.years[name]


def data_year(case: Case) -> int:
    """The year the yearly facts belong to."""
    return case.on.year - 1 if case.period is None else case.period


def year(case: Case, formula: Year) -> Measured:
    return _joined(case, formula.of, (data_year(case) - formula.back,), _added)


def total(case: Case, formula: Total) -> Measured:
    return _of_years(case, formula, formula.years, _added)


def mean(case: Case, formula: Mean) -> Measured:
    return _of_years(case, formula, formula.years, lambda values: _added(values) / len(values))


def rate(case: Case, formula: Rate) -> Measured:
    """Growth in percent over the last steps, fewer where the firm is younger or began at zero."""
    last = data_year(case)
    first = _first(case, formula.since, last - formula.steps)
    if first >= last:
        # too young for a rate: no document says what then, so a score that has points for a bad base leaves it open
        reason = "no_prior_year" if first > last else "single_year"
        return Measured(None, flags=frozenset({"needs_review"}), reason=reason)
    years = chosen_years(case, formula.of)
    while formula.shorten_zero and first < last - 1 and first in years and years[first].value == 0:
        first += 1
    # of compound growth only the ends are read
    span = range(first, last + 1) if formula.method == "mean" else (first, last)
    return _joined(case, formula.of, span, lambda run: _rate(formula, run, last - first), formula.since)


def _added(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


def _rate(formula: Rate, run: list[Fraction], steps: int) -> Number | str:
    bases = run[:-1]
    if 0 in bases:
        return "zero_base"
    if formula.method == "compound":
        return "negative_base" if run[0] < 0 or run[-1] < 0 else rate_of(run[-1] / run[0], steps)
    growth = (sum((after / before for before, after in pairwise(run)), Fraction(0)) / steps - 1) * 100
    if any(base < 0 for base in bases):
        # the formula as printed would call a loss that grows a growth: that one is for a person to look at
        return "negative_base?" if growth > 0 else "negative_base"
    return growth


def _first(case: Case, since: str | None, first: int) -> int:
    """The first year to be read: not one that ended before the date."""
    day = case.facts.dates.get(since) if since is not None else None
    return first if day is None or day == NEVER else max(first, day.year)


def _of_years(case: Case, formula: Total | Mean, years: int, join: _Join) -> Measured:
    last = data_year(case)
    first = _first(case, formula.since, last - years + 1)
    if first > last:
        return Measured(None, reason="no_prior_year")
    return _joined(case, formula.of, range(first, last + 1), join, formula.since)


def _joined(case: Case, name: str, span: Iterable[int], join: _Join, since: str | None = None) -> Measured:
    """What the figures of some years come to; a text is the reason why to nothing."""
    found = chosen_years(case, name)
    listed = tuple(span)
    pieces = [found[year] for year in listed if year in found]
    evidence: tuple[Evidence, ...] = tuple(piece for one in pieces for piece in one.evidence())
    flags = frozenset[str]().union(*(one.flags() for one in pieces))
    if absent := tuple(f"{name}@{year}" for year in listed if year not in found):
        if since is not None and since not in case.facts.dates:
            absent = (*absent, since)  # years before a firm was founded need not be there
        reason = "missing_period" if pieces else "no_report"
        return Measured(None, evidence, flags, absent, reason)
    came_to = join([one.value for one in pieces if one.value is not None])
    if isinstance(came_to, str):
        if came_to.endswith("?"):
            came_to, flags = came_to[:-1], flags | {"needs_review"}
        return Measured(None, evidence, flags, (), came_to)
    return Measured(came_to, evidence, flags)
