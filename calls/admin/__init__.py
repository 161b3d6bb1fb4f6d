"""The back office of calls, one module a subject."""
