"""The kinds of message about the waiting list."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.enums import BookingState as B
from bookings.enums import WaitlistState
from bookings.models import WaitlistEntry
from bookings.notices.about import about_booking
from calls.enums import AwardState
from portal.core.times import clock_text, day_text, zone_words
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about_offer(data: dict[str, Any]) -> Context | None:
    """The time on offer, and until when; None once it was answered or is over."""
    told = about_booking(data, states=(B.HELD,), coming=True)
    if told is None or told["booking"].held_until <= timezone.now():
        return None
    entry = told["booking"].entry
    page = absolute(entry.get_absolute_url()) if entry else told["url"]
    return told | {"until": _in_words(told["booking"].held_until), "url": page}


def _about_expired(data: dict[str, Any]) -> Context | None:
    """The offer that is over, with the place on the waiting list that goes on."""
    told = about_booking(data, states=(B.RELEASED,))
    if told is None:
        return None
    entry = told["booking"].entry
    still_waits = entry is not None and entry.state in (WaitlistState.WAITING, WaitlistState.OFFERED)
    return told | {"still_waits": still_waits, "url": absolute(entry.get_absolute_url()) if entry else told["url"]}


def _about_wait(data: dict[str, Any]) -> Context | None:
    """The place on the waiting list for which no time can come any more, and why."""
    entry = WaitlistEntry.objects.filter(pk=data["waitlistentry"], state=WaitlistState.EXPIRED).first()
    if entry is None:
        return None
    awards = list(entry.awards.select_related("instrument").order_by("pk"))
    instruments = [award.hours_on for award in awards]
    is_usable = any(award.state == AwardState.ACTIVE and not award.hours_on.is_final for award in awards)
    return {
        "entry": entry,
        "instruments": instruments,
        "is_usable": is_usable,
        "url": absolute(entry.get_absolute_url()),
    }


def _in_words(moment: datetime) -> str:
    """Day, time and zone of the reader."""
    zone = timezone.get_current_timezone()
    values = {"day": day_text(moment, zone), "time": clock_text(moment, zone), "zone": zone_words(zone)}
    return _("%(day)s, %(time)s %(zone)s") % values


OFFERED = register(Kind("bookings.offered", _about_offer))
OFFER_EXPIRED = register(Kind("bookings.offer_expired", _about_expired))
WAIT_OVER = register(Kind("bookings.wait_over", _about_wait))
