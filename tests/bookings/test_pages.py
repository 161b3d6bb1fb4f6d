"""Booking pages: a person chooses, checks, books, moves and cancels; others are kept out; a fixed number of queries."""

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.enums import BookingState, SessionState
from bookings.models import Booking
from bookings.week import week_name
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory

pytestmark = pytest.mark.django_db


def week_url(instrument, monday, **query):
    values = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/en/instruments/{instrument.slug}/book/?week={week_name(monday.start.date())}&{values}"


def slot(moment):
    return moment.strftime("%Y-%m-%dT%H:%MZ")


@pytest.fixture
def as_researcher(client, researcher):
    client.force_login(researcher)
    return client


def test_the_week_shows_free_slots_on_both_clocks(as_researcher, instrument, award, monday):
    page = as_researcher.get(week_url(instrument, monday, length=120)).content.decode()
    assert f'value="{slot(monday.start)}"' in page
    assert "Times are in Nairobi time (UTC+3)" in page
    assert "at the lab" in page


def test_a_booked_time_is_shown_as_booked_and_cannot_be_chosen(as_researcher, instrument, award, monday):
    BookingFactory(award=AwardFactory(instrument=instrument), start=monday.start)
    page = as_researcher.get(week_url(instrument, monday, length=120)).content.decode()
    assert f'value="{slot(monday.start)}"' not in page
    assert "Booked" in page


def test_from_slot_to_booking_and_a_double_click_books_once(as_researcher, instrument, award, monday):
    query = {"slot": slot(monday.start), "length": 120, "award": award.ref}
    check = as_researcher.get(f"/en/instruments/{instrument.slug}/book/check/", query)
    assert "Check your booking" in check.content.decode()
    form = check.context["form"]
    data = query | {"form_key": str(form.initial["form_key"]), "participants": [award.holder_id], "purpose": "Try"}
    for _ in range(2):
        response = as_researcher.post(f"/en/instruments/{instrument.slug}/book/confirm/", data)
        booking = Booking.objects.get()
        assert response.status_code == 302
        assert response["Location"].startswith(booking.get_absolute_url())
    page = as_researcher.get(response["Location"]).content.decode()
    assert booking.ref in page
    assert "Booked" in page


def test_a_form_sent_again_by_another_at_the_same_screen_counts_for_them(
    as_researcher, instrument, award, monday, focal_point
):
    address, key = f"/en/instruments/{instrument.slug}/book/confirm/", str(uuid4())
    data = {"length": 120, "award": award.ref, "form_key": key}
    assert as_researcher.post(address, data | {"slot": slot(monday.start)}).status_code == 302
    as_researcher.force_login(focal_point)
    assert as_researcher.post(address, data | {"slot": slot(monday.end)}).status_code == 302
    assert [booking.booked_by for booking in Booking.objects.in_order()] == [award.holder, focal_point]


@pytest.mark.parametrize("page", ["confirm", "series/confirm"])
@pytest.mark.parametrize("ref", ["", "UNKNOWN2", "\0"])
def test_no_other_award_pays_where_the_one_named_is_unknown(as_researcher, instrument, award, monday, page, ref):
    data = {"slot": slot(monday.start), "length": 120, "times": 2, "chosen": slot(monday.start), "award": ref}
    response = as_researcher.post(f"/en/instruments/{instrument.slug}/book/{page}/", data)
    assert response.status_code == 400
    assert "Only the award&#x27;s holder" in response.content.decode()
    assert not Booking.objects.exists()


def test_a_slot_taken_meanwhile_gives_409_and_three_free_times(as_researcher, instrument, award, monday):
    BookingFactory(award=AwardFactory(instrument=instrument), start=monday.start)
    data = {"slot": slot(monday.start), "length": 120, "award": award.ref}
    response = as_researcher.post(f"/en/instruments/{instrument.slug}/book/confirm/", data)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Somebody booked this time while you were choosing." in page
    assert page.count("/book/check/?award=") == 3
    assert "<title>Error:" in page


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"slot": "2027-03-28T02:30"}, 400),
        ({"slot": "nonsense"}, 400),
        ({"slot": ""}, 400),
        ({"length": "abc"}, 400),
        ({"length": "99999999999"}, 400),
        ({"slot": "2020-01-06T09:00Z"}, 422),
        ({"length": "720"}, 422),
        ({"award": "NOSUCHREF"}, 400),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(as_researcher, instrument, award, monday, change, code):
    data = {"slot": slot(monday.start), "length": "120", "award": award.ref} | change
    response = as_researcher.post(f"/en/instruments/{instrument.slug}/book/confirm/", data)
    assert response.status_code == code
    assert not Booking.objects.exists()


def test_without_hours_the_week_says_where_hours_come_from(client, stranger_researcher, instrument, monday):
    client.force_login(stranger_researcher)
    page = client.get(week_url(instrument, monday)).content.decode()
    assert "You have no hours on this instrument" in page
    assert 'type="radio"' not in page


def test_a_visitor_is_asked_to_sign_in(client, instrument):
    response = client.get(f"/en/instruments/{instrument.slug}/book/")
    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_three(
    as_researcher, award, monday, count, django_assert_num_queries
):
    for n in range(count):
        BookingFactory(award=award, start=monday.start + timedelta(days=n))
    with django_assert_num_queries(4):
        page = as_researcher.get("/en/bookings/").content.decode()
    assert page.count("card-row") == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_week_takes_the_same_queries_for_one_and_three(
    as_researcher, instrument, award, monday, count, django_assert_num_queries
):
    for n in range(count):
        BookingFactory(award=award, start=monday.start + timedelta(days=n))
    with django_assert_num_queries(5):
        as_researcher.get(week_url(instrument, monday))


def test_move_through_the_pages(as_researcher, award, monday):
    booking = BookingFactory(award=award, start=monday.start)
    there = monday.start + timedelta(days=1)
    assert as_researcher.get(reverse("bookings:move", args=[booking.ref])).status_code == 200
    query = {"slot": slot(there), "length": 120}
    assert "Check the new time" in as_researcher.get(f"/en/bookings/{booking.ref}/move/check/", query).content.decode()
    response = as_researcher.post(f"/en/bookings/{booking.ref}/move/confirm/", query)
    booking.refresh_from_db()
    assert response.status_code == 302
    assert booking.start == there


def test_cancel_asks_first_and_a_get_changes_nothing(as_researcher, award, monday):
    booking = BookingFactory(award=award, start=monday.start)
    url = f"/en/bookings/{booking.ref}/cancel/"
    assert as_researcher.get(url).status_code == 200
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED
    assert as_researcher.post(url, {"why": ""}).status_code == 302
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED


def test_an_operator_answers_from_the_laboratorys_page(client, operator, award, monday):
    booking = BookingFactory(award=award, start=monday.start, state=BookingState.REQUESTED)
    client.force_login(operator)
    assert booking.get_absolute_url() in client.get("/en/lab/").content.decode()
    client.post(f"/en/bookings/{booking.ref}/confirm/")
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED


def test_what_cannot_move_says_so_before_a_time_is_chosen(as_researcher, award, monday, time_machine):
    award.instrument.policy.late_cancel_percent = 50
    award.instrument.policy.save()
    booking = BookingFactory(award=award, start=monday.start)
    page, there = f"/en/bookings/{booking.ref}/move/", {"length": 120, "slot": slot(monday.start + timedelta(days=1))}
    assert as_researcher.get(page).status_code == 200
    here = as_researcher.get(f"{page}check/", there | {"slot": slot(monday.start)})
    assert (here.status_code, [reason.code for reason in here.context["reasons"]]) == (422, ["same_time"])
    assert "Move the booking" not in here.content.decode()
    time_machine.move_to(monday.start - timedelta(hours=3), tick=False)
    for response in (as_researcher.get(page), as_researcher.get(f"{page}check/", there)):
        assert response.status_code == 422
        assert "It is too late to move this booking." in response.content.decode()


def test_staff_cannot_set_aside_that_a_booking_stays_where_it_is(client, staff, award, monday):
    booking = BookingFactory(award=award, start=monday.start)
    client.force_login(staff)
    here = client.get(f"/en/bookings/{booking.ref}/move/check/", {"length": 120, "slot": slot(monday.start)})
    assert (here.status_code, here.context["override"]) == (422, None)


@pytest.mark.parametrize("verb", ["cancel", "decline", "fail"])
def test_nobody_is_asked_why_for_a_deed_that_is_no_longer_possible(client, staff, award, verb):
    booking = BookingFactory(award=award, state=BookingState.CANCELLED)
    client.force_login(staff)
    response = client.get(f"/en/bookings/{booking.ref}/{verb}/")
    assert response.status_code == 422
    assert "the step is no longer possible" in response.content.decode()


@pytest.mark.parametrize("who", ["stranger_researcher", "stranger_focal_point", "stranger_operator", "donor"])
@pytest.mark.parametrize("path", ["", "cancel/", "move/", "decline/", "fail/"])
def test_strangers_do_not_find_the_booking(client, request, award, monday, who, path):
    booking = BookingFactory(award=award, start=monday.start)
    client.force_login(request.getfixturevalue(who))
    assert client.get(f"/en/bookings/{booking.ref}/{path}").status_code == 404
    assert client.post(f"/en/bookings/{booking.ref}/{path}").status_code in (404, 405)
    assert client.get(f"/en/sessions/{booking.ref}/").status_code == 404
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED


def test_the_door_shows_the_link_to_participants_and_only_while_live(
    client, researcher, focal_point, operator, staff, award, monday, time_machine
):
    booking = BookingFactory(award=award, start=monday.start)
    url, link = f"/en/sessions/{booking.ref}/", award.instrument.link

    def shown(user):
        client.force_login(user)
        return link in client.get(url).content.decode()

    time_machine.move_to(monday.start - timedelta(minutes=5), tick=False)
    assert not shown(researcher)
    client.post(url + "begin/")
    assert not shown(researcher)

    time_machine.move_to(monday.start + timedelta(minutes=1), tick=False)
    client.post(url + "begin/")
    booking.session.refresh_from_db()
    assert booking.session.state == SessionState.LIVE
    assert shown(researcher)
    assert shown(operator)
    assert not shown(focal_point)
    assert not shown(staff)

    time_machine.move_to(monday.end, tick=False)
    assert not shown(researcher)
    assert "The session is over" in client.get(url).content.decode()


def test_the_fragment_answers_304_until_something_changes(client, researcher, award, monday, time_machine):
    booking = BookingFactory(award=award, start=monday.start)
    client.force_login(researcher)
    url = f"/en/sessions/{booking.ref}/state/"
    time_machine.move_to(monday.start + timedelta(minutes=1), tick=False)
    first = client.get(url)
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304
    client.post(f"/en/sessions/{booking.ref}/begin/")
    again = client.get(url, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert "End the session now" in again.content.decode()
    time_machine.move_to(timezone.now() + timedelta(hours=3), tick=False)
    assert client.get(url)["X-Stop"] == "1"


@pytest.mark.parametrize("moment", ["0001-01-05T00:00Z", "9999-12-31T23:30Z"])
def test_a_time_at_the_end_of_the_calendar_is_none_of_those_shown(as_researcher, instrument, award, moment):
    page = f"/en/instruments/{instrument.slug}/book/"
    wish = {"slot": moment, "length": 60, "award": award.ref}
    assert as_researcher.get(f"{page}check/", wish).status_code == 400
    assert as_researcher.post(f"{page}confirm/", wish).status_code == 400


@pytest.mark.parametrize("week", ["0001-W01", "9999-W52"])
def test_a_week_at_the_end_of_the_calendar_shows_this_week(as_researcher, instrument, award, week):
    today = timezone.localdate(timezone=ZoneInfo(award.holder.time_zone))
    this_week = f"week={week_name(today + timedelta(days=7))}"
    assert this_week in as_researcher.get(f"/en/instruments/{instrument.slug}/book/?week={week}").content.decode()


def test_a_null_byte_names_no_booking_and_no_award(as_researcher, instrument, award, monday):
    assert as_researcher.get("/en/bookings/%00/").status_code == 404
    assert as_researcher.get("/en/sessions/%00/state/").status_code == 404
    assert as_researcher.get("/en/bookings/?award=%00").status_code == 200
    wish = {"slot": slot(monday.start), "length": 120, "award": "\0"}
    assert as_researcher.post(f"/en/instruments/{instrument.slug}/book/confirm/", wish).status_code == 400


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_address_of_a_button_shows_a_page_when_it_is_reloaded(as_researcher, award, language):
    address = f"/{language}/bookings/{BookingFactory(award=award).ref}/confirm/"
    response = as_researcher.get(address)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert {"en": "Nothing was changed.", "fr": "Rien n’a été modifié."}[language] in response.content.decode()


def test_late_in_a_week_the_next_one_is_shown_first(as_researcher, instrument, award, monday, time_machine):
    friday = monday.start + timedelta(days=4, hours=6)
    time_machine.move_to(friday, tick=False)
    page = as_researcher.get(f"/en/instruments/{instrument.slug}/book/").content.decode()
    assert f'value="{slot(monday.start + timedelta(days=7))}"' in page
    asked = as_researcher.get(week_url(instrument, monday)).content.decode()
    assert f'value="{slot(monday.start + timedelta(days=7))}"' not in asked
