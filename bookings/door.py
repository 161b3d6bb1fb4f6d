"""The door of a session. Whether it stands open is the word of row and clock, never of a timer."""

from datetime import datetime, timedelta

from bookings.enums import SessionState
from bookings.models import Booking, Session
from instruments.enums import AccessMode, InstrumentState
from instruments.models import Desktop
from portal.accounts.models import User

ANSWER_HOLDS = timedelta(minutes=2)


def desktop_of(booking: Booking) -> Desktop | None:
    """The desktop behind the session of a booking; None where the laboratory uses a link of its own."""
    return getattr(booking.unit, "desktop", None)


def opens_by_clock(booking: Booking) -> bool:
    """Whether the door opens at the start by itself: a desktop that the researcher drives. Else somebody begins."""
    return booking.instrument.access_mode == AccessMode.REMOTE_CONTROL and desktop_of(booking) is not None


def door_answers(booking: Booking, now: datetime) -> bool:
    """Whether there is something behind the door, on an instrument that is not suspended.

    A desktop must have answered a worker within the last two minutes; of a link nobody knows more than that it is set.
    """
    if booking.instrument.state != InstrumentState.LISTED:
        return False
    desktop = desktop_of(booking)
    if desktop is None:
        return bool(booking.instrument.link)
    return desktop.answered_at is not None and not desktop.trouble and desktop.answered_at > now - ANSWER_HOLDS


def door_is_open(session: Session, now: datetime) -> bool:
    """Whether participants may pass at `now`: the session has begun, and its period is not over."""
    return session.state == SessionState.LIVE and session.starts_at <= now < session.ends_at


def link_for(user: User, session: Session, now: datetime) -> str:
    """The laboratory's link for those who take part, while the door is open; otherwise nothing."""
    if door_is_open(session, now) and user.has_perm("bookings.join_session", session.booking):
        return session.booking.instrument.link
    return ""
