"""`bulk_data`: many rows that keep every rule, fast."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from bookings.enums import BookingState
from bookings.models import Booking, Session
from calls.models import Application, Award, Call, Interest, LedgerEntry, Review, Score
from donations.actions.matching import run_matching
from donations.models import Need, Offer
from instruments.models import Instrument, Technique
from portal.accounts.models import User

pytestmark = pytest.mark.django_db


def bulk(**options: int) -> None:
    call_command("bulk_data", force=True, verbosity=0, **options)


def test_refused_where_it_is_no_demo() -> None:
    with pytest.raises(CommandError, match=r"DEMO=1.*--force"):
        call_command("bulk_data", bookings=10)
    assert not User.objects.exists()


@pytest.mark.parametrize("typed", ["-5", "many", "1.5", ""])
def test_nonsense_is_refused(typed: str) -> None:
    with pytest.raises(CommandError, match="is not a whole number"):
        call_command("bulk_data", "--force", f"--bookings={typed}")


def test_bookings_are_spread_and_complete() -> None:
    bulk(bookings=2003)
    assert Booking.objects.count() == Session.objects.count() == 2003
    assert Booking.participants.through.objects.count() == 2003
    units = Counter(Booking.objects.values_list("unit", flat=True))
    assert len(units) == 8
    assert max(units.values()) - min(units.values()) <= 1
    first, last = (Booking.objects.in_order()[index].start for index in (0, 2002))
    assert last - first > timedelta(days=1000)
    assert first < timezone.now() < last
    states = Counter(Booking.objects.values_list("state", flat=True))
    assert set(states) == {"completed", "cancelled", "missed", "confirmed"}
    future = Booking.objects.filter(period__startswith__gt=timezone.now())
    assert set(future.values_list("state", "session__state")) == {(BookingState.CONFIRMED, "scheduled")}


def test_hours_are_in_order() -> None:
    bulk(bookings=500)
    assert not Award.objects.out_of_balance().exists()
    assert set(Award.objects.values_list("balance_minutes", flat=True)) == {6000}
    booking = Booking.objects.filter(state=BookingState.COMPLETED).first()
    assert booking
    assert LedgerEntry.objects.filter(booking=booking.ref).aggregate(sum=Sum("minutes"))["sum"] == -booking.minutes


def test_each_run_adds() -> None:
    for _run in range(2):
        bulk(bookings=100, interests=60)
    assert Booking.objects.count() == 200
    assert Interest.objects.count() == 120
    assert len(set(Interest.objects.values_list("token", flat=True))) == 120


def test_the_pages_of_bulk_instruments_work(client: Client) -> None:
    bulk(bookings=200)
    instrument = Instrument.objects.first()
    assert instrument
    client.force_login(Award.objects.filter(instrument=instrument)[0].holder)
    for path in (instrument.get_absolute_url(), f"{instrument.get_absolute_url()}book/", "/en/bookings/", "/en/me/"):
        assert client.get(path).status_code == 200, path


def test_interests_differ() -> None:
    bulk(interests=900)
    rows = Interest.objects.active()
    assert rows.count() == 900
    assert len(set(rows.values_list("country", flat=True))) == 23
    named = rows.exclude(techniques=None).distinct()
    assert named.count() == 600
    assert rows.filter(techniques__in=Technique.objects.all()).count() > 600
    assert {len(row.token) for row in rows} == {43}
    assert set(rows.values_list("language", flat=True)) == {"en", "fr"}


def test_a_call_with_many_applications_has_reviews_and_a_board(client: Client, staff: User) -> None:
    for _run in range(2):
        bulk(applications=50)
    assert Application.objects.count() == 100
    states = Counter(Application.objects.values_list("state", flat=True))
    assert states == {"review": 90, "prepared": 10}
    assert Review.objects.count() == 3 * 100
    assert Score.objects.count() == 3 * 2 * 100
    loads = Counter(Review.objects.values_list("reviewer", flat=True))
    assert max(loads.values()) <= 9
    client.force_login(staff)
    for call in Call.objects.all():
        for page in ("board", "outcomes", "panel"):
            assert client.get(f"/en/desk/calls/{call.slug}/{page}/").status_code == 200


def test_some_needs_and_offers_fit_and_some_do_not(client: Client) -> None:
    for _run in range(2):
        bulk(needs=60, offers=60)
    assert (Need.objects.open().count(), Offer.objects.open().count()) == (120, 120)
    assert Need.objects.values("category").distinct().count() > 8
    run = run_matching()
    assert (run.needs, run.offers) == (120, 120)
    assert 5 < len(run.pairs) < 115
    assert run.near
    assert client.get(Need.objects.open()[0].get_absolute_url()).status_code == 200
