"""The same time every week: on the laboratory's clock, each with its verdict, booked all or none, cancelled at once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import icalendar
import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from bookings.actions.series import book_series, cancel_series
from bookings.calendars.mails import entries
from bookings.enums import BookingState
from bookings.models import Booking
from bookings.series import MOST, weekly
from bookings.slots import DAY, Span
from instruments.models import Closure, Instrument, Policy
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory

WEEK = 7 * DAY
TWO_HOURS = timedelta(hours=2)


def weeks(monday: Span, count: int) -> list[Span]:
    return [Span(monday.start + n * WEEK, monday.end + n * WEEK) for n in range(count)]


def at(instrument: Instrument, **lookup):
    return Booking.objects.filter(instrument=instrument, **lookup).order_by("period")


@pytest.mark.parametrize(
    ("zone", "first", "hour"),
    [
        ("Europe/Paris", "2027-03-16T09:00:00+01:00", 9),  # forward on 28 March
        ("Europe/Paris", "2027-10-19T09:00:00+02:00", 9),  # back on 31 October
        ("America/New_York", "2027-03-02T09:00:00-05:00", 9),
        ("America/New_York", "2027-10-26T09:00:00-04:00", 9),
        ("Australia/Sydney", "2027-03-23T09:00:00+11:00", 9),
        ("Australia/Sydney", "2027-09-21T09:00:00+10:00", 9),
        ("Africa/Cairo", "2027-04-20T09:00:00+02:00", 9),
        ("Africa/Cairo", "2027-10-19T09:00:00+03:00", 9),
        ("Africa/Casablanca", "2027-01-26T09:00:00+01:00", 9),  # Ramadan
        ("Africa/Casablanca", "2027-03-02T09:00:00+00:00", 9),
    ],
)
def test_it_keeps_the_laboratorys_wall_clock_over_every_change(zone, first, hour):
    instrument = Instrument(time_zone=zone)
    instrument.policy = Policy()
    periods = weekly(instrument, datetime.fromisoformat(first), 120, 6)
    walls = [period.start.astimezone(instrument.zone) for period in periods]
    assert {(wall.hour, wall.minute, wall.weekday()) for wall in walls} == {(hour, 0, walls[0].weekday())}
    assert len({wall.utcoffset() for wall in walls}) == 2
    assert [period.minutes for period in periods] == [120] * 6


def test_a_time_that_the_clock_skips_begins_as_it_has_passed_it():
    instrument = Instrument(time_zone="Europe/Paris")
    instrument.policy = Policy()
    _first, skipped = weekly(instrument, datetime.fromisoformat("2027-03-21T02:30:00+01:00"), 60, 2)
    assert skipped == Span(datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 3, 28, 2, tzinfo=UTC))


def test_whole_days_end_at_the_wall_time_at_which_days_begin():
    instrument = Instrument(time_zone="Europe/Paris")
    instrument.policy = Policy(whole_days=True, day_starts=600)
    first, short = weekly(instrument, datetime.fromisoformat("2027-03-20T10:00:00+01:00"), 1440, 2)
    assert (first.minutes, short.minutes) == (1440, 1380)


@pytest.mark.django_db
def test_all_are_booked_told_once_and_cancelled_at_once(award, instrument, monday, operator):
    booked = book_series(instrument, weeks(monday, 4), award, by=award.holder, purpose="Every week")
    assert [row.span for row in booked] == weeks(monday, 4)
    assert len({row.series for row in booked}) == len({row.ref for row in booked}) // 4 == 1
    award.refresh_from_db()
    assert award.balance_minutes == 600 - 4 * 120
    sent = Notification.objects.values_list("kind", "address")
    assert sorted(sent) == [
        ("bookings.series_announced", operator.email),
        ("bookings.series_booked", award.holder.email),
    ]
    assert Record.objects.filter(verb="request").count() == 4

    cancelled = cancel_series(booked[2], by=award.holder, why="The crystals melted")
    assert {row.state for row in cancelled} == {BookingState.CANCELLED}
    assert len(cancelled) == 4
    award.refresh_from_db()
    assert award.balance_minutes == 600
    assert Notification.objects.filter(kind="bookings.series_cancelled").count() == 2
    assert not Notification.objects.filter(kind="bookings.cancelled").exists()
    with pytest.raises(Refused) as refused:
        cancel_series(booked[0], by=award.holder)
    assert refused.value.codes == ["nothing_left"]


@pytest.mark.django_db
def test_what_was_given_up_or_has_begun_stays_as_it_is(award, instrument, monday, time_machine):
    booked = book_series(instrument, weeks(monday, 3), award, by=award.holder)
    time_machine.move_to(monday.end)
    assert [row.pk for row in cancel_series(booked[0], by=award.holder)] == [row.pk for row in booked[1:]]
    booked[0].refresh_from_db()
    assert booked[0].state == BookingState.CONFIRMED


@pytest.mark.django_db
def test_an_award_that_runs_out_in_the_middle_books_none(award, instrument, monday):
    with pytest.raises(Refused) as refused:
        book_series(instrument, weeks(monday, 6), award, by=award.holder)
    assert refused.value.codes == ["not_enough_hours"]
    assert str(refused.value).startswith("Monday ")
    assert_nothing_is_written(award)


@pytest.mark.django_db
def test_an_award_whose_days_end_in_the_middle_books_none(researcher, institute, instrument, monday):
    ends = (monday.start + 10 * DAY).date()
    award = AwardFactory(holder=researcher, organisation=institute, instrument=instrument, valid_until=ends)
    with pytest.raises(Refused) as refused:
        book_series(instrument, weeks(monday, 3), award, by=researcher)
    assert refused.value.codes == ["outside_award"]
    assert_nothing_is_written(award)


@pytest.mark.django_db
def test_a_series_across_a_closure_books_none(award, instrument, monday):
    Closure.objects.create(instrument=instrument, period=(monday.start + WEEK, monday.end + WEEK), reason="Service")
    with pytest.raises(Refused) as refused:
        book_series(instrument, weeks(monday, 3), award, by=award.holder)
    assert refused.value.codes == ["closed"]
    assert_nothing_is_written(award)


@pytest.mark.django_db
def test_a_time_that_somebody_took_books_none_and_says_which(award, instrument, monday):
    BookingFactory(award=AwardFactory(instrument=instrument), start=monday.start + WEEK)
    with pytest.raises(Refused) as refused:
        book_series(instrument, weeks(monday, 3), award, by=award.holder)
    assert refused.value.codes == ["taken"]
    assert refused.value.status == 409
    assert at(instrument, award=award).count() == 0


@pytest.mark.django_db
def test_limits_count_those_of_the_same_series(award, instrument, monday):
    instrument.policy.open_bookings_limit = 2
    instrument.policy.save()
    with pytest.raises(Refused) as refused:
        book_series(instrument, weeks(monday, 3), award, by=award.holder)
    assert refused.value.codes == ["open_limit"]
    assert_nothing_is_written(award)
    assert len(book_series(instrument, weeks(monday, 2), award, by=award.holder)) == 2


def assert_nothing_is_written(award):
    award.refresh_from_db()
    assert award.balance_minutes == award.granted_minutes
    assert not Booking.objects.exists()
    assert not Notification.objects.exists()
    assert not Record.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("count", "code"), [(0, "nothing_chosen"), (MOST + 1, "too_many")])
def test_how_many_in_one_go(award, instrument, monday, count, code):
    with pytest.raises(Refused) as refused:
        book_series(instrument, weeks(monday, count), award, by=award.holder)
    assert refused.value.codes == [code]


@pytest.mark.django_db
def test_only_who_may_book_and_cancel_does(award, instrument, monday, stranger_focal_point):
    with pytest.raises(Forbidden):
        book_series(instrument, weeks(monday, 2), award, by=stranger_focal_point)
    booked = book_series(instrument, weeks(monday, 2), award, by=award.holder)
    with pytest.raises(Forbidden):
        cancel_series(booked[0], by=stranger_focal_point)
    assert at(instrument, state=BookingState.CONFIRMED).count() == 2


@pytest.mark.django_db
def test_a_form_sent_twice_books_once(award, instrument, monday):
    key = uuid4()
    first, again = (book_series(instrument, weeks(monday, 3), award, by=award.holder, form_key=key) for _ in range(2))
    assert first == again
    assert at(instrument).count() == 3


@pytest.mark.django_db
def test_where_an_operator_confirms_each_is_a_request(award, instrument, monday, operator):
    instrument.policy.needs_confirmation = True
    instrument.policy.save()
    booked = book_series(instrument, weeks(monday, 2), award, by=award.holder)
    assert {row.state for row in booked} == {BookingState.REQUESTED}
    assert set(Notification.objects.values_list("kind", flat=True)) == {
        "bookings.series_booked",
        "bookings.series_asked",
    }


# The pages


@pytest.fixture
def as_researcher(client, researcher):
    client.force_login(researcher)
    return client


def slot(moment):
    return moment.strftime("%Y-%m-%dT%H:%MZ")


def asked(award, monday, times=4, **more):
    return {"slot": slot(monday.start), "length": 120, "award": award.ref, "times": times} | more


@pytest.mark.django_db
def test_the_page_shows_every_time_with_its_verdict_and_books_those_chosen(as_researcher, instrument, award, monday):
    """A closure in the second week, hours for five of the six others: the last can be had if another is left out."""
    Closure.objects.create(instrument=instrument, period=(monday.start + WEEK, monday.end + WEEK), reason="Service")
    address = f"/en/instruments/{instrument.slug}/book/series/"
    check = as_researcher.get(f"/en/instruments/{instrument.slug}/book/check/", asked(award, monday))
    assert f"{address}?slot={slot(monday.start)}" in check.content.decode()
    response = as_researcher.get(address, asked(award, monday, 7))
    rows = [row for row, _value, _ticked in response.context["rows"]]
    assert [[reason.code for reason in row.reasons] for row in rows] == [
        [], ["closed"], [], [], [], [], ["not_enough_hours"],
    ]  # fmt: skip
    assert [row.may_be_chosen for row in rows] == [True, False, True, True, True, True, True]
    page = response.content.decode()
    assert page.count('type="checkbox" name="chosen"') == 6
    assert page.count(" checked") >= 5
    assert page.count("at the lab in Grenoble") == 7
    assert "The instrument is closed during this time." in page

    chosen = [slot(row.period.start) for row in (rows[0], rows[6])]
    form = {"chosen": chosen, "participants": [award.holder_id], "form_key": str(uuid4())}
    for _ in range(2):
        done = as_researcher.post(address + "confirm/", asked(award, monday, 7, **form))
        assert done.status_code == 302
    assert [slot(row.start) for row in at(instrument)] == chosen
    shown = as_researcher.get(done["Location"])
    assert "2 bookings" in shown.content.decode()
    assert "This cancels all 2 bookings that are still to come." in shown.content.decode()

    cancelled = as_researcher.post(done["Location"].split("?")[0] + "cancel/", {"why": "Melted"}, follow=True)
    assert "Cancelled: 2. Everybody has been told." in cancelled.content.decode()
    assert not at(instrument).active().exists()


@pytest.mark.django_db
def test_one_that_cannot_be_books_none_and_the_choice_stays(as_researcher, instrument, award, monday):
    starts = [slot(monday.start + n * WEEK) for n in range(3)]
    BookingFactory(award=AwardFactory(instrument=instrument), start=monday.start + WEEK)
    response = as_researcher.post(
        f"/en/instruments/{instrument.slug}/book/series/confirm/", asked(award, monday, chosen=starts)
    )
    assert response.status_code == 409
    page = response.content.decode()
    assert "Nothing is booked yet" in page
    assert "Somebody booked this time while you were choosing." in page
    assert [ticked for _row, _value, ticked in response.context["rows"]] == [True, True, True, False]
    assert not at(instrument, award=award).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        ({"chosen": []}, 400, "Choose at least one of the times."),
        ({"chosen": ["nonsense"]}, 400, "not one of the times shown"),
        ({"chosen": ["2027-03-28T02:30"]}, 400, "not one of the times shown"),
        ({"chosen": ["2027-03-28T09:00Z"]}, 400, "not one of the times shown"),
        ({"times": 1}, 400, "Choose a time."),
        ({"times": 27}, 400, "Choose a time."),
        ({"times": "abc"}, 400, "Choose a time."),
        ({"slot": "nonsense"}, 400, "Choose a time."),
        ({"length": 0}, 400, "Choose a time."),
    ],
)
def test_bad_input_gets_a_sentence_and_books_nothing(as_researcher, instrument, award, monday, change, code, sentence):
    data = asked(award, monday, chosen=[slot(monday.start)]) | change
    response = as_researcher.post(f"/en/instruments/{instrument.slug}/book/series/confirm/", data)
    assert response.status_code == code
    assert sentence in response.content.decode()
    assert not Booking.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("times", ["1", "27", "abc", ""])
def test_how_many_weeks_is_said_beside_the_field(as_researcher, instrument, award, monday, times):
    response = as_researcher.get(f"/en/instruments/{instrument.slug}/book/series/", asked(award, monday, times))
    assert response.status_code == 400
    assert "How many weeks" in response.content.decode()
    assert response.context["rows"] == []


@pytest.mark.django_db
def test_strangers_find_no_series(client, stranger_researcher, award, instrument, monday):
    booked = book_series(instrument, weeks(monday, 2), award, by=award.holder)
    client.force_login(stranger_researcher)
    address = f"/en/bookings/{booked[0].ref}/series/"
    assert client.get(address).status_code == 404
    assert client.post(address + "cancel/").status_code == 404
    assert at(instrument).active().count() == 2


@pytest.mark.django_db
def test_who_only_takes_part_sees_the_series_and_cannot_cancel_it(client, award, instrument, monday):
    colleague = UserFactory()
    award.members.add(colleague)
    booked = book_series(instrument, weeks(monday, 2), award, by=award.holder, participants=[award.holder, colleague])
    client.force_login(colleague)
    address = f"/en/bookings/{booked[0].ref}/series/"
    assert "Cancel what is left" not in client.get(address).content.decode()
    assert client.post(address + "cancel/").status_code == 403
    assert at(instrument).active().count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("count", [2, 4])
def test_the_pages_take_the_same_queries_for_few_and_many(
    as_researcher, instrument, award, monday, count, django_assert_num_queries
):
    with django_assert_num_queries(7):
        as_researcher.get(f"/en/instruments/{instrument.slug}/book/series/", asked(award, monday, count))
    booked = book_series(instrument, weeks(monday, count), award, by=award.holder)
    with django_assert_num_queries(4):
        as_researcher.get(f"/en/bookings/{booked[0].ref}/series/")


@pytest.mark.django_db
def test_late_ones_say_what_they_cost(as_researcher, award, instrument, monday, time_machine):
    instrument.policy.late_cancel_percent = 50
    instrument.policy.save()
    booked = book_series(instrument, weeks(monday, 2), award, by=award.holder)
    time_machine.move_to(timezone.now(), tick=False)
    assert "All hours return" in as_researcher.get(f"/en/bookings/{booked[0].ref}/series/").content.decode()
    time_machine.move_to(monday.start - TWO_HOURS)
    as_researcher.force_login(award.holder)
    assert "1 h are kept" in as_researcher.get(f"/en/bookings/{booked[0].ref}/series/").content.decode()
    cancel_series(booked[1], by=award.holder)
    award.refresh_from_db()
    assert award.balance_minutes == 540


@pytest.mark.django_db
def test_the_mail_carries_all_of_them_for_the_calendar_program(award, instrument, monday, operator):
    """Read back by icalendar: the same events in the mail that books and in the one that cancels."""
    booked = book_series(instrument, weeks(monday, 3), award, by=award.holder)
    context = {"bookings": booked}
    part = entries(context, award.holder.email, award.holder_id)
    calendar = icalendar.Calendar.from_ical(part.text)
    assert (part.method, str(calendar["METHOD"])) == ("PUBLISH", "PUBLISH")
    assert [event["DTSTART"].dt for event in calendar.walk("VEVENT")] == [period.start for period in weeks(monday, 3)]
    assert entries(context, operator.email, operator.pk) is None
    cancelled = cancel_series(booked[0], by=award.holder)
    again = icalendar.Calendar.from_ical(entries({"bookings": cancelled}, "", award.holder_id).text)
    assert [event["UID"] for event in again.walk("VEVENT")] == [event["UID"] for event in calendar.walk("VEVENT")]
    assert {str(event["STATUS"]) for event in again.walk("VEVENT")} == {"CANCELLED"}


@pytest.mark.django_db
def test_the_api_books_all_or_none_and_cancels(researcher, award, instrument, monday, stranger_researcher):
    api = APIClient()
    api.force_login(researcher)
    periods = [{"start": span.start.isoformat(), "end": span.end.isoformat()} for span in weeks(monday, 6)]
    wish = {"instrument": instrument.slug, "award": award.ref, "periods": periods}
    refused = api.post("/api/v1/series/", wish, format="json")
    assert refused.status_code == 422
    assert "not_enough_hours" in refused.content.decode()
    assert not Booking.objects.exists()
    for bad in ([], periods * 5, [{"start": periods[0]["end"], "end": periods[0]["start"]}]):
        assert api.post("/api/v1/series/", wish | {"periods": bad}, format="json").status_code == 400

    created = api.post("/api/v1/series/", wish | {"periods": periods[:3]}, format="json")
    assert created.status_code == 201
    series = created.json()["series"]
    assert [row["state"] for row in created.json()["bookings"]] == ["confirmed"] * 3
    assert api.get(f"/api/v1/series/{series}/").json() == created.json()
    stranger = APIClient()
    stranger.force_login(stranger_researcher)
    assert stranger.get(f"/api/v1/series/{series}/").status_code == 404
    assert stranger.post(f"/api/v1/series/{series}/cancel/", {}, format="json").status_code == 404
    assert api.get("/api/v1/series/nonsense/").status_code == 404
    cancelled = api.post(f"/api/v1/series/{series}/cancel/", {"why": "Melted"}, format="json")
    assert [row["state"] for row in cancelled.json()["bookings"]] == ["cancelled"] * 3
    assert api.post(f"/api/v1/series/{series}/cancel/", {}, format="json").status_code == 422
