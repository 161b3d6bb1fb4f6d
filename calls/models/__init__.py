"""Calls, standing interests, awards and their ledger."""

from calls.models.award import Award, LedgerEntry
from calls.models.call import Call
from calls.models.interest import Interest

__all__ = ["Award", "Call", "Interest", "LedgerEntry"]
