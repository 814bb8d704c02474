"""Residents, their spaces, leases and rights, and what is known of firms."""

from jinchuanggu.residents.models.firms import Appeal, AppealKind, FactSource, FirmStanding, FirmYear
from jinchuanggu.residents.models.records import IntellectualProperty, Lease, PropertyKind
from jinchuanggu.residents.models.residency import Resident, ResidentKind, Space, SpaceKind, YearlyRevenue

__all__ = [
    "Appeal",
    "AppealKind",
    "FactSource",
    "FirmStanding",
    "FirmYear",
    "IntellectualProperty",
    "Lease",
    "PropertyKind",
    "Resident",
    "ResidentKind",
    "Space",
    "SpaceKind",
    "YearlyRevenue",
]
