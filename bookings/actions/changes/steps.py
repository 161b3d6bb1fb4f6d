"""The steps that the deeds share: may they, is it not too late, take the row along, give its time back."""

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import news, notices
from bookings.actions.room.guests import tell_guests
from bookings.actions.waitlist import offer_freed_time
from bookings.enums import SessionState
from bookings.models import Booking, Session
from bookings.states import BOOKING_MOVES, SESSION_MOVES
from calls.actions.ledger import give_back
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import can_move, next_state


def check_permission(by: User, verb: str, booking: Booking) -> None:
    """Raises Forbidden unless the predicate of `verb` lets `by` do it."""
    if not by.has_perm(f"bookings.{verb}_booking", booking):
        raise Forbidden


def check_reason(why: str) -> None:
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why: the people who booked read it.")))


def not_begun(row: Booking) -> None:
    if row.start <= timezone.now():
        raise Refused(Reason("begun", _("This time has already begun.")))


def take_along(row: Booking, verb: str, *, by: User | None, why: str = "") -> None:
    """Move a locked booking along its machine and write the history."""
    before = row.state
    row.state = next_state(BOOKING_MOVES, verb, before)
    row.save(update_fields=["state", "updated_at"])
    record(row, verb, by=by, before=before, after=row.state, why=why)


def take_session_along(session: Session | None, verb: str, *, by: User | None) -> None:
    """Take the session along, where there is one; what has not been queued yet cannot fail and is cancelled instead.

    Of a booking that moved and was not confirmed again it is cancelled already.
    """
    if session is None:
        return
    before = session.state
    if before == SessionState.CANCELLED:
        tell_guests(session, notices.GUEST_OFF)
        return
    if not can_move(SESSION_MOVES, verb, before):
        verb = "cancel"
    session.state = next_state(SESSION_MOVES, verb, before)
    if before == SessionState.LIVE:
        session.closed_at = timezone.now()
    session.save(update_fields=["state", "closed_at", "updated_at"])
    record(session, verb, by=by, before=before, after=session.state)
    news.session_changed(session.pk)
    tell_guests(session, notices.GUEST_OFF)


def release(row: Booking, *, by: User | None, why: str, returned: int) -> None:
    """Return minutes to the award, and pass the time on to those who wait for it."""
    if returned:
        give_back(row.award, returned, booking=row.ref, by=by, why=why)
    offer_freed_time(row.instrument, row.occupied_span)
