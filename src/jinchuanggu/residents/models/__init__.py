"""Residents, their spaces, and what is known of firms."""

from jinchuanggu.residents.models.firms import Appeal, AppealKind, FactSource, FirmStanding, FirmYear
from jinchuanggu.residents.models.residency import Resident, ResidentKind, Space, SpaceKind, YearlyRevenue

__all__ = [
    "Appeal",
    "AppealKind",
    "FactSource",
    "FirmStanding",
    "FirmYear",
    "Resident",
    "ResidentKind",
    "Space",
    "SpaceKind",
    "YearlyRevenue",
]
