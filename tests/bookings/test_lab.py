"""The laboratory's first page: requests, sessions with who runs them, samples, closures, what waits."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bookings.models import Session, WaitlistEntry
from bookings.week import week_name
from instruments.actions import add_closure, remove_closure
from instruments.models import Closure, TrainingWish
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.factories.samples import SampleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_operator(client, operator):
    client.force_login(operator)
    return client


@pytest.fixture
def booking(award, monday, time_machine):
    made = BookingFactory(award=award, start=monday.start)
    time_machine.move_to(monday.start - timedelta(hours=1), tick=False)
    return made


def shown(client, query=""):
    return client.get(f"/en/lab/{query}").content.decode()


def test_an_operator_checks_in_and_takes_it_back_on_the_page(as_operator, booking, operator):
    address = reverse("lab:check_in", args=[booking.ref])
    assert address in shown(as_operator)
    assert as_operator.get(address).status_code == 405
    assert as_operator.post(address)["Location"] == "/en/lab/"
    assert Session.objects.get().operator == operator

    page = shown(as_operator)
    assert "<bdi>Odile Operator</bdi> runs this session." in page
    assert address not in page
    as_operator.post(reverse("lab:check_out", args=[booking.ref]))
    assert Session.objects.get().operator is None


def test_those_who_take_part_read_who_runs_their_session(client, booking, researcher, operator):
    client.force_login(researcher)
    pages = (booking.get_absolute_url(), booking.session.get_absolute_url())
    assert all(operator.name not in client.get(page).content.decode() for page in pages)
    Session.objects.update(operator=operator)
    assert all(f"<bdi>{operator.name}</bdi>" in client.get(page).content.decode() for page in pages)


def test_a_colleague_is_named_and_can_be_relieved(as_operator, booking, operator):
    Session.objects.update(operator=UserFactory(name="Carla Colleague"))
    page = shown(as_operator)
    assert "Carla Colleague" in page
    assert "I run it instead" in page


def test_a_session_that_needs_an_operator_soon_says_so(as_operator, booking, instrument):
    assert "Nobody has checked in yet" not in shown(as_operator)
    instrument.policy.needs_operator = True
    instrument.policy.save()
    assert "Nobody has checked in yet" in shown(as_operator)


def test_a_whole_day_is_offered_where_several_wait(as_operator, booking, award, monday, operator):
    address = reverse("lab:check_in_day", args=[monday.start.date().isoformat()])
    assert address not in shown(as_operator)
    BookingFactory(award=award, start=monday.start + timedelta(hours=3))
    page = shown(as_operator)
    assert address in page
    assert "I run all 2 sessions of this day" in page
    assert as_operator.post(address).status_code == 302
    assert Session.objects.filter(operator=operator).count() == 2
    assert "No session of this day waits" in as_operator.post(address, follow=True).content.decode()


def test_the_day_that_is_checked_in_to_is_the_one_shown(as_operator, booking, award, monday, operator):
    operator.time_zone = "Pacific/Auckland"
    operator.save()
    late = [BookingFactory(award=award, start=monday.start.replace(hour=hour)) for hour in (19, 21)]  # Tuesday there
    tuesday = monday.start.date() + timedelta(days=1)
    address = reverse("lab:check_in_day", args=[tuesday.isoformat()])
    assert address in shown(as_operator)
    assert "You run 2 sessions." in as_operator.post(address, follow=True).content.decode()
    assert {session.booking for session in Session.objects.filter(operator=operator)} == set(late)


@pytest.mark.parametrize("day", ["nonsense", "2027-02-30", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_not_found(as_operator, booking, day):
    assert as_operator.post(f"/en/lab/days/{day}/check-in/").status_code == 404


@pytest.mark.parametrize("who", ["researcher", "stranger_operator"])
def test_others_check_in_to_nothing(client, request, booking, who):
    client.force_login(request.getfixturevalue(who))
    for name in ("check_in", "check_out"):
        assert client.post(reverse(f"lab:{name}", args=[booking.ref])).status_code in (403, 404)
    client.post(reverse("lab:check_in_day", args=[booking.start.date().isoformat()]))
    assert Session.objects.get().operator is None


def test_requests_are_answered_on_the_page(as_operator, award, monday):
    request = BookingFactory(award=award, start=monday.start, state="requested", purpose="Copper")
    page = shown(as_operator)
    assert reverse("bookings:confirm", args=[request.ref]) in page
    assert reverse("bookings:decline", args=[request.ref]) in page
    assert "Copper" in page


def test_another_week_is_a_click_away(as_operator, award, monday):
    booking = BookingFactory(award=award, start=monday.start)
    row = f'<a href="{booking.get_absolute_url()}"><b>'
    assert row not in shown(as_operator)
    assert row in shown(as_operator, f"?week={week_name(monday.start.date())}")
    assert shown(as_operator, "?week=nonsense")


def test_samples_closures_and_what_waits(as_operator, booking, award, instrument, monday, researcher):
    sample = SampleFactory(award=award, state="shipped")
    SampleFactory(award=AwardFactory(), label="Elsewhere")
    period = (monday.start + timedelta(days=3), monday.start + timedelta(days=4))
    Closure.objects.create(instrument=instrument, period=period, reason="New detector")
    TrainingWish.objects.create(instrument=instrument, user=researcher)
    entry = WaitlistEntry.objects.create(
        organisation=award.organisation, asked_by=researcher, window=period, minutes=60
    )
    entry.awards.set([award, AwardFactory(instrument=instrument)])
    page = shown(as_operator)
    assert reverse("samples:move", args=[sample.ref, "receive"]) in page
    assert "Elsewhere" not in page
    assert "New detector" in page
    assert "1 for time" in page
    assert "1 to be trained" in page


def test_what_something_came_in_the_way_of_is_listed_until_it_is_settled(
    as_operator, booking, instrument, operator, focal_point
):
    BookingFactory(award=AwardFactory(), state="confirmed", disturbances=["closed"], disturbed_at=booking.start)
    assert "Cannot be held as booked" not in shown(as_operator)
    closure, _hit = add_closure(instrument, booking.start, booking.end, "Service", by=operator)
    page = shown(as_operator)
    listed = page.split("Cannot be held as booked")[1].split("</section>")[0]
    assert listed.count(f'href="{booking.get_absolute_url()}"') == 1
    assert listed.count("In its way:") == 1
    assert "a closure" in listed
    assert reverse("bookings:move", args=[booking.ref]) in listed
    remove_closure(closure, by=operator)
    assert "Cannot be held as booked" not in shown(as_operator)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_three(
    as_operator, award, monday, time_machine, count, django_assert_num_queries
):
    for n in range(count):
        BookingFactory(award=award, start=monday.start + timedelta(hours=2 * n))
        BookingFactory(award=award, start=monday.start + timedelta(days=n + 1), state="requested")
        BookingFactory(
            award=award,
            start=monday.start + timedelta(days=n + 8),
            disturbances=["closed"],
            disturbed_at=monday.start,
        )
        SampleFactory(award=award)
    time_machine.move_to(monday.start - timedelta(hours=1), tick=False)
    with django_assert_num_queries(10):
        page = shown(as_operator)
    assert page.count("I run this session") == count
