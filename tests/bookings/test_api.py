"""The API of bookings: nothing is possible here that is not on the pages, and refusals are problem details."""

from datetime import timedelta, timezone

import pytest
from rest_framework.test import APIClient

from bookings.models import Booking
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(researcher):
    client = APIClient()
    client.force_login(researcher)
    return client


@pytest.fixture
def wish(instrument, award, monday):
    return {
        "instrument": instrument.slug,
        "award": award.ref,
        "start": monday.start.isoformat(),
        "end": monday.end.isoformat(),
    }


def test_book_read_move_cancel(api, wish, award, monday):
    created = api.post("/api/v1/bookings/", wish, format="json")
    assert created.status_code == 201, created.content
    ref = created.json()["ref"]
    assert created.json()["hours"] == 2
    assert [row["ref"] for row in api.get("/api/v1/bookings/").json()["results"]] == [ref]

    there = {
        "start": (monday.start + timedelta(days=1)).isoformat(),
        "end": (monday.end + timedelta(days=1)).isoformat(),
    }
    moved = api.post(f"/api/v1/bookings/{ref}/move/", there, format="json")
    assert moved.json()["version"] == 1
    assert api.post(f"/api/v1/bookings/{ref}/cancel/", {}, format="json").json()["state"] == "cancelled"
    award.refresh_from_db()
    assert award.balance_minutes == 600


def test_a_taken_slot_is_409_with_free_alternatives(api, wish, instrument, monday):
    BookingFactory(award=AwardFactory(instrument=instrument), start=monday.start)
    response = api.post("/api/v1/bookings/", wish, format="json")
    assert response.status_code == 409
    assert response["Content-Type"].startswith("application/problem+json")
    alternatives = response.json()["alternatives"]
    assert len(alternatives) == 3
    again = wish | alternatives[0]
    assert api.post("/api/v1/bookings/", again, format="json").status_code == 201


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"start": "2027-03-28T02:30:00"}, 400, "offset"),
        ({"start": "yesterday"}, 400, ""),
        ({"end": None}, 400, ""),
        ({"instrument": "no-such"}, 400, "none of this name"),
        ({"award": "NOSUCH"}, 400, "none of this name"),
        ({"start": "2020-01-06T09:00:00Z", "end": "2020-01-06T11:00:00Z"}, 422, "in_the_past"),
        ({"participants": ["nobody@example.org"]}, 400, "share this award"),
    ],
)
def test_bad_input_says_what_is_wrong_and_books_nothing(api, wish, change, status, word):
    response = api.post("/api/v1/bookings/", wish | change, format="json")
    assert response.status_code == status, response.content
    assert word in response.content.decode()
    assert not Booking.objects.exists()


def test_an_end_before_the_start_is_malformed(api, wish):
    response = api.post("/api/v1/bookings/", wish | {"end": wish["start"]}, format="json")
    assert response.status_code == 400


def test_the_same_key_books_once(api, wish):
    first = api.post("/api/v1/bookings/", wish, format="json", headers={"Idempotency-Key": "one"})
    again = api.post("/api/v1/bookings/", wish, format="json", headers={"Idempotency-Key": "one"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Booking.objects.count() == 1


def test_availability_offers_what_can_be_booked(api, wish, instrument, monday):
    BookingFactory(award=AwardFactory(instrument=instrument), start=monday.start)
    query = {"from": monday.start.isoformat(), "to": (monday.end + timedelta(hours=2)).isoformat(), "minutes": 120}
    response = api.get(f"/api/v1/instruments/{instrument.slug}/availability/", query)
    assert response.status_code == 200, response.content
    (slot,) = response.json()["results"]
    assert api.post("/api/v1/bookings/", wish | slot, format="json").status_code == 201


@pytest.mark.parametrize(
    "query",
    [{}, {"from": "x", "to": "y"}, {"from": "2027-01-01T00:00:00Z", "to": "2027-03-01T00:00:00Z"}],
)
def test_availability_of_nonsense_is_400(api, instrument, query):
    assert api.get(f"/api/v1/instruments/{instrument.slug}/availability/", query).status_code == 400


def test_a_plus_that_nobody_escaped_is_read_as_meant(api, instrument, monday):
    address = f"/api/v1/instruments/{instrument.slug}/availability/"
    local = timezone(timedelta(hours=3))
    meant = {"from": monday.start.astimezone(local).isoformat(), "to": monday.end.astimezone(local).isoformat()}
    plain = api.get(f"{address}?from={meant['from']}&to={meant['to']}")
    assert plain.status_code == 200, plain.content
    assert plain.json()["results"] == api.get(address, meant).json()["results"] != []
    naive = api.get(f"{address}?from=2027-03-22T10:00 03&to=2027-03-22 10:00")
    assert [error["code"] for error in naive.json()["errors"]] == ["invalid", "naive"]


def test_a_visitor_gets_401(wish):
    client = APIClient()
    assert client.get("/api/v1/bookings/").status_code == 401
    assert client.post("/api/v1/bookings/", wish, format="json").status_code == 401


@pytest.mark.parametrize("who", ["stranger_researcher", "stranger_focal_point", "stranger_operator"])
def test_strangers_find_nothing(request, award, monday, wish, who):
    booking = BookingFactory(award=award, start=monday.start + timedelta(days=1))
    client = APIClient()
    client.force_login(request.getfixturevalue(who))
    assert client.get("/api/v1/bookings/").json()["results"] == []
    assert client.get(f"/api/v1/bookings/{booking.ref}/").status_code == 404
    assert client.post(f"/api/v1/bookings/{booking.ref}/cancel/", {}, format="json").status_code == 404
    assert client.get(f"/api/v1/sessions/{booking.ref}/").status_code == 404
    assert client.post("/api/v1/bookings/", wish, format="json").status_code == 400
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_the_link_is_in_the_answer_only_while_live(api, award, monday, time_machine):
    booking = BookingFactory(award=award, start=monday.start)
    url = f"/api/v1/sessions/{booking.ref}/"
    time_machine.move_to(monday.start - timedelta(minutes=1), tick=False)
    assert api.get(url).json()["link"] == ""
    assert api.post(url + "begin/", {}, format="json").status_code == 422
    time_machine.move_to(monday.start, tick=False)
    assert api.post(url + "begin/", {}, format="json").json()["link"] == award.instrument.link
    time_machine.move_to(monday.end, tick=False)
    assert api.get(url).json()["link"] == ""


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("0001-01-01T00:00:00+14:00", "0001-01-01T10:00:00+14:00"),
        ("0001-01-01T00:00:00Z", "0001-01-05T00:00:00Z"),
        ("9999-12-31T22:00:00-12:00", "9999-12-31T23:00:00-12:00"),
    ],
)
def test_moments_at_the_ends_of_the_calendar_are_malformed(api, wish, instrument, start, end):
    booked = api.post("/api/v1/bookings/", wish | {"start": start, "end": end}, format="json")
    free = api.get(f"/api/v1/instruments/{instrument.slug}/availability/", {"from": start, "to": end})
    for response, fields in ((booked, ["start", "end"]), (free, ["from", "to"])):
        assert response.status_code == 400
        errors = [(error["field"], error["code"]) for error in response.json()["errors"]]
        assert errors == [(field, "overflow") for field in fields]


def test_a_wall_time_without_its_offset_is_refused_in_the_reader_s_language(api, wish):
    wall = wish | {"start": "2027-03-22T10:00:00"}
    response = api.post("/api/v1/bookings/", wall, format="json", headers={"Accept-Language": "fr"})
    assert "décalage" in response.json()["errors"][0]["message"]


def test_a_body_nested_without_end_is_malformed(api):
    response = api.post("/api/v1/bookings/", b"[" * 100_000, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "parse_error"
