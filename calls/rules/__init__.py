"""Who may do what to calls, awards and interests: pages, API, admin and actions ask the same predicates."""

from calls.rules import application, award, call

__all__ = ["application", "award", "call"]
