"""Addresses that work outside the site: in mails, feeds and calendars."""

from django.conf import settings


def absolute(path: str) -> str:
    """Return `path`, as `reverse` or `get_absolute_url` gives it in the active language, below SITE_URL."""
    return settings.SITE_URL + path
