"""A booking is given up, or the laboratory or the portal could not keep it."""

from bookings import notices
from bookings.actions.changes.fees import fee_of
from bookings.actions.changes.steps import (
    check_permission,
    check_reason,
    not_begun,
    release,
    take_along,
    take_session_along,
)
from bookings.actions.holds import release_hold
from bookings.actions.telling import tell_everybody, tell_failed, tell_people
from bookings.enums import BookingState
from bookings.locks import lock_session, lock_to_free
from bookings.models import Booking, Session
from bookings.states import BOOKING_MOVES
from portal.accounts.models import User
from portal.core.machine import next_state
from portal.core.retry import in_transaction


def cancel_booking(booking: Booking, *, by: User | None, why: str = "", is_told: bool = True) -> Booking:
    """Give the time back before it begins. Late ones keep what the policy says, unless the laboratory cancels.

    Without `is_told` the caller tells of it, for instance of several at once.
    """
    if by is not None:
        check_permission(by, "cancel", booking)

    def deed() -> Booking:
        row = lock_to_free(booking)
        next_state(BOOKING_MOVES, "cancel", row.state)
        not_begun(row)
        if row.state == BookingState.HELD:
            return _take_offer_back(row, by=by, why=why)
        returned = row.minutes - fee_of(row, by)
        take_along(row, "cancel", by=by, why=why)
        take_session_along(lock_session(row), "cancel", by=by)
        if is_told:
            tell_everybody(row, notices.CANCELLED, why=why)
        release(row, by=by, why="cancelled", returned=returned)
        return row

    return in_transaction(deed)


def fail_booking(booking: Booking, *, by: User, why: str) -> Booking:
    """The laboratory or the portal could not keep it: the session fails and all hours return."""
    check_permission(by, "fail", booking)
    check_reason(why)

    def deed() -> Booking:
        row = lock_to_free(booking)
        end_badly(row, lock_session(row), by=by, why=why)
        return row

    return in_transaction(deed)


def end_badly(row: Booking, session: Session | None, *, by: User | None, why: str) -> None:
    """Fail a locked booking and its locked session; all hours return and both sides hear why."""
    take_along(row, "fail", by=by, why=why)
    take_session_along(session, "fail", by=by)
    tell_failed(row, why=why)
    release(row, by=by, why="failed", returned=row.minutes)


def _take_offer_back(row: Booking, *, by: User | None, why: str) -> Booking:
    """An offer from the waiting list has debited nothing; who had it waits on."""
    release_hold(row, "cancel", by=by, why=why)
    tell_people(row, notices.CANCELLED, why=why)
    release(row, by=by, why="cancelled", returned=0)
    return row
