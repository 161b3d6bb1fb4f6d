"""Who may do what to calls, awards and interests: pages, API, admin and actions ask the same predicates."""

from calls.rules import application, award, call, judging

__all__ = ["application", "award", "call", "judging"]
