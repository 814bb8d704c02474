"""Letters of the programme: each function takes plain data and returns a `Letter`."""

from .acceptance import acceptance_letter
from .approval import approval_request
from .assessment import Condition, Score, assessment_report
from .consultation import consultation_letter
from .envelope import OFFICE, Envelope, valley_name
from .filing import filing_letter
from .plaque import plaque_decision
from .public import public_notice
from .returning import return_letter

__all__ = [
    "OFFICE",
    "Condition",
    "Envelope",
    "Score",
    "acceptance_letter",
    "approval_request",
    "assessment_report",
    "consultation_letter",
    "filing_letter",
    "plaque_decision",
    "public_notice",
    "return_letter",
    "valley_name",
]
