"""Three statuses, never two, and the strong Kleene logic that joins them.

*Not evidenced* is the third value: it never turns into a pass and never into a failure by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """What is known of one criterion."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_EVIDENCED = "not_evidenced"


def all_of(statuses: Iterable[Status]) -> Status:
    """Any not met decides; else any not evidenced; else met. Nothing at all is met."""
    seen = set(statuses)
    if Status.NOT_MET in seen:
        return Status.NOT_MET
    return Status.NOT_EVIDENCED if Status.NOT_EVIDENCED in seen else Status.MET


def any_of(statuses: Iterable[Status]) -> Status:
    """Any met decides; else any not evidenced; else not met. Nothing at all is not met."""
    return at_least(1, statuses)


def at_least(number: int, statuses: Iterable[Status]) -> Status:
    """Met when enough are met; not met when enough cannot be reached any more."""
    listed = list(statuses)
    met = listed.count(Status.MET)
    if met >= number:
        return Status.MET
    reachable = met + listed.count(Status.NOT_EVIDENCED)
    return Status.NOT_EVIDENCED if reachable >= number else Status.NOT_MET


def between(lowest: bool, highest: bool) -> Status:
    """The status of a test known only at both ends of an interval."""
    if lowest and highest:
        return Status.MET
    return Status.NOT_EVIDENCED if lowest or highest else Status.NOT_MET
