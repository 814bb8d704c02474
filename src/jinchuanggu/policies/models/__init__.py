"""The models of this room."""

from jinchuanggu.policies.models.library import (
    Article,
    ArticleRule,
    Budget,
    Confidence,
    Level,
    Policy,
    PolicyVersion,
    RecordOrigin,
    RuleEntry,
    RuleRevision,
    RuleStatus,
    RuleText,
    SearchToken,
)
from jinchuanggu.policies.models.simulation import Scenario

__all__ = [
    "Article",
    "ArticleRule",
    "Budget",
    "Confidence",
    "Level",
    "Policy",
    "PolicyVersion",
    "RecordOrigin",
    "RuleEntry",
    "RuleRevision",
    "RuleStatus",
    "RuleText",
    "Scenario",
    "SearchToken",
]
