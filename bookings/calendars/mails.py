"""What a mail about a booking asks the reader's calendar program to do (RFC 5546): enter it, move it, take it out.

Only those on the booking's side are asked; a laboratory's operators have the calendar of the instrument.
"""

from dataclasses import replace
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.calendars.events import Events, Line, Part
from bookings.calendars.feed import product
from bookings.enums import GIVEN_UP
from bookings.models import Booking
from portal.accounts.models import User
from portal.accounts.zones import zone_or_utc
from portal.core.ics import calendar, escaped, quoted
from portal.notifications.kinds import CalendarPart, Context


def invitation(context: Context, address: str, user_id: int | None) -> CalendarPart | None:
    """The booking as it stands, for a reader on its side: to enter or move, or to take out when it was given up."""
    booking: Booking = context["booking"]
    people = list(booking.participants.all())
    side = {user.pk: user.name for user in [*people, booking.award.holder, booking.booked_by]}
    if user_id not in side:
        return None
    who = (_organizer(), _attendee(side[user_id], address))
    return _object(booking, _part(people, user_id), who, is_over=booking.state in GIVEN_UP)


def withdrawal(context: Context, address: str, user_id: int | None) -> CalendarPart | None:
    """To take the booking out, for somebody who is no longer one of its people; who is still reads it as it stands."""
    still = invitation(context, address, user_id)
    if still is not None or user_id is None:
        return still
    return _object(context["booking"], Part(), (_organizer(), _attendee("", address)), is_over=True, is_bare=True)


def entries(context: Context, address: str, user_id: int | None) -> CalendarPart | None:
    """Several bookings made or given up in one go, to be entered or taken out; a request may only speak of one."""
    bookings: list[Booking] = context["bookings"]
    people = list(bookings[0].participants.all())
    side = {*(user.pk for user in people), bookings[0].award.holder_id, bookings[0].booked_by_id}
    if user_id not in side:
        return None
    zone = zone_or_utc(timezone.get_current_timezone_name())
    events = Events({booking.instrument_id: booking.instrument for booking in bookings}, zone)
    part, now = _part(people, user_id), timezone.now()
    shown = [
        event._replace(what=replace(event.what, people=(_organizer(),)), changed=now)
        for event in (events.full(Line.of(row), part) for row in bookings)
    ]
    return CalendarPart("PUBLISH", calendar(product(), [("METHOD", "PUBLISH")], shown))


def _object(
    booking: Booking, part: Part, who: tuple[str, ...], *, is_over: bool, is_bare: bool = False
) -> CalendarPart:
    zone = zone_or_utc(timezone.get_current_timezone_name())
    events = Events({booking.instrument_id: booking.instrument}, zone)
    event = events.full(Line.of(booking), part)
    hint = _("To move or cancel the booking use its page: to answer this entry changes nothing there.")
    what = replace(event.what, people=who, status="CANCELLED" if is_over else event.what.status)
    if is_bare:
        what = replace(what, lines=())
    event = event._replace(changed=timezone.now(), what=what, lines=() if is_bare else (*event.lines, escaped(hint)))
    method = "CANCEL" if is_over else "REQUEST"
    return CalendarPart(method, calendar(product(), [("METHOD", method)], [event]))


def _part(people: list[User], reader: int) -> Part:
    return Part(", ".join(user.name for user in people), len(people), any(user.pk == reader for user in people))


def _organizer() -> str:
    """Whoever the mail is from, or programs would not believe it."""
    return f"ORGANIZER;CN={quoted(settings.BRAND_NAME)}:mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


def _attendee(name: str, address: str) -> str:
    """The reader, who has accepted by booking and need not answer."""
    return f"ATTENDEE;CN={quoted(name or address)};PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{address}"
