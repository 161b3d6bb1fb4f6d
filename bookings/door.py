"""The door of a session. Whether it stands open is the word of row and clock, never of a timer."""

from datetime import datetime

from bookings.enums import SessionState
from bookings.models import Session
from instruments.enums import InstrumentState
from instruments.models import Instrument
from portal.accounts.models import User


def door_answers(instrument: Instrument) -> bool:
    """Whether there is something behind the door: a link, on an instrument that is not suspended."""
    return bool(instrument.link) and instrument.state == InstrumentState.LISTED


def door_is_open(session: Session, now: datetime) -> bool:
    """Whether participants may pass at `now`: somebody began the session, and its period is not over."""
    return session.state == SessionState.LIVE and session.starts_at <= now < session.ends_at


def link_for(user: User, session: Session, now: datetime) -> str:
    """The laboratory's link for those who take part, while the door is open; otherwise nothing."""
    if door_is_open(session, now) and user.has_perm("bookings.join_session", session.booking):
        return session.booking.instrument.link
    return ""
