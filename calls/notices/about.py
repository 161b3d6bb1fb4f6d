"""What messages about a call say of it, on both clocks."""

from datetime import datetime

from django.utils import timezone

from calls.models import Call
from portal.core.dates import date_format
from portal.core.times import as_zone, zone_name, zone_words
from portal.notifications.kinds import Context
from portal.notifications.links import absolute


def about_call(call: Call) -> Context:
    return {
        "call": call,
        "call_url": absolute(call.get_absolute_url()),
        "opens": on_both_clocks(call.opens_at, call.time_zone),
        "closes": on_both_clocks(call.closes_at, call.time_zone),
    }


def on_both_clocks(moment: datetime, zone: str) -> str:
    """The moment on the reader's clock and on the call's, both named; once if they are one."""
    zones = dict.fromkeys([zone_name(timezone.get_current_timezone()), zone])
    return " · ".join(
        f"{date_format(moment.astimezone(as_zone(name)), 'DATETIME_FORMAT')} ({zone_words(name)})" for name in zones
    )
