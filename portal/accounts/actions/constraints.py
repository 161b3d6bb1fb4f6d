"""Which promise of the tables a write would have broken."""

from django.db import IntegrityError


def violated(error: IntegrityError) -> str:
    """Return the name of the constraint that PostgreSQL refused for; empty if it was another trouble."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
