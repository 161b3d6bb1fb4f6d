"""What happens to a booking once it is made: confirmed, declined, lapsed, cancelled, moved, failed."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import notices
from bookings.actions.booking import (
    check_policy,
    free_unit_or_taken,
    or_taken,
    reminders_spared,
    schedule_session,
    stored,
)
from bookings.actions.telling import tell_everybody, tell_operators, tell_people
from bookings.enums import BookingState, SessionState
from bookings.facts import Facts
from bookings.free import Occupancy
from bookings.locks import lock_booking, lock_instrument, lock_session
from bookings.models import Booking, Session
from bookings.signals import booking_released
from bookings.slots import Span
from bookings.states import BOOKING_MOVES, SESSION_MOVES
from calls.actions.ledger import give_back, spend
from instruments.enums import InstrumentState
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import can_move, next_state
from portal.core.retry import in_transaction


def confirm_booking(booking: Booking, *, by: User) -> Booking:
    """An operator says yes to a request."""
    _check_permission(by, "confirm", booking)

    def deed() -> Booking:
        row = lock_booking(booking)
        _not_begun(row)
        _move(row, "confirm", by=by)
        schedule_session(row)
        tell_people(row, notices.CONFIRMED)
        return row

    return in_transaction(deed)


def decline_booking(booking: Booking, *, by: User, why: str) -> Booking:
    """An operator says no to a request, with a reason; the hours return."""
    _check_permission(by, "decline", booking)
    _check_reason(why)

    def deed() -> Booking:
        row = lock_booking(booking)
        _move(row, "decline", by=by, why=why)
        _release(row, by=by, why="declined", returned=row.minutes)
        tell_people(row, notices.DECLINED, why=why)
        return row

    return in_transaction(deed)


def lapse_booking(booking: Booking) -> Booking:
    """The clock: nobody answered the request in time; the hours return."""

    def deed() -> Booking:
        row = lock_booking(booking)
        if not row.confirm_until <= timezone.now():
            raise Refused(Reason("not_due", _("There is still time to confirm this request.")))
        _move(row, "lapse", by=None)
        _release(row, by=None, why="lapsed", returned=row.minutes)
        tell_everybody(row, notices.LAPSED)
        return row

    return in_transaction(deed)


def cancel_booking(booking: Booking, *, by: User | None, why: str = "") -> Booking:
    """Give the time back before it begins. Late ones keep what the policy says, unless the laboratory cancels."""
    if by is not None:
        _check_permission(by, "cancel", booking)

    def deed() -> Booking:
        row = lock_booking(booking)
        returned = row.minutes - (0 if _is_free(row, by) else late_fee(row))
        next_state(BOOKING_MOVES, "cancel", row.state)
        _not_begun(row)
        _move(row, "cancel", by=by, why=why)
        _move_session(lock_session(row), "cancel", by=by)
        _release(row, by=by, why="cancelled", returned=returned)
        tell_everybody(row, notices.CANCELLED, why=why)
        return row

    return in_transaction(deed)


def fail_booking(booking: Booking, *, by: User, why: str) -> Booking:
    """The laboratory or the portal could not keep it: the session fails and all hours return."""
    _check_permission(by, "fail", booking)
    _check_reason(why)

    def deed() -> Booking:
        row = lock_booking(booking)
        end_badly(row, lock_session(row), by=by, why=why)
        return row

    return in_transaction(deed)


def end_badly(row: Booking, session: Session | None, *, by: User | None, why: str) -> None:
    """Fail a locked booking and its locked session; all hours return and both sides hear why."""
    _move(row, "fail", by=by, why=why)
    _move_session(session, "fail", by=by)
    _release(row, by=by, why="failed", returned=row.minutes)
    tell_everybody(row, notices.FAILED, why=why)


def move_booking(booking: Booking, period: Span, *, by: User) -> Booking:
    """Give the booking another period; it keeps its identity, and its hours follow.

    Raises Forbidden, Refused (policy, balance, too late) or Taken with alternatives; nothing is changed then.
    """
    _check_permission(by, "move", booking)
    return or_taken(booking.instrument, period, lambda: _give_period(booking, period, by=by))


def _give_period(booking: Booking, period: Span, *, by: User) -> Booking:
    lock_instrument(booking.instrument)
    row = lock_booking(booking)
    _not_begun(row)
    _in_time_to_move(row, by)
    facts = Facts.read(row.instrument, period)
    before, was = row.span, row.state
    if before == period:
        raise Refused(Reason("same_time", _("This is the time it has now. Choose another one.")))
    row.state = _state_after_move(facts, row, by)
    check_policy(facts, period, row.award, moving=row)
    row.unit_id = free_unit_or_taken(facts, period, Occupancy.read(facts, leaving_out=row))
    _settle_difference(row, facts.cost(period) - row.minutes, by=by)
    for name, value in stored(facts, period).items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=["unit", "period", "occupied", "minutes", "state", "version", "updated_at"])
    _carry_session(row, by=by)
    record(row, "move", by=by, before=was, after=row.state, **_moments(before))
    tell_everybody(row, notices.MOVED)
    if row.state == BookingState.REQUESTED:
        tell_operators(row, notices.ASKED)
    booking_released.send(Booking, booking=row)
    return row


def _state_after_move(facts: Facts, row: Booking, by: User) -> str:
    """A move asks the operator again where the policy does, unless the operator moves it; else the state stays."""
    asked = next_state(BOOKING_MOVES, "ask_again", row.state)
    asks = facts.policy.needs_confirmation and not by.has_perm("bookings.confirm_booking", row)
    return asked if asks else row.state


def _carry_session(row: Booking, *, by: User) -> None:
    """Let the session follow a move: back to scheduled at the new time, or away until the operator confirms again."""
    session = lock_session(row)
    if session is None:
        return
    if row.state == BookingState.REQUESTED:
        session.delete()
        return
    before = session.state
    if before != SessionState.SCHEDULED:
        session.state = next_state(SESSION_MOVES, "reschedule", before)
        record(session, "reschedule", by=by, before=before, after=session.state)
    session.starts_at, session.ends_at = row.start, row.end
    for name, value in reminders_spared(row).items():
        setattr(session, name, value)
    session.save()


def _settle_difference(row: Booking, minutes: int, *, by: User) -> None:
    if minutes > 0:
        spend(row.award, minutes, booking=row.ref, by=by)
    elif minutes < 0:
        give_back(row.award, -minutes, booking=row.ref, by=by, why="moved")


def late_fee(booking: Booking) -> int:
    """Minutes that a cancellation at this moment would keep."""
    policy = booking.instrument.policy
    if timezone.now() <= booking.start - timedelta(minutes=policy.cancel_notice):
        return 0
    return booking.minutes * policy.late_cancel_percent // 100


def _is_free(row: Booking, by: User | None) -> bool:
    """Whether cancelling costs nothing: by laboratory or clock, unconfirmed, or on a suspended instrument."""
    if by is None or row.state != BookingState.CONFIRMED or row.instrument.state != InstrumentState.LISTED:
        return True
    return by.has_perm("bookings.override_booking", row)


def _in_time_to_move(row: Booking, by: User) -> None:
    if late_fee(row) and not _is_free(row, by):
        raise Refused(
            Reason("too_late_to_move", _("It is too late to move this booking. Ask the laboratory, or cancel it."))
        )


def _not_begun(row: Booking) -> None:
    if row.start <= timezone.now():
        raise Refused(Reason("begun", _("This time has already begun.")))


def _check_permission(by: User, verb: str, booking: Booking) -> None:
    if not by.has_perm(f"bookings.{verb}_booking", booking):
        raise Forbidden


def _check_reason(why: str) -> None:
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why: the people who booked read it.")))


def _move(row: Booking, verb: str, *, by: User | None, why: str = "") -> None:
    before = row.state
    row.state = next_state(BOOKING_MOVES, verb, before)
    row.save(update_fields=["state", "updated_at"])
    record(row, verb, by=by, before=before, after=row.state, why=why)


def _move_session(session: Session | None, verb: str, *, by: User | None) -> None:
    """Take the session along, where there is one; what has not been queued yet cannot fail and is cancelled instead."""
    if session is None:
        return
    before = session.state
    if not can_move(SESSION_MOVES, verb, before):
        verb = "cancel"
    session.state = next_state(SESSION_MOVES, verb, before)
    if before == SessionState.LIVE:
        session.closed_at = timezone.now()
    session.save(update_fields=["state", "closed_at", "updated_at"])
    record(session, verb, by=by, before=before, after=session.state)


def _release(row: Booking, *, by: User | None, why: str, returned: int) -> None:
    """Return minutes to the award and announce that the time is free."""
    if returned:
        give_back(row.award, returned, booking=row.ref, by=by, why=why)
    booking_released.send(Booking, booking=row)


def _moments(span: Span) -> dict[str, str]:
    return {"from_start": span.start.isoformat(), "from_end": span.end.isoformat()}
