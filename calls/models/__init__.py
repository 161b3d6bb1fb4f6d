"""Calls, standing interests, applications and what judges them, awards and their ledger."""

from calls.models.application import Application, ApplicationSample, Attachment, Endorsement, TeamMember
from calls.models.award import Award, LedgerEntry
from calls.models.call import Call, CallDocument, Criterion, LateAccess, PanelMember
from calls.models.interest import Interest
from calls.models.judging import Check, Review, Score

__all__ = [
    "Application",
    "ApplicationSample",
    "Attachment",
    "Award",
    "Call",
    "CallDocument",
    "Check",
    "Criterion",
    "Endorsement",
    "Interest",
    "LateAccess",
    "LedgerEntry",
    "PanelMember",
    "Review",
    "Score",
    "TeamMember",
]
