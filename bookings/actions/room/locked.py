"""The session of a room, locked; nothing that comes before sessions in the order of locks is asked for after it."""

from datetime import datetime

from django.utils.translation import gettext as _

from bookings.door import door_is_open
from bookings.models import Booking, Session
from portal.core.errors import Reason, Refused


def locked(booking: Booking) -> Session:
    """The session row as it is now. Raises Refused `no_session`."""
    session = Session.objects.select_for_update(no_key=True).filter(booking=booking).first()
    if session is None:
        raise Refused(Reason("no_session", _("This booking has no live session.")))
    return session


def locked_open(booking: Booking, moment: datetime) -> Session:
    """The same, of a session whose door is open. Raises Refused `not_open` too."""
    session = locked(booking)
    if not door_is_open(session, moment):
        raise Refused(Reason("not_open", _("The session is not open at the moment.")))
    return session
