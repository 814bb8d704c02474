"""The models of this room."""

from jinchuanggu.policies.models.grants import BudgetUse, Grant, GrantApplication, Payment, Recovery
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
    "BudgetUse",
    "Confidence",
    "Grant",
    "GrantApplication",
    "Level",
    "Payment",
    "Policy",
    "PolicyVersion",
    "RecordOrigin",
    "Recovery",
    "RuleEntry",
    "RuleRevision",
    "RuleStatus",
    "RuleText",
    "Scenario",
    "SearchToken",
]
