"""A session goes where its booking goes, with what was said in it and who is invited to it."""

from bookings import news, notices
from bookings.actions.booking import reminders_spared, schedule_session
from bookings.actions.room.guests import tell_guests
from bookings.enums import BookingState, SessionState
from bookings.locks import lock_session
from bookings.models import Booking, Session
from bookings.states import SESSION_MOVES
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.machine import next_state


def carry_session(row: Booking, *, by: User) -> None:
    """Let the session follow a move: back to scheduled at the new time, or cancelled until the laboratory says yes."""
    session = lock_session(row)
    if session is None:
        return
    news.session_changed(session.pk)
    if row.state == BookingState.REQUESTED:
        if session.state != SessionState.CANCELLED:
            _take(session, "cancel", by=by)
        _put_at_time_of(row, session)
        return
    if session.state != SessionState.SCHEDULED:
        _take(session, "reschedule", by=by)
    _put_at_time_of(row, session)
    tell_guests(session, notices.GUEST_MOVED)


def resume_session(row: Booking, *, by: User) -> None:
    """Give a booking that was confirmed the session that it had before it moved, or its first."""
    session = lock_session(row)
    if session is None:
        schedule_session(row)
        return
    news.session_changed(session.pk)
    _take(session, "resume", by=by)
    _put_at_time_of(row, session)
    tell_guests(session, notices.GUEST_MOVED)


def _take(session: Session, verb: str, *, by: User) -> None:
    before = session.state
    session.state = next_state(SESSION_MOVES, verb, before)
    record(session, verb, by=by, before=before, after=session.state)


def _put_at_time_of(row: Booking, session: Session) -> None:
    """Who checked in did so for the old time, and those who were reminded were so of it."""
    session.starts_at, session.ends_at = row.start, row.end
    session.operator, session.checked_in_at, session.absence_told_at, session.answer_told_at = None, None, None, None
    for name, value in reminders_spared(row).items():
        setattr(session, name, value)
    session.save()
    session.booking = row
