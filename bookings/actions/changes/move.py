"""Another time for the same booking."""

from django.utils.translation import gettext as _

from bookings import notices
from bookings.actions.booking import check_policy, free_unit_or_taken, noted, or_taken, stored
from bookings.actions.changes.carrying import carry_session
from bookings.actions.changes.fees import fee_of
from bookings.actions.changes.steps import check_permission, not_begun
from bookings.actions.telling import tell_everybody, tell_operators
from bookings.actions.waitlist import offer_freed_time
from bookings.enums import BookingState
from bookings.facts import Facts
from bookings.locks import lock_to_free
from bookings.models import Booking
from bookings.slots import Span
from bookings.states import BOOKING_MOVES
from calls.actions.ledger import give_back, spend
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Reason, Refused
from portal.core.machine import next_state

CHANGED = [
    "unit", "period", "occupied", "minutes", "state", "version", "disturbed_at", "disturbances", "updated_at",
]  # fmt: skip


def move_booking(booking: Booking, period: Span, *, by: User, override: str = "") -> Booking:
    """Give the booking another period; it keeps its identity, and its hours follow.

    `override` is the reason for which staff set rules aside.
    Raises Forbidden, Refused (policy, balance, too late) or Taken with alternatives; nothing is changed then.
    """
    check_permission(by, "move", booking)
    return or_taken(booking.instrument, period, lambda: _give_period(booking, period, by=by, override=override))


def check_may_move(row: Booking, period: Span | None = None, *, by: User) -> None:
    """Raise Refused where the booking itself cannot move, or not to `period`, whatever the rules say of that time."""
    next_state(BOOKING_MOVES, "ask_again", row.state)
    not_begun(row)
    _in_time(row, by)
    if row.span == period:
        raise Refused(Reason("same_time", _("This is the time it has now. Choose another one.")))


def _give_period(booking: Booking, period: Span, *, by: User, override: str) -> Booking:
    row = lock_to_free(booking)
    check_may_move(row, period, by=by)
    facts = Facts.read(row.instrument, period)
    before, freed, was = row.span, row.occupied_span, row.state
    row.state = _state_after(facts, row, by)
    overridden = check_policy(facts, period, row.award, by=by, moving=row, override=override)
    row.unit_id = free_unit_or_taken(facts, period, moving=row)
    _settle_difference(row, facts.cost(period) - row.minutes, by=by)
    for name, value in stored(facts, period).items():
        setattr(row, name, value)
    row.version += 1
    row.disturbed_at, row.disturbances = None, []
    row.save(update_fields=CHANGED)
    carry_session(row, by=by)
    record(row, "move", by=by, before=was, after=row.state, **_moments(before), **noted(override, overridden))
    tell_everybody(row, notices.MOVED)
    if row.state == BookingState.REQUESTED:
        tell_operators(row, notices.ASKED)
    offer_freed_time(row.instrument, freed)
    return row


def _in_time(row: Booking, by: User) -> None:
    if fee_of(row, by):
        raise Refused(
            Reason("too_late_to_move", _("It is too late to move this booking. Ask the laboratory, or cancel it."))
        )


def _state_after(facts: Facts, row: Booking, by: User) -> str:
    """A move asks the operator again where the policy does, unless the operator moves it; else the state stays."""
    asked = next_state(BOOKING_MOVES, "ask_again", row.state)
    asks = facts.policy.needs_confirmation and not by.has_perm("bookings.confirm_booking", row)
    return asked if asks else row.state


def _settle_difference(row: Booking, minutes: int, *, by: User) -> None:
    if minutes > 0:
        spend(row.award, minutes, booking=row.ref, by=by)
    elif minutes < 0:
        give_back(row.award, -minutes, booking=row.ref, by=by, why="moved")


def _moments(span: Span) -> dict[str, str]:
    return {"from_start": span.start.isoformat(), "from_end": span.end.isoformat()}
