"""The back office of donations."""

from donations.admin import match as match
