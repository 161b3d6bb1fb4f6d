"""Bookings already held. The actions only look ahead, so these rows are written as the actions would have left them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.actions.booking import stored
from bookings.enums import BookingState, SessionState
from bookings.facts import Facts
from bookings.models import Booking, Session
from bookings.slots import MINUTE, Span
from calls.enums import EntryKind
from calls.models import Award, LedgerEntry
from instruments.enums import AccessMode
from portal.samples.actions.awards import award_lines
from portal.samples.actions.instruments import operator_of
from portal.samples.stage import Stage

DAYTIME = range(6, 15)  # UTC hours in which people begin
TRIES = 20
SESSION_ENDS = {
    BookingState.COMPLETED: SessionState.ENDED,
    BookingState.MISSED: SessionState.MISSED,
    BookingState.CANCELLED: SessionState.CANCELLED,
}
VERBS = {BookingState.COMPLETED: "complete", BookingState.MISSED: "miss", BookingState.CANCELLED: "cancel"}


@dataclass
class Past:
    """One booking held: its row, and the moments at which it was made and ended."""

    booking: Booking
    made: datetime
    over: datetime
    returned: int = 0  # minutes that went back to the award
    session: Session | None = None


@dataclass
class Calendar:
    """What is occupied on each unit."""

    taken: dict[int, list[Span]] = field(default_factory=dict)

    def take(self, facts: Facts, period: Span) -> int | None:
        """Occupy a unit for the period; return it, or None when all are taken."""
        wanted = facts.occupied(period)
        for unit in facts.units:
            spans = self.taken.setdefault(unit.pk, [])
            if not any(span.overlaps(wanted) for span in spans):
                spans.append(wanted)
                return unit.pk
        return None


def put_past(stage: Stage) -> None:
    calendar, every = Calendar(), []
    for line in award_lines():
        award = stage.awards[line["key"]]
        facts = Facts.read(award.hours_on, _window(stage, award))
        done = [_past(stage, facts, award, *chosen) for chosen in _chosen(stage, facts, calendar, line["past"])]
        _settle(award, done)
        every += done
    _write(every)
    for past in every:
        _put_history(stage, past)


def _window(stage: Stage, award: Award) -> Span:
    return Span(award.starts_at, min(award.ends_at, stage.now))


def _chosen(
    stage: Stage, facts: Facts, calendar: Calendar, plan: dict[str, Any]
) -> list[tuple[Span, int, BookingState]]:
    """Periods spread over the award's time so far, each with a unit and what became of it."""
    slots = [slot for slot in facts.slots(plan["hours"] * 60) if slot.end < facts.window.end - timedelta(hours=3)]
    if not facts.policy.whole_days:
        slots = [slot for slot in slots if slot.start.hour in DAYTIME]
    count = plan["count"]
    states = [BookingState.MISSED] * plan["missed"] + [BookingState.CANCELLED] * plan["cancelled"]
    states += [BookingState.COMPLETED] * (count - len(states))
    stage.random.shuffle(states)
    found = []
    for number, state in enumerate(states):
        section = slots[number * len(slots) // count : (number + 1) * len(slots) // count]
        for slot in stage.random.sample(section, min(TRIES, len(section))):
            unit = calendar.take(facts, slot)
            if unit is not None:
                found.append((slot, unit, state))
                break
    return found


def _past(stage: Stage, facts: Facts, award: Award, period: Span, unit: int, state: BookingState) -> Past:
    booking = Booking(
        ref=stage.new_ref(),
        instrument=award.instrument,
        unit_id=unit,
        **stored(facts, period),
        award=award,
        organisation=award.organisation,
        booked_by=award.holder,
        state=state,
    )
    made = period.start - timedelta(days=stage.random.randint(8, 21), minutes=stage.random.randint(0, 600))
    past = Past(booking, made, period.end)
    if facts.instrument.access_mode != AccessMode.MAIL_IN:
        past.session = Session(booking=booking, starts_at=period.start, ends_at=period.end, state=SESSION_ENDS[state])
    _end(stage, facts, past)
    return past


def _end(stage: Stage, facts: Facts, past: Past) -> None:
    """When it was over and what it gave back: some ended a step early, the missed ones after their grace."""
    booking, session = past.booking, past.session
    if booking.state == BookingState.CANCELLED:
        past.over, past.returned = past.made + (booking.start - past.made) / 2, booking.minutes
        return
    if session is None:
        return
    session.reminded_day_at = booking.start - Session.DAY_BEFORE
    session.reminded_soon_at = booking.start - Session.JUST_BEFORE
    if booking.state == BookingState.MISSED:
        past.over = session.missed_at
    else:
        session.opened_at = booking.start + stage.random.randint(1, 9) * MINUTE
        if not facts.policy.whole_days and booking.minutes >= 120 and stage.random.random() < 0.2:
            past.returned = facts.policy.step
            past.over = booking.end - past.returned * MINUTE
    session.closed_at = past.over
    booking.occupied = DateTimeTZRange(booking.occupied.lower, past.over + facts.policy.after * MINUTE)


def _settle(award: Award, done: list[Past]) -> None:
    """Let the balance follow: the entries written below are its sum."""
    award.balance_minutes -= sum(past.booking.minutes - past.returned for past in done)
    award.save(update_fields=["balance_minutes"])


def _write(every: list[Past]) -> None:
    bookings = [past.booking for past in every]
    Booking.objects.bulk_create(bookings)
    for past in every:
        past.booking.created_at, past.booking.updated_at = past.made, past.over
    Booking.objects.bulk_update(bookings, ["created_at", "updated_at"])
    _put_participants(bookings)
    Session.objects.bulk_create(past.session for past in every if past.session)
    entries = [entry for past in every for entry in _entries(past)]
    LedgerEntry.objects.bulk_create(sorted(entries, key=lambda entry: entry.at))


def _put_participants(bookings: list[Booking]) -> None:
    """The award's holder in each, and one of its members, in turn."""
    part, rows = Booking.participants.through, []
    members = {award: [user.pk for user in award.members.order_by("pk")] for award in {row.award for row in bookings}}
    for number, booking in enumerate(bookings):
        people, others = {booking.award.holder_id}, members[booking.award]
        if others:
            people.add(others[number % len(others)])
        rows += [part(booking=booking, user_id=person) for person in sorted(people)]
    part.objects.bulk_create(rows)


def _entries(past: Past) -> list[LedgerEntry]:
    """As calls.actions.ledger writes them: the booking is the debit, the end gives back what was not used."""
    booking = past.booking
    common: dict[str, Any] = {"award": booking.award, "booking": booking.ref}
    debit: dict[str, Any] = {"minutes": -booking.minutes, "by": booking.booked_by, "at": past.made}
    entries = [LedgerEntry(kind=EntryKind.BOOKED, **debit, **common)]
    if booking.state == BookingState.COMPLETED:
        entries.append(LedgerEntry(kind=EntryKind.USED, minutes=past.returned, at=past.over, **common))
    if booking.state == BookingState.CANCELLED:
        cancelled: dict[str, Any] = {"why": "cancelled", "by": booking.booked_by}
        entries.append(LedgerEntry(kind=EntryKind.RELEASED, minutes=past.returned, at=past.over, **cancelled, **common))
    return entries


def _put_history(stage: Stage, past: Past) -> None:
    booking, person = past.booking, past.booking.booked_by
    state, verb = BookingState(booking.state), VERBS[BookingState(booking.state)]
    _put_request(stage, past)
    by = person if state == BookingState.CANCELLED else None
    stage.note(booking, verb, past.over, by=by, before=BookingState.CONFIRMED, after=state)
    session = past.session
    if session is None:
        return
    if session.opened_at:
        stage.note(session, "open", session.opened_at, by=person, before=SessionState.READY, after=SessionState.LIVE)
        stage.note(session, "end", past.over, before=SessionState.LIVE, after=SessionState.ENDED)


def _put_request(stage: Stage, past: Past) -> None:
    """Confirmed at once, or a day later by the operator where the policy asks for that."""
    booking, states = past.booking, BookingState
    asks = booking.instrument.policy.needs_confirmation
    stage.note(
        booking, "request", past.made, by=booking.booked_by, after=states.REQUESTED if asks else states.CONFIRMED
    )
    if asks:
        operator, confirmed = operator_of(booking.instrument), past.made + timedelta(days=1)
        stage.note(booking, "confirm", confirmed, by=operator, before=states.REQUESTED, after=states.CONFIRMED)
