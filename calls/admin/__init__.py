"""The back office of calls, one module a subject."""

from calls.admin import award, call, interest

__all__ = ["award", "call", "interest"]
