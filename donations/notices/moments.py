"""Moments in messages."""

from datetime import datetime

from django.utils import timezone

from portal.core.times import clock_text, day_text, zone_words


def moment_in_words(moment: datetime) -> str:
    """`Monday 22 March 2027, 14:05 (Nairobi time)` on the clock of the reader, whose zone is the active one."""
    zone = timezone.get_current_timezone()
    return f"{day_text(moment)}, {clock_text(moment, zone)} ({zone_words(zone)})"
