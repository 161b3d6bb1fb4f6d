"""The back office of calls, one module a subject."""

from calls.admin import application, award, call, interest, judging

__all__ = ["application", "award", "call", "interest", "judging"]
