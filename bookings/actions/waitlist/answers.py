"""Answer an offer from the waiting list, or let its time run out."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.actions.booking import schedule_session
from bookings.actions.holds import expire_hold, lock_entry, lock_standby, move_entry, move_standby, release_hold
from bookings.actions.telling import tell_requested
from bookings.actions.waitlist.offers import offer_freed_time
from bookings.enums import BookingState, StandbyState, WaitlistState
from bookings.facts import Facts
from bookings.locks import lock_to_free
from bookings.models import Booking
from bookings.people import people_of_award
from bookings.policy import certified, verdict
from bookings.standing import Standing
from bookings.states import BOOKING_MOVES
from calls.actions.ledger import spend
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import next_state
from portal.core.retry import in_transaction

# What was right when the offer was made and only the clock has changed since.
PROMISED = {"too_soon", "too_far"}


def accept_offer(booking: Booking, *, by: User) -> Booking:
    """Take the offered time: the award pays now, and it becomes a booking as any other.

    Raises Forbidden; Refused `offer_expired`, `offer_accepted`, `offer_ended`, the policy's reasons where the
    instrument or the award has changed since, or `not_enough_hours`. Nothing is written then.
    """
    _check_permission(booking, by)
    return in_transaction(lambda: _accept(booking, by))


def decline_offer(booking: Booking, *, by: User, why: str = "") -> Booking:
    """Give the offered time on to the next who waits; the own place stays, without an offer for that time again."""
    _check_permission(booking, by)

    def deed() -> Booking:
        row = lock_to_free(booking)
        _check_open(row)
        release_hold(row, "cancel", by=by, why=why)
        offer_freed_time(row.instrument, row.occupied_span)
        return row

    return in_transaction(deed)


def expire_offer(booking: Booking) -> Booking:
    """The clock: the moment to answer is over; the time goes on to the next."""

    def deed() -> Booking:
        row = lock_to_free(booking)
        if row.state != BookingState.HELD or row.held_until is None or row.held_until > timezone.now():
            raise Refused(Reason("not_due", _("There is still time to answer this offer.")))
        expire_hold(row)
        offer_freed_time(row.instrument, row.occupied_span)
        return row

    return in_transaction(deed)


def _accept(booking: Booking, by: User) -> Booking:
    row = lock_to_free(booking)
    _check_open(row)
    facts, now = Facts.read(row.instrument, row.span), timezone.now()
    standing = Standing.read(row.award, facts, now, moving=row)
    _check_still_right(facts, row, now, standing, by)
    verb = "accept_to_ask" if facts.policy.needs_confirmation else "accept"
    before, row.state = row.state, next_state(BOOKING_MOVES, verb, row.state)
    row.booked_by = by
    spend(row.award, row.minutes, booking=row.ref, by=by)
    row.save(update_fields=["state", "booked_by", "updated_at"])
    people = _taking_part(facts, row, standing)
    row.participants.add(*people)
    if row.state == BookingState.CONFIRMED:
        schedule_session(row)
    record(row, verb, by=by, before=before, after=row.state)
    entry = lock_entry(row)
    if entry is not None and entry.state == WaitlistState.OFFERED:
        move_entry(entry, "serve", by=by)
    called = lock_standby(row)
    if called is not None and called.state == StandbyState.CALLED:
        move_standby(called, "serve", by=by)
    tell_requested(row, people)
    return row


def _taking_part(facts: Facts, row: Booking, standing: Standing) -> list[User]:
    """The award's holder; where the policy asks for a certificate they lack, also those of its people who hold one."""
    able = certified(facts, row.span, standing)
    if not facts.policy.needs_certificate or row.award.holder_id in able:
        return [row.award.holder]
    return [person for person in people_of_award(row.award) if person.pk in {row.award.holder_id, *able}]


def _check_permission(booking: Booking, by: User) -> None:
    if not by.has_perm("bookings.answer_offer", booking):
        raise Forbidden(_("Only the award's holder and the focal points of its organisation answer this offer."))


def _check_open(row: Booking) -> None:
    """Raise Refused with the reason why this offer cannot be answered now."""
    is_call = row.entry_id is None and hasattr(row, "standby_entry")
    if row.entry_id is None and row.state != BookingState.HELD and not is_call:
        raise Refused(Reason("no_offer", _("This booking is not an offer from the waiting list.")))
    expired = row.held_until is not None and row.held_until <= timezone.now()
    if row.state == BookingState.RELEASED or (row.state == BookingState.HELD and expired):
        kept = _("The time to answer this offer is over. Your place on the waiting list stays.")
        lost = _("The time to answer this call is over, and it has gone on to the next. Join the queue again.")
        raise Refused(Reason("offer_expired", lost if is_call else kept))
    if row.state == BookingState.CANCELLED:
        raise Refused(Reason("offer_ended", _("This offer was declined or taken back.")))
    if row.state != BookingState.HELD:
        raise Refused(Reason("offer_accepted", _("This offer has been accepted already.")))


def _check_still_right(facts: Facts, row: Booking, now: datetime, standing: Standing, by: User) -> None:
    """The rules again, since instrument, award and limits may have changed while the offer waited."""
    reasons = verdict(facts, row.span, now, standing, by=by)
    if found := [reason for reason in reasons if reason.code not in PROMISED]:
        raise Refused(*found)
