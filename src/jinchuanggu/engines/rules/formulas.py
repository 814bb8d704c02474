"""How a value is made of other facts, as frozen data. Formulas name inputs or other values, never nest:
a rule file gives every step a name and a title, so every step can be shown, compiled and turned.

Rates, shares and quotients are in percent; everything else is in the unit of the value that carries the formula,
unless said. Unknown operands make an unknown value; a zero denominator or base makes an undefined one, which is a
different reason (see ``reasons.py``) and never a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from jinchuanggu.engines.rules.operators import Operator


@dataclass(frozen=True, slots=True)
class Sum:
    """``plus`` added up, less ``minus``; an input with this formula has no value below zero (contradiction),
    a computed value may fall below (net assets)."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Year:
    """One year of a series: ``back`` years before the data year (0: the data year itself)."""

    of: str
    back: int = 0


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of the last ``years`` years of a series.

    ``since``: a date input; years that ended before it (the firm did not exist) are left out, so that a young
    firm is judged by its actual period.
    """

    of: str
    years: int
    since: str | None = None


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of the last ``years`` years of a series; ``since`` as in Total."""

    of: str
    years: int
    since: str | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """Growth of a series over the last ``steps`` yearly steps, in percent.

    ``mean``: the mean of the yearly rates; ``compound``: the steps-th root of last over first, less one (an
    irrational number: it is compared as a power and rounded only to be shown).
    ``shorten``: what may shorten the period from its early end: a first year of ``zero`` value, years before
    the date input ``since``. A base that is zero (and may not be left out) or negative is undefined
    (``zero_base`` before ``negative_base``). Where the printed formula would call growth what rests on a negative
    base, the value carries the flag ``needs_review``. Compound growth reads only the first and the last year.
    """

    of: str
    method: str
    steps: int
    shorten_zero: bool = False
    since: str | None = None


@dataclass(frozen=True, slots=True)
class Quotient:
    """numerator / denominator in percent; both of one dimension. Zero below: undefined."""

    numerator: str
    denominator: str


@dataclass(frozen=True, slots=True)
class Share:
    """``percent`` of a value, in its unit."""

    of: str
    percent: Fraction


@dataclass(frozen=True, slots=True)
class Product:
    """The plain product of numbers (area x price x months); the unit is the one declared."""

    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Greatest:
    """The greatest of several values of one unit. An undefined one is left out if another is defined; an
    unknown one leaves the result unknown."""

    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Least:
    """The least of several values of one unit; the same care as Greatest. A cap is the least of two."""

    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Age:
    """Full days, months or years (by ``unit`` of the value) from a date input to the day of the judgement.
    Negative before the date. ``begun``: a month or year begun counts as a whole one, so that "at most 60" holds up
    to the very day and not a month longer."""

    since: str
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Remaining:
    """Days from the day of the judgement to a date input; negative once past, 0 on the day itself."""

    until: str


@dataclass(frozen=True, slots=True)
class Step:
    """One band of a stepped value."""

    operator: Operator
    limit: Fraction
    value: Fraction


@dataclass(frozen=True, slots=True)
class Stepped:
    """A number by bands of another value; the first band that holds gives it, else ``otherwise``."""

    by: str
    bands: tuple[Step, ...]
    otherwise: Fraction


@dataclass(frozen=True, slots=True)
class Lookup:
    """A number by a code; ``otherwise`` None: another code leaves it undefined."""

    by: str
    options: Mapping[str, Fraction]
    otherwise: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """Up to this limit (None: without end) at this rate in percent."""

    up_to: Fraction | None
    percent: Fraction


@dataclass(frozen=True, slots=True)
class Tiers:
    """Each slice of a value at its own rate, added up. Nothing below zero."""

    of: str
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Stairs:
    """Nothing below ``first``; there ``gives``, and ``adds`` for each further full ``each``."""

    of: str
    first: Fraction
    gives: Fraction
    each: Fraction
    adds: Fraction


@dataclass(frozen=True, slots=True)
class Constant:
    value: Fraction


@dataclass(frozen=True, slots=True)
class Counted:
    """How many items of a list have the attributes asked for; unknown while an item may or may not."""

    of: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


Formula = (
    Sum | Year | Total | Mean | Rate | Quotient | Share | Product | Greatest | Least | Age | Remaining
    | Stepped | Lookup | Tiers | Stairs | Constant | Counted
)  # fmt: skip


def operands(formula: Formula) -> tuple[str, ...]:
    """The names a formula reads, each once, in order."""
    match formula:
        case Sum(plus, minus):
            names: tuple[str | None, ...] = (*plus, *minus)
        case Year(of=of) | Share(of=of) | Tiers(of=of) | Stairs(of=of) | Counted(of=of):
            names = (of,)
        case Total(of=of, since=since) | Mean(of=of, since=since) | Rate(of=of, since=since):
            names = (of, since)
        case Quotient(numerator, denominator):
            names = (numerator, denominator)
        case Product(several) | Greatest(several) | Least(several):
            names = several
        case Age(since):
            names = (since,)
        case Remaining(until):
            names = (until,)
        case Stepped(by=by) | Lookup(by=by):
            names = (by,)
        case Constant():
            names = ()
    return tuple(dict.fromkeys(name for name in names if name is not None))
