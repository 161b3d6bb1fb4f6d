"""The back office of calls, one module a subject."""

from calls.admin import award, call

__all__ = ["award", "call"]
