"""The pages of the waiting list: join, see one's place, answer an offer, leave; all without JavaScript."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.actions.waitlist import join_waitlist, offer_freed_time
from bookings.enums import WaitlistState
from bookings.models import Booking, WaitlistEntry
from bookings.slots import Span
from portal.notifications.models import Notification
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.factories.trainings import CertificateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(award, monday, researcher):
    window = Span(monday.start - timedelta(hours=1), monday.start + timedelta(hours=6))
    return join_waitlist([award], window, 120, by=researcher)


@pytest.fixture
def offer(entry, monday, researcher, institute, instrument):
    other = AwardFactory(holder=researcher, organisation=institute, instrument=instrument)
    BookingFactory(award=other, start=monday.start - timedelta(hours=9), minutes=540)
    BookingFactory(award=other, start=monday.end, minutes=600)
    [offer] = offer_freed_time(instrument, monday)
    return offer


def typed(award, **changed):
    today = timezone.localdate()
    wish = {"awards": [award.pk], "hours": "2", "first": today, "last": today + timedelta(days=20)}
    return wish | {"least_notice": 1440, "purpose": "Two crystals"} | changed


def test_joining_from_the_week_page(client, researcher, award, instrument):
    client.force_login(researcher)
    week = client.get(reverse("booking_instruments:book", args=[instrument.slug]))
    address = reverse("waitlist:join") + f"?award={award.ref}&amp;length=60"
    assert address in week.content.decode()

    page = client.get(reverse("waitlist:join"), {"award": award.ref, "length": "90"})
    assert 'value="1.5"' in page.content.decode()
    answer = client.post(reverse("waitlist:join"), typed(award))
    entry = WaitlistEntry.objects.get()
    assert answer.url == entry.get_absolute_url() + "?new=1"
    assert (entry.minutes, entry.asked_by, entry.purpose) == (120, researcher, "Two crystals")
    shown = client.get(answer.url).content.decode()
    assert "Place 1 on this instrument" in shown
    assert "Who is asked first" in shown


@pytest.mark.parametrize(
    ("changed", "status", "sentence"),
    [
        ({"awards": []}, 400, "Choose at least one instrument."),
        ({"hours": "0"}, 400, "0.01"),
        ({"hours": "1.001"}, 400, "whole minutes"),
        ({"last": "2026-01-01"}, 400, "The last day comes before the first."),
        ({"last": "9999-12-31"}, 400, "Enter a valid date."),
        ({"least_notice": "7"}, 400, "not one of the available choices"),
        ({"hours": "30"}, 422, "is booked for at most"),
        ({"hours": "8", "awards": "poor"}, 422, "fewer hours left"),
    ],
)
def test_bad_wishes_are_answered_and_change_nothing(
    client, researcher, institute, instrument, award, changed, status, sentence
):
    client.force_login(researcher)
    if changed.get("awards") == "poor":
        poor = AwardFactory(
            holder=researcher, organisation=institute, instrument=instrument, granted_minutes=60, balance_minutes=60
        )
        changed = changed | {"awards": [poor.pk]}
    answer = client.post(reverse("waitlist:join"), typed(award, **changed))
    assert (answer.status_code, sentence in answer.content.decode()) == (status, True)
    assert not WaitlistEntry.objects.exists()


def test_only_awards_one_may_book_with_are_offered(client, stranger_focal_point, award):
    client.force_login(stranger_focal_point)
    assert client.get(reverse("waitlist:join")).status_code == 200
    assert client.post(reverse("waitlist:join"), typed(award)).status_code == 400


def test_a_get_answers_nothing(client, researcher, entry, offer):
    client.force_login(researcher)
    for verb in ("accept", "decline", "leave"):
        assert client.get(reverse(f"waitlist:{verb}", args=[entry.ref])).status_code == 405
    page = client.get(entry.get_absolute_url()).content.decode()
    assert "Accept this time" in page
    offer.refresh_from_db()
    assert offer.state == "held"


def test_accepting_leads_to_the_booking(client, researcher, entry, offer):
    client.force_login(researcher)
    answer = client.post(reverse("waitlist:accept", args=[entry.ref]), {"offer": offer.ref})
    assert answer.url == offer.get_absolute_url() + "?new=1"
    assert client.get(answer.url).status_code == 200
    again = client.post(reverse("waitlist:accept", args=[entry.ref]), {"offer": offer.ref})
    assert (again.status_code, "accepted already" in again.content.decode()) == (422, True)
    assert Booking.objects.get(pk=offer.pk).state == "confirmed"


def test_who_holds_the_certificate_takes_part_in_what_was_accepted(
    client, researcher, stranger_researcher, award, instrument, entry, offer
):
    instrument.policy.needs_certificate = True
    instrument.policy.save()
    award.members.add(stranger_researcher)
    CertificateFactory(instrument=instrument, person=stranger_researcher)
    client.force_login(researcher)
    client.post(reverse("waitlist:accept", args=[entry.ref]), {"offer": offer.ref})
    assert set(Booking.objects.get(pk=offer.pk, state="confirmed").participants.all()) == {
        researcher,
        stranger_researcher,
    }
    assert Notification.objects.filter(kind="bookings.confirmed", user=stranger_researcher).exists()


def test_an_offer_that_is_over_is_said_to_be(client, researcher, entry, offer, time_machine):
    client.force_login(researcher)
    time_machine.move_to(offer.held_until)
    assert "Accept this time" not in client.get(entry.get_absolute_url()).content.decode()
    late = client.post(reverse("waitlist:accept", args=[entry.ref]), {"offer": offer.ref})
    assert (late.status_code, "The time to answer this offer is over" in late.content.decode()) == (422, True)


def test_what_nobody_answered_in_time_is_free_to_see_and_to_book(
    client, stranger_researcher, elsewhere, instrument, monday, offer, time_machine
):
    award = AwardFactory(holder=stranger_researcher, organisation=elsewhere, instrument=instrument)
    client.force_login(stranger_researcher)
    page, start = reverse("booking_instruments:book", args=[instrument.slug]), f"{offer.start:%Y-%m-%dT%H:%MZ}"
    wish = {"award": award.ref, "slot": start, "length": 120}
    window = {"from": monday.start.isoformat(), "to": monday.end.isoformat(), "minutes": 120}

    def seen():
        week = client.get(page, {"week": f"{monday.start:%G-W%V}", "length": 120}).content.decode()
        free = client.get(f"/api/v1/instruments/{instrument.slug}/availability/", window).json()["results"]
        found = client.get("/api/v1/free-time/", window).json()["results"]
        series = client.get(f"{page}series/", wish | {"times": 2}).context["rows"][0][0].reasons
        return f'value="{start}"' in week, len(free), len(found), not series, client.get(f"{page}check/", wish)

    assert [*map(bool, seen()[:4]), seen()[4].status_code] == [False, False, False, False, 409]
    time_machine.move_to(offer.held_until)
    *free, check = seen()
    assert [*map(bool, free), check.status_code] == [True, True, True, True, 200]
    assert client.post(f"{page}confirm/", wish).status_code == 302
    assert Booking.objects.get(award=award).span == offer.span
    offer.refresh_from_db()
    assert offer.state == "released"


def test_another_offers_button_answers_nothing(client, researcher, entry, offer):
    client.force_login(researcher)
    answer = client.post(reverse("waitlist:accept", args=[entry.ref]), {"offer": "NOSUCHREF"})
    assert answer.status_code == 422
    offer.refresh_from_db()
    assert offer.state == "held"


def test_declining_keeps_the_place(client, focal_point, entry, offer):
    client.force_login(focal_point)
    answer = client.post(reverse("waitlist:decline", args=[entry.ref]), {"offer": offer.ref}, follow=True)
    assert "your place on the waiting list stays" in answer.content.decode()
    entry.refresh_from_db()
    assert entry.state == WaitlistState.WAITING


def test_leaving(client, researcher, entry):
    client.force_login(researcher)
    client.post(reverse("waitlist:leave", args=[entry.ref]))
    entry.refresh_from_db()
    assert entry.state == WaitlistState.LEFT
    assert entry.ref in client.get(reverse("waitlist:list") + "?past=1").content.decode()


def test_strangers_and_operators_see_no_places(client, stranger_focal_point, operator, entry):
    for person in (stranger_focal_point, operator):
        client.force_login(person)
        assert client.get(entry.get_absolute_url()).status_code == 404
        assert entry.ref not in client.get(reverse("waitlist:list")).content.decode()
        assert client.post(reverse("waitlist:leave", args=[entry.ref])).status_code == 404


def test_a_held_time_leads_only_those_to_the_offer_who_may_answer(client, operator, researcher, offer):
    url = offer.entry.get_absolute_url()
    for person, leads in ((operator, False), (researcher, True)):
        client.force_login(person)
        text = client.get(offer.get_absolute_url()).content.decode()
        assert "offered from the waiting list" in text
        assert (url in text) is leads


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_whatever_its_length(
    client, django_assert_num_queries, researcher, institute, instrument, monday, rows
):
    for _ in range(rows):
        award = AwardFactory(holder=researcher, organisation=institute, instrument=instrument)
        join_waitlist([award], Span(monday.start, monday.end), 60, by=researcher)
    client.force_login(researcher)
    client.get(reverse("waitlist:list"))
    with django_assert_num_queries(7):
        page = client.get(reverse("waitlist:list"))
    assert page.content.decode().count("<tr>") == rows + 1
