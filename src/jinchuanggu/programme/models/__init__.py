"""The programme's records, by step of the course: valley, plan, consultation, building, assessment, plaque."""

from jinchuanggu.programme.models.assessment import (
    Application,
    Assessment,
    Assessor,
    Conflict,
    ScoreLine,
    ScoreSheet,
    SiteVisit,
)
from jinchuanggu.programme.models.building import Milestone, YearTarget
from jinchuanggu.programme.models.plan import (
    ArgumentSession,
    Consultation,
    ExpertOpinion,
    Opinion,
    Plan,
    PlanVersion,
)
from jinchuanggu.programme.models.plaque import Objection, Plaque, PublicNotice
from jinchuanggu.programme.models.valley import Expert, ServiceBody, TaskForceMember, Valley, ValleyKind

__all__ = [
    "Application", "ArgumentSession", "Assessment", "Assessor", "Conflict", "Consultation", "Expert",
    "ExpertOpinion", "Milestone", "Objection", "Opinion", "Plan", "PlanVersion", "Plaque", "PublicNotice",
    "ScoreLine", "ScoreSheet", "ServiceBody", "SiteVisit", "TaskForceMember", "Valley", "ValleyKind", "YearTarget",
]  # fmt: skip
