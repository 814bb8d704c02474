"""Numbers over a chunk: every formula in floats with a bound of its error, then settled at the limits.

``settle`` is what makes floats exact where it matters: rows that lie within the error bound of a limit they are
compared with are worked out again in whole numbers (``exactly.py``), and their float is moved to the right side of
the limit, or onto it. Growth of exactly 15 % is 15 % from there on, and 14.9999999999999 % is less.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from math import inf, nextafter

import numpy as np

from jinchuanggu.engines.rules.columns import dated, yearly
from jinchuanggu.engines.rules.columns.chunk import ULP, Chunk, Num
from jinchuanggu.engines.rules.columns.lists import counted
from jinchuanggu.engines.rules.columns.population import Array
from jinchuanggu.engines.rules.formulas import (
    Age,
    Constant,
    Counted,
    Formula,
    Greatest,
    Least,
    Lookup,
    Mean,
    Product,
    Quotient,
    Rate,
    Remaining,
    Share,
    Stairs,
    Stepped,
    Sum,
    Tiers,
    Total,
    Year,
    operands,
)
from jinchuanggu.engines.rules.pieces import by_bands
from jinchuanggu.engines.rules.program import factor

_WHOLE = 2.0**46


def number(chunk: Chunk, name: str) -> Num:
    """A number, sound at every limit it is compared with."""
    found = chunk.numbers.get(name)
    if found is None:
        found = chunk.numbers[name] = _number(chunk, name)
        if name in chunk.program.limits and found.rho > ULP:
            settle(chunk, name, found)
        formula = chunk.program.inputs[name].formula
        if formula is not None:
            for operand in operands(formula):
                chunk.release(operand)
    return found


def settle(chunk: Chunk, name: str, num: Num) -> None:
    """Repair the rows too near to a limit to trust the float, in place."""
    edges = chunk.program.edges[name]
    near = _near(num, edges)
    if near is None or not near.any():
        return
    rows = np.flatnonzero(near)
    if num.whole is not None and num.whole(rows, max(abs(limit.numerator) for _, limit in edges)):
        return
    from jinchuanggu.engines.rules.columns.exactly import Exactly

    exact = Exactly(chunk, rows).number(name)
    x = exact.floats(max(abs(limit.numerator) for _, limit in edges))
    if x is None:
        x = num.x[rows]
        for edge, limit in edges:
            signs = exact.signs(limit)
            x[signs == 0] = edge
            x[(signs < 0) & (x >= edge)] = nextafter(edge, -inf)
            x[(signs > 0) & (x <= edge)] = nextafter(edge, inf)
    num.x[rows] = x


def _near(num: Num, edges: tuple[tuple[float, Fraction], ...]) -> Array | None:
    """The rows within the error of any limit."""
    if num.rough is None and num.mag is not None:
        return _by_size(num.x, edges, num.mag * (2 * num.rho))
    near: Array | None = None
    for edge, _ in edges:
        if edge == 0 and not num.offset:
            continue  # a relative error leaves the sign and the zero alone
        reach = 2 * (num.rho + ULP) * (abs(edge) + num.offset)
        found = num.x >= nextafter(edge - reach, -inf)
        found &= num.x <= nextafter(edge + reach, inf)
        near = found if near is None else np.logical_or(near, found, out=near)
    if num.rough is not None and near is not None:
        rows, sizes = num.rough
        near[rows] |= _by_size(num.x[rows], edges, sizes * (2 * num.rho))
    return near


def _by_size(x: Array, edges: tuple[tuple[float, Fraction], ...], error: Array) -> Array:
    near = np.zeros(len(x), bool)
    for edge, _ in edges:
        near |= np.abs(x - edge) <= error + 2 * ULP * abs(edge)
    return near


def _number(chunk: Chunk, name: str) -> Num:
    declared = chunk.program.inputs[name]
    formula = declared.formula
    if declared.computed:
        assert formula is not None
        return _computed(chunk, name, formula)
    reported = Num(chunk.figures(name))
    if formula is None:
        return reported
    gone = reported.gone
    if gone is None:
        return reported
    assert isinstance(formula, Sum)
    return _completed(chunk, name, reported, gone, formula)


def _completed(chunk: Chunk, name: str, reported: Num, gone: Array, formula: Sum) -> Num:
    """The sum of the parts where there is no report; less than nothing is a contradiction and no value."""
    made = _sum(chunk, name, formula)
    low = made.x < 0
    unsure = made.mag
    if unsure is not None:
        near = np.flatnonzero(gone & (np.abs(made.x) <= 2 * made.rho * unsure))
        if near.size:
            from jinchuanggu.engines.rules.columns.exactly import Exactly

            low[near] = Exactly(chunk, near).sum(name, formula).signs(Fraction(0)) < 0
    x = np.where(gone, np.where(low, np.nan, made.x), reported.x)
    undefined = None if made.undefined is None else made.undefined & gone
    return Num(x, made.rho, lambda: np.fmax(np.abs(x), made.size()), undefined, review=made.review)


def _computed(chunk: Chunk, name: str, formula: Formula) -> Num:
    match formula:
        case Sum():
            return _sum(chunk, name, formula)
        case Year(of=of, back=back):
            return Num(chunk.year(of, back))
        case Total() | Mean():
            return yearly.total(chunk, formula)
        case Rate():
            return yearly.rate(chunk, formula)
        case Quotient():
            return _quotient(chunk, formula)
        case Share(of=of, percent=percent):
            part = number(chunk, of)
            share = float(percent / 100)
            return Num(part.x * share, part.rho + 3 * ULP, _scaled(part, abs(share)), part.undefined, review=part.review)  # fmt: skip
        case Product(several):
            return _product([number(chunk, each) for each in several])
        case Greatest(several):
            return _chosen([number(chunk, each) for each in several], np.maximum)
        case Least(several):
            return _chosen([number(chunk, each) for each in several], np.minimum)
        case Age(since, begun):
            return Num(dated.age(chunk, since, chunk.program.inputs[name].unit or "days", begun))
        case Remaining(until=until):
            return Num(dated.remaining(chunk, until))
        case Stepped():
            return _stepped(chunk, formula)
        case Lookup():
            return _lookup(chunk, formula)
        case Tiers():
            return _tiers(chunk, formula)
        case Stairs():
            return _stairs(chunk, name, formula)
        case Constant(value=value):
            return Num(np.full(chunk.rows, float(value)))
        case Counted(of=of, where=where):
            return Num(counted(chunk, of, where))


def _sum(chunk: Chunk, name: str, formula: Sum) -> Num:
    parts = [(each, 1) for each in formula.plus] + [(each, -1) for each in formula.minus]
    found = [number(chunk, each) for each, _ in parts]
    factors = [float(factor(chunk.program.inputs, each, name)) for each, _ in parts]
    total: Array | None = None
    for (_, sign), num, scale in zip(parts, found, factors, strict=True):
        term = num.x if scale == 1 else num.x * scale
        if total is None:
            total = term.copy() if sign > 0 else -term
        elif sign > 0:
            total += term
        else:
            total -= term
    assert total is not None

    rho = max(num.rho for num in found) + (len(found) + 2) * ULP
    undefined, review = _first_gone(found)
    if not formula.minus and all(num.pure and not (num.x < 0).any() for num in found):
        return Num(total, rho, None, undefined, review=review)
    sizes = reduce(
        np.add,
        [num.size() if scale == 1 else num.size() * scale for num, scale in zip(found, factors, strict=True)],
    )
    if (sizes <= np.abs(total) * 8).all():
        # no row loses more than three bits: the error is relative after all
        return Num(total, rho * 8, None, undefined, review=review)
    return Num(total, rho, lambda: sizes, undefined, review=review)


def _quotient(chunk: Chunk, formula: Quotient) -> Num:
    over, under = number(chunk, formula.numerator), number(chunk, formula.denominator)
    scale = float(factor(chunk.program.inputs, formula.numerator, formula.denominator) * 100)
    x = over.x * scale
    x /= under.x
    zero = under.x == 0
    undefined, review = _first_gone([over, under])
    if zero.any():
        x[np.flatnonzero(zero)] = np.nan
        if over.gone is not None:
            zero &= ~over.gone
        undefined = zero if undefined is None else undefined | zero

    def spread() -> Array | None:
        if over.pure and under.pure:
            return None
        below = np.abs(under.x)
        sure = under.size() * (4 * under.rho) < below
        mag = over.size() * abs(scale) / below + np.abs(x) * (under.size() / below)
        found: Array = np.where(sure, 2 * mag, np.inf)
        return found

    def whole(rows: Array, top: int) -> bool:
        """Of whole numbers that are not too great the one rounding of the division keeps every order.

        over * 100 / under and a limit p / q are apart by 1 / (under * q) or not at all, and the greatest p bounds
        how close the float of the one may come to the float of the other.
        """
        if scale != 100 or over.rho != ULP or under.rho != ULP:
            return False
        one, other = np.abs(over.x[rows]), np.abs(under.x[rows])
        return bool(
            one.max() < _WHOLE
            and other.max() * max(top, 1) < _WHOLE
            and np.array_equal(one, np.rint(one))
            and np.array_equal(other, np.rint(other))
        )

    return Num(x, over.rho + under.rho + 4 * ULP, spread, undefined, review=review, whole=whole)


def _product(found: list[Num]) -> Num:
    x = found[0].x.copy()
    for num in found[1:]:
        x *= num.x

    def spread() -> Array | None:
        if all(num.pure for num in found):
            return None
        return reduce(np.multiply, [num.size() for num in found])

    undefined, review = _first_gone(found)
    return Num(x, sum(num.rho + 2 * ULP for num in found), spread, undefined, review=review)


def _chosen(found: list[Num], better: np.ufunc) -> Num:
    """The greatest or least; an undefined one is left out where another is not, an unknown one is not."""
    worst = -np.inf if better is np.maximum else np.inf
    x: Array | None = None
    for num in found:
        one = num.x if num.undefined is None else np.where(num.undefined, worst, num.x)
        x = one if x is None else better(x, one)
    assert x is not None
    undefined: Array | None = None
    masks = [num.undefined for num in found if num.undefined is not None]
    if len(masks) == len(found):
        undefined = reduce(np.logical_and, masks)
        x = np.where(undefined, np.nan, x)
    elif len(found) == 1:
        x = x.copy()

    def spread() -> Array | None:
        if all(num.pure and not (num.x < 0).any() for num in found):
            return None
        return reduce(np.fmax, [num.size() for num in found])

    review = None if undefined is None else _reviews(found, undefined)
    return Num(x, max(num.rho for num in found), spread, undefined, review=review)


def _stepped(chunk: Chunk, formula: Stepped) -> Num:
    part = number(chunk, formula.by)
    steps = by_bands([(step.operator, step.limit, step.value) for step in formula.bands], formula.otherwise)
    x = np.full(chunk.rows, float(steps.outcomes[0]))
    before = float(steps.outcomes[0])
    for cut, outcome in zip(steps.cuts, steps.outcomes[1:], strict=True):
        edge, after = float(cut.limit), float(outcome)
        passed = part.x >= edge if cut.closed else part.x > edge
        if before + (after - before) == after:
            x += passed * (after - before)  # whoever passes this cut has passed all below it
        else:
            x = np.where(passed, after, x)
        before = after
    if part.gone is not None:
        x[part.gone_rows] = np.nan
    return Num(x, undefined=part.undefined, review=part.review)


def _lookup(chunk: Chunk, formula: Lookup) -> Num:
    column = chunk.column(formula.by)
    if column is None:
        return Num(np.full(chunk.rows, np.nan))
    table = [formula.options.get(code, formula.otherwise) for code in chunk.population.codes[formula.by]]
    values = np.array([np.nan if value is None else float(value) for value in table] + [np.nan])
    x = values[column]
    undefined = None
    if None in table:
        undefined = np.isnan(x) & (column >= 0)
    return Num(x, undefined=undefined)


def _tiers(chunk: Chunk, formula: Tiers) -> Num:
    part = number(chunk, formula.of)
    x = np.zeros(chunk.rows)
    below = 0.0
    steepest = 0.0
    for tier in formula.tiers:
        top = np.inf if tier.up_to is None else float(tier.up_to)
        if top <= below:
            continue
        rate = float(tier.percent / 100)
        steepest = max(steepest, abs(rate))
        x += np.clip(part.x - below, 0, top - below) * rate
        below = top
    if part.gone is not None:
        x[part.gone] = np.nan
    rho = part.rho + (len(formula.tiers) + 4) * 2 * ULP
    return Num(x, rho, lambda: part.size() * (2 * steepest), part.undefined, review=part.review)


def _stairs(chunk: Chunk, name: str, formula: Stairs) -> Num:
    part = number(chunk, formula.of)
    first, each = float(formula.first), float(formula.each)
    flights = (part.x - first) / each
    whole = np.rint(flights)
    reach = 4 * (part.rho + 2 * ULP) * (part.size() + abs(first)) / each + 2 * ULP * np.abs(whole)
    near = np.flatnonzero(np.abs(flights - whole) <= reach)
    steps = np.floor(flights)
    if near.size:
        from jinchuanggu.engines.rules.columns.exactly import Exactly

        exact = Exactly(chunk, near)
        above = exact.number(formula.of).plus(exact.constant(formula.first), -1)
        steps[near] = above.scaled(1 / formula.each).floors().astype(np.float64)
    x = np.where(steps < 0, 0.0, float(formula.gives) + steps * float(formula.adds))
    if part.gone is not None:
        x[part.gone] = np.nan
    return Num(x, 4 * ULP, lambda: np.abs(x) + 2 * (abs(float(formula.gives)) + steps * abs(float(formula.adds))),
               part.undefined, review=part.review)  # fmt: skip


def _scaled(part: Num, by: float) -> Callable[[], Array | None]:
    def spread() -> Array | None:
        return None if part.pure else part.size() * by

    return spread


def _first_gone(found: list[Num]) -> tuple[Array | None, Array | None]:
    """Undefined: at least one operand is and none is merely unknown, which more facts could settle. And to review."""
    masks = [num.undefined for num in found if num.undefined is not None]
    if not masks:
        return None, None
    undefined = reduce(np.logical_or, masks)
    for num in found:
        if num.gone is not None:
            open_ = num.gone if num.undefined is None else num.gone & ~num.undefined
            undefined = undefined & ~open_
    return undefined, _reviews(found, undefined)


def _reviews(found: list[Num], undefined: Array) -> Array | None:
    masks = [num.review for num in found if num.review is not None]
    return reduce(np.logical_or, masks) & undefined if masks else None
