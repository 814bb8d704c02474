"""What a rule set gives to whom it applies: the amount, and how it stands to other benefits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from jinchuanggu.engines.rules.texts import Text


class BenefitKind(StrEnum):
    """减免, 奖补, 权益, 资质 - and what in the 奖补 the payer pays for."""

    GRANT = "grant"  # 奖励、补助：money paid to the beneficiary
    RELIEF = "relief"  # 减免：money not asked for (rent, tax, fee)
    FINANCE = "finance"  # 融资：loan, guarantee, investment - not income
    SERVICE = "service"  # 服务、权益
    TITLE = "title"  # 资质：a status others build on


class Delivery(StrEnum):
    AUTOMATIC = "automatic"  # 免申即享
    APPLICATION = "application"  # 申请


class Basis(StrEnum):
    """Which day decides whether the measure is in force."""

    APPLICATION = "application"
    EVENT = "event"


class Frequency(StrEnum):
    ONCE = "once"  # once in the life of a firm
    YEARLY = "yearly"
    EACH = "each"  # for each event (a contract, a loan)


@dataclass(frozen=True, slots=True)
class StepDown:
    """From this day on the measure pays this share of the computed amount, in percent (退坡)."""

    start: date
    percent: Fraction


@dataclass(frozen=True, slots=True)
class Benefit:
    """``low`` and ``high`` name values in ``cny`` (equal unless the authority decides within a range); None: the
    amount is not known, and nothing is computed.

    ``group``: measures of one purpose; at most one measure of a group counts (从优、就高、不重复).
    ``excludes``: ids of rule sets that cannot be had together with this one.
    ``pool`` and ``pool_cap``: the measures of a pool together give at most so much (in yuan).
    ``steps``: sorted by day; before the first the full amount is paid.
    """

    kind: BenefitKind
    beneficiary: Text
    low: str | None
    high: str | None
    delivery: Delivery
    basis: Basis
    frequency: Frequency
    group: str | None = None
    excludes: tuple[str, ...] = ()
    pool: str | None = None
    pool_cap: Fraction | None = None
    steps: tuple[StepDown, ...] = ()
    payer: Text | None = None
