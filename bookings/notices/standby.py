"""The kinds of message about stand-by queues."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.enums import BookingState as B
from bookings.enums import StandbyState
from bookings.models import Booking, StandbyEntry
from bookings.notices.about import about_booking
from portal.core.times import clock_text, day_text, zone_words
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about_call(data: dict[str, Any]) -> Context | None:
    """The time that is held, and until when; None once it was answered or is over."""
    told = about_booking(data, states=(B.HELD,), coming=True)
    if told is None or told["booking"].held_until <= timezone.now():
        return None
    zone = timezone.get_current_timezone()
    until = told["booking"].held_until
    values = {"day": day_text(until, zone), "time": clock_text(until, zone), "zone": zone_words(zone)}
    return told | {"until": _("%(day)s, %(time)s %(zone)s") % values, "url": _page_of(told["booking"])}


def _about_passed(data: dict[str, Any]) -> Context | None:
    told = about_booking(data, states=(B.RELEASED,))
    return told and told | {"url": _page_of(told["booking"])}


def _about_wait(data: dict[str, Any]) -> Context | None:
    rows = StandbyEntry.objects.for_list().filter(pk=data["standbyentry"], state=StandbyState.LEFT)
    entry = rows.first()
    if entry is None:
        return None
    return {"entry": entry, "instrument": entry.instrument, "url": absolute(entry.get_absolute_url())}


def _page_of(booking: Booking) -> str:
    entry = getattr(booking, "standby_entry", None)
    return absolute((entry or booking).get_absolute_url())


STANDBY_CALLED = register(Kind("bookings.standby_called", _about_call))
STANDBY_ENDING = register(Kind("bookings.standby_ending", _about_call))
STANDBY_PASSED = register(Kind("bookings.standby_passed", _about_passed))
STANDBY_OVER = register(Kind("bookings.standby_over", _about_wait))
