"""Effects of starting to build."""

from __future__ import annotations

from jinchuanggu.foundation.workflow.registry import Attempt, effect
from jinchuanggu.programme.actions import building


@effect
def begin_building(attempt: Attempt) -> None:
    """The day building began and its milestones; the deadline of three years comes from the process file."""
    building.begin(attempt.actor, attempt.subject)
