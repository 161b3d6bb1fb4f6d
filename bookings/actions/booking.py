"""Book instrument time."""

import logging
from collections.abc import Callable, Collection
from copy import copy
from typing import Any, TypeVar
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.actions.holds import lapse_expired_holds
from bookings.actions.telling import tell_requested
from bookings.enums import BookingState
from bookings.facts import Facts
from bookings.free import Occupancy, alternatives
from bookings.locks import lock_instrument
from bookings.models import Booking, Session
from bookings.policy import is_final, taken, verdict
from bookings.slots import Span
from bookings.standing import Standing
from calls.actions.ledger import spend
from calls.models import Award
from instruments.enums import AccessMode
from instruments.models import Instrument
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Refused, Taken
from portal.core.retry import broken_constraint, in_transaction

logger = logging.getLogger(__name__)
T = TypeVar("T")
OVERLAP = "booking_never_overlaps"


def book_time(
    instrument: Instrument,
    period: Span,
    award: Award,
    *,
    by: User,
    participants: Collection[User] = (),
    purpose: str = "",
    form_key: UUID | None = None,
    override: str = "",
) -> Booking:
    """Book `period` on a free unit of `instrument` with the hours of `award`; the holder takes part if nobody is named.

    `form_key` names the form that was sent: sent twice, it books once and gives the same booking again. `override` is
    the reason for which staff set rules aside; what they may not is `policy.NEVER_OVERRIDDEN`.
    Raises Forbidden, Refused with every reason of the policy or `not_enough_hours`, or Taken with alternatives.
    Nothing is written then.
    """
    check_may_book(award, by)
    key = own_key(form_key, by)
    draft = draft_of(instrument, award, by=by, purpose=purpose, form_key=key)
    people = list(participants) or [award.holder]
    try:
        return or_taken(instrument, period, lambda: place(draft, period, people, override=override))
    except (Taken, IntegrityError, Refused):
        booked = Booking.objects.filter(form_key=key).first() if key else None
        if booked is None:
            raise
        return booked


def draft_of(instrument: Instrument, award: Award, *, by: User, **fields: Any) -> Booking:
    """A booking that has no time yet, of the award's organisation whoever books; `fields` are further columns."""
    return Booking(instrument=instrument, award=award, organisation_id=award.organisation_id, booked_by=by, **fields)


def own_key(form_key: UUID | None, by: User) -> UUID | None:
    """The key as it is kept: a form that two people send, one after the other at one screen, counts for each."""
    return uuid5(form_key, str(by.pk)) if form_key else None


def check_may_book(award: Award, by: User) -> None:
    if not by.has_perm("bookings.book_with", award):
        raise Forbidden(_("Only the award's holder and the focal points of its organisation book its hours."))


def place(
    draft: Booking, period: Span, people: Collection[User], *, override: str = "", is_told: bool = True
) -> Booking:
    """Give a copy of the draft the period and a unit, write it, and tell of it if `is_told`; inside a transaction."""
    lock_instrument(draft.instrument)
    facts = Facts.read(draft.instrument, period)
    by = draft.booked_by
    overridden = check_policy(facts, period, draft.award, by=by, people=people, override=override)
    booking = copy(draft)
    booking.unit_id = free_unit_or_taken(facts, period)
    booking.state = BookingState.REQUESTED if facts.policy.needs_confirmation else BookingState.CONFIRMED
    for name, value in stored(facts, period).items():
        setattr(booking, name, value)
    spend(booking.award, booking.minutes, booking=booking.ref, by=by)
    booking.save(force_insert=True)
    part = Booking.participants.through
    part.objects.bulk_create(part(booking=booking, user=user) for user in people)
    if booking.state == BookingState.CONFIRMED:
        schedule_session(booking)
    record(booking, "request", by=by, after=booking.state, **noted(override, overridden))
    if is_told:
        tell_requested(booking, people)
    return booking


def stored(facts: Facts, period: Span) -> dict[str, Any]:
    """What a booking of `period` stores of it: the two ranges, and the minutes that the award pays."""
    occupied = facts.occupied(period)
    return {
        "period": DateTimeTZRange(period.start, period.end),
        "occupied": DateTimeTZRange(occupied.start, occupied.end),
        "minutes": facts.cost(period),
    }


def schedule_session(booking: Booking) -> None:
    """Give a confirmed booking its session; mail-in work has none. What is too near for a reminder gets none."""
    if booking.instrument.access_mode == AccessMode.MAIL_IN:
        return
    Session.objects.create(
        booking=booking,
        starts_at=booking.start,
        ends_at=booking.end,
        **reminders_spared(booking),
    )


def reminders_spared(booking: Booking) -> dict[str, object]:
    """Which reminders a booking made or moved just now needs no more: those whose moment has passed."""
    now = timezone.now()
    return {
        "reminded_day_at": now if booking.start - now < Session.DAY_BEFORE else None,
        "reminded_soon_at": now if booking.start - now < Session.JUST_BEFORE else None,
    }


def check_policy(
    facts: Facts,
    period: Span,
    award: Award,
    *,
    by: User,
    people: Collection[User] | None = None,
    moving: Booking | None = None,
    override: str = "",
) -> list[str]:
    """Raise Refused with every reason against the period, the limits of the award and its people included.

    With the reason for which staff set rules aside: the codes of the rules that said no.
    """
    if override.strip() and not by.is_staff:
        raise Forbidden(_("Only staff set rules of booking aside."))
    now = timezone.now()
    taking_part = None if people is None else {user.pk for user in people}
    reasons = verdict(facts, period, now, Standing.read(award, facts, now, moving=moving), by=by, people=taking_part)
    if reasons and (not override.strip() or any(map(is_final, reasons))):
        raise Refused(*reasons)
    return [reason.code for reason in reasons]


def noted(override: str, overridden: Collection[str]) -> dict[str, Any]:
    """What the history says of rules that were set aside; nothing where none had to be."""
    return {"why": override.strip(), "overridden": list(overridden)} if overridden else {}


def free_unit_or_taken(facts: Facts, period: Span, *, moving: Booking | None = None) -> int:
    """The unit to book, or Taken (whose alternatives `or_taken` adds once the transaction is over).

    An offer from the waiting list that nobody answered in time gives way.
    """
    unit = Occupancy.read(facts, leaving_out=moving).free_unit(facts, period)
    if unit is None and lapse_expired_holds([unit.pk for unit in facts.units], facts.occupied(period)):
        unit = Occupancy.read(facts, leaving_out=moving).free_unit(facts, period)
    if unit is None:
        raise Taken(taken())
    return unit


def or_taken(instrument: Instrument, period: Span, deed: Callable[[], T]) -> T:
    """Run `deed` in a transaction; who meets another's booking gets Taken with alternatives read afterwards."""
    try:
        return in_transaction(deed)
    except Taken as error:
        raise _with_alternatives(error, instrument, period) from error
    except IntegrityError as error:
        if broken_constraint(error) != OVERLAP:
            raise
        logger.info("constraint %s refused %s on instrument %s", OVERLAP, period, instrument.pk)
        raise _with_alternatives(Taken(taken()), instrument, period) from error


def _with_alternatives(error: Taken, instrument: Instrument, period: Span) -> Taken:
    with transaction.atomic():
        found = alternatives(instrument, period, timezone.now())
    error.alternatives = [(slot.start, slot.end) for slot in found]
    return error
