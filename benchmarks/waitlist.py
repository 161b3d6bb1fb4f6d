"""A time falls free on an instrument for which 10,000 wait: what it takes to hold it for the first whom it suits.

`run()` needs Django set up on a database that may be written to; it undoes everything it wrote.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from benchmarks.common import counted, cpu_milliseconds, figure
from bookings.actions.booking import book_time
from bookings.actions.changes import cancel_booking
from bookings.actions.waitlist import decline_offer, offer_freed_time, serve_waitlist
from bookings.enums import BookingState
from bookings.locks import lock_instrument
from bookings.models import Booking, WaitlistEntry
from bookings.slots import DAY, Span
from bookings.wishes import places_of
from calls.models import Award
from instruments.models import Instrument, Policy
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Membership, Organisation, User

WAITING, AWARDS, FEW = 10_000, 2_000, 20
MOST_STATEMENTS, MOST_CPU = 8, 100
HOUR = timedelta(hours=1)


def run() -> list[dict[str, Any]]:
    """Measure with twenty who wait and with ten thousand; return one line a figure."""
    with transaction.atomic():
        booking, awards = _prepare()
        _wait(awards[:FEW], FEW, booking.start)
        few = _measured(booking, f"{FEW} wait")
        _wait(awards, WAITING, booking.start)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE bookings_waitlistentry, bookings_waitlistentry_awards, calls_award")
        many = _measured(booking, f"{WAITING:,} wait")
        transaction.set_rollback(True)
    return [*few, *many]


def _measured(booking: Booking, crowd: str) -> list[dict[str, Any]]:
    freed, instrument = booking.span, booking.instrument
    with transaction.atomic():
        with counted() as seen:
            lock_instrument(instrument)
            offers = offer_freed_time(instrument, freed)
        made = len(offers) == 1
        passed = cpu_milliseconds(lambda _n: _pass_on(), 5)
        swept = cpu_milliseconds(lambda _n: serve_waitlist(), 1)
        entry = WaitlistEntry.objects.filter(state="waiting").latest("pk")
        placed = cpu_milliseconds(lambda _n: places_of([entry.pk]), 5)
        transaction.set_rollback(True)
    few = len(seen) <= MOST_STATEMENTS
    return [
        figure(f"release to offer, {crowd}: statements", len(seen), "statements", "at most 8", ok=made and few),
        figure(f"decline and offer to the next, {crowd}: CPU", passed, "ms", "below 100", ok=passed < MOST_CPU),
        figure(f"sweep that finds nothing, {crowd}: CPU", swept, "ms"),
        figure(f"one's place on the list, {crowd}: CPU", placed, "ms", "below 100", ok=placed < MOST_CPU),
    ]


def _pass_on() -> None:
    offer = Booking.objects.select_related("instrument", "award", "booked_by").get(state=BookingState.HELD)
    decline_offer(offer, by=offer.booked_by)


def _prepare() -> tuple[Booking, list[Award]]:
    """An instrument open all day whose coming month is taken but for two hours that were just given back."""
    person = User.objects.create_user("bench-waiting@example.org", name="Amina")
    home = Organisation.objects.create(name="Bench university", slug="bench-waiting", country="KE", time_zone="UTC")
    instrument = Instrument.objects.create(
        slug="bench-waiting", name="Bench", organisation=home, place="Nairobi", time_zone="UTC", state="listed"
    )
    instrument.units.create(name="Unit 1")
    for weekday in range(7):
        instrument.opening_hours.create(weekday=weekday, opens=0, closes=1440)
    Policy.objects.create(instrument=instrument)
    Membership.objects.create(user=person, organisation=home, role=Role.RESEARCHER, state=MembershipState.CONFIRMED)
    today = timezone.now().date()
    awards = Award.objects.bulk_create(
        Award(
            title=f"Bench {n}", holder=person, organisation=home, instrument=instrument, state="active",
            granted_minutes=600, balance_minutes=600 - n % 5, valid_from=today, valid_until=today + 100 * DAY,
        )
        for n in range(AWARDS)
    )  # fmt: skip
    start = datetime.combine(today + 14 * DAY, time(9), tzinfo=timezone.get_default_timezone())
    booking = book_time(instrument, Span(start, start + 2 * HOUR), awards[-1], by=person)
    cancel_booking(booking, by=person)
    for begin, hours in ((start - 12 * DAY, 12 * 24), (start + 2 * HOUR, 12 * 24)):
        period = DateTimeTZRange(begin, begin + hours * HOUR)
        Booking.objects.create(
            instrument=instrument, unit=booking.unit, award=awards[-1], organisation=home, booked_by=person,
            period=period, occupied=period, minutes=60 * hours, state=BookingState.CONFIRMED,
        )  # fmt: skip
    return booking, awards


def _wait(awards: list[Award], number: int, moment: datetime) -> None:
    """So many places around the freed time, spread over the awards; every other one wants what does not fit there."""
    entries = WaitlistEntry.objects.bulk_create(
        [
            WaitlistEntry(
                organisation_id=awards[0].organisation_id,
                asked_by_id=awards[0].holder_id,
                window=DateTimeTZRange(moment - 10 * DAY, moment + 10 * DAY),
                minutes=120 if n % 2 else 180,
            )
            for n in range(number)
        ],
        batch_size=1000,
    )
    through = WaitlistEntry.awards.through
    through.objects.bulk_create(
        [through(waitlistentry=entry, award=awards[n % len(awards)]) for n, entry in enumerate(entries)],
        batch_size=1000,
    )
