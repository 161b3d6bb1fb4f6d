"""Lengths of time in words, and what only the look at other bookings tells."""

from functools import lru_cache

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.core.errors import Reason


def in_words(minutes: int) -> str:
    """`90` as "1 hour 30 minutes", `2880` as "2 days", in the active language; pages offer the same few lengths."""
    return _in_words(minutes, get_language())


@lru_cache(maxsize=2048)
def _in_words(minutes: int, _language: str | None) -> str:
    days, hours = divmod(minutes // 60, 24)
    if minutes < 2880:
        days, hours = 0, minutes // 60
    parts = []
    if days:
        parts.append(ngettext("%(count)d day", "%(count)d days", days) % {"count": days})
    if hours:
        parts.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if minutes % 60 or not parts:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", minutes % 60) % {"count": minutes % 60})
    return " ".join(parts)


def taken() -> Reason:
    return Reason("taken", _("Somebody booked this time while you were choosing."))
