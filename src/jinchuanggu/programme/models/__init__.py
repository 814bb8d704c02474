"""The programme's records, by step of the course: valley, plan, consultation, building, assessment, plaque."""

from jinchuanggu.programme.models.assessment import (
    Application,
    Assessment,
    Assessor,
    Conflict,
    ConflictKind,
    DrawSecret,
    PoolEntry,
    ScoreLine,
    ScoreSheet,
    SiteVisit,
)
from jinchuanggu.programme.models.building import Milestone, YearTarget
from jinchuanggu.programme.models.monitoring import (
    AnnualReport,
    MonitoringCycle,
    RectificationItem,
    ReportOutcome,
    ReportScore,
)
from jinchuanggu.programme.models.plan import (
    ArgumentSession,
    Consultation,
    ExpertOpinion,
    Opinion,
    Plan,
    PlanVersion,
)
from jinchuanggu.programme.models.plaque import NumberSeries, Objection, Plaque, PublicNotice
from jinchuanggu.programme.models.valley import Expert, ServiceBody, TaskForceMember, Valley, ValleyKind

__all__ = [
    "AnnualReport", "Application", "ArgumentSession", "Assessment", "Assessor", "Conflict",
    "ConflictKind", "Consultation", "DrawSecret", "Expert", "ExpertOpinion", "Milestone",
    "MonitoringCycle", "NumberSeries", "Objection", "Opinion", "Plan", "PlanVersion", "Plaque",
    "PoolEntry", "PublicNotice", "RectificationItem", "ReportOutcome", "ReportScore", "ScoreLine",
    "ScoreSheet", "ServiceBody", "SiteVisit", "TaskForceMember", "Valley", "ValleyKind", "YearTarget",
]  # fmt: skip
