"""The waiting list in the API: the same verdicts as the pages, with codes."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from bookings.actions.waitlist import join_waitlist, offer_freed_time
from bookings.models import WaitlistEntry
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory

pytestmark = pytest.mark.django_db
HERE = "/api/v1/waitlist/"


def codes(answer):
    return [error["code"] for error in answer.json()["errors"]]


@pytest.fixture
def api(researcher):
    client = APIClient()
    client.force_login(researcher)
    return client


@pytest.fixture
def wish(award, monday):
    return {
        "awards": [award.ref],
        "start": monday.start.isoformat(),
        "end": (monday.end + timedelta(hours=2)).isoformat(),
        "minutes": 120,
    }


@pytest.fixture
def offered(api, wish, monday, researcher, institute, instrument):
    ref = api.post(HERE, wish, format="json").json()["ref"]
    other = AwardFactory(holder=researcher, organisation=institute, instrument=instrument)
    BookingFactory(award=other, start=monday.end, minutes=600)
    assert len(offer_freed_time(instrument, monday)) == 1
    return ref


def test_join_list_and_leave(api, wish, instrument, award):
    created = api.post(HERE, wish, format="json")
    assert created.status_code == 201, created.content
    place = created.json()
    assert place["instruments"] == [{"instrument": instrument.slug, "award": award.ref, "place": 1}]
    assert (place["state"], place["offer"], place["least_notice"]) == ("waiting", None, 1440)
    assert [row["ref"] for row in api.get(HERE).json()["results"]] == [place["ref"]]
    assert api.get(f"{HERE}{place['ref']}/").json() == place
    assert api.post(f"{HERE}{place['ref']}/leave/", {}, format="json").json()["state"] == "left"
    assert codes(api.post(f"{HERE}{place['ref']}/leave/", {}, format="json")) == ["wrong_state"]


def test_accept(api, offered, award):
    offer = api.get(f"{HERE}{offered}/").json()["offer"]
    assert (offer["state"], offer["hours"]) == ("held", 2)
    assert offer["held_until"]
    wrong = api.post(f"{HERE}{offered}/accept/", {"offer": "NOSUCHREF"}, format="json")
    assert (wrong.status_code, codes(wrong)) == (422, ["no_offer"])
    booked = api.post(f"{HERE}{offered}/accept/", {"offer": offer["ref"]}, format="json")
    assert (booked.json()["ref"], booked.json()["state"]) == (offer["ref"], "confirmed")
    again = api.post(f"{HERE}{offered}/accept/", {}, format="json")
    assert (again.status_code, codes(again)) == (422, ["offer_accepted"])
    award.refresh_from_db()
    assert award.balance_minutes == 480


def test_decline(api, offered):
    declined = api.post(f"{HERE}{offered}/decline/", {"why": "Away"}, format="json")
    assert (declined.json()["state"], declined.json()["offer"]) == ("waiting", None)
    assert codes(api.post(f"{HERE}{offered}/accept/", {}, format="json")) == ["offer_ended"]


def test_nobody_else_sees_or_answers(offered, stranger_focal_point, operator):
    client = APIClient()
    for person in (stranger_focal_point, operator):
        client.force_login(person)
        assert client.get(HERE).json()["results"] == []
        assert client.post(f"{HERE}{offered}/accept/", {}, format="json").status_code == 404
    assert APIClient().get(HERE).status_code in (401, 403)


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"start": "2027-03-28T02:30:00"}, 400, "offset"),
        ({"end": "2020-01-06T09:00:00Z"}, 400, "after the start"),
        ({"awards": []}, 400, "awards"),
        ({"awards": ["NOSUCH"]}, 400, "none of this name"),
        ({"minutes": 0}, 400, "minutes"),
        ({"minutes": -60}, 400, "minutes"),
        ({"minutes": 90}, 422, "off_step"),
        ({"minutes": 600}, 422, "too_long"),
        ({"least_notice": -1}, 400, "least_notice"),
        ({"start": "2020-01-06T09:00:00Z", "end": "2020-01-06T11:00:00Z"}, 422, "in_the_past"),
        ({"end": "2099-01-06T11:00:00Z"}, 422, "window_too_far"),
    ],
)
def test_bad_wishes_say_what_is_wrong(api, wish, change, status, word):
    answer = api.post(HERE, wish | change, format="json")
    assert answer.status_code == status, answer.content
    assert word in answer.content.decode()
    assert not WaitlistEntry.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_whatever_its_length(
    api, django_assert_num_queries, researcher, institute, instrument, monday, rows
):
    for _ in range(rows):
        award = AwardFactory(holder=researcher, organisation=institute, instrument=instrument)
        join_waitlist([award], monday, 60, by=researcher)
    with django_assert_num_queries(7):
        assert len(api.get(HERE).json()["results"]) == rows
