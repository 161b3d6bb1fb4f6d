"""What instruments were used for: the figures, the page and the download."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.facts import Facts
from bookings.models import Session
from bookings.utilisation import Figures, usage_of
from bookings.week import week_name, window_of
from instruments.models import Closure
from portal.core.times import hours_text
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
WEEK = 5 * 8 * 60  # minutes that the instruments of the tests are open


def usage(instruments, monday, count=1):
    mondays = [monday.start.date() + timedelta(days=7 * n) for n in range(count)]
    many = Facts.read_many(instruments, window_of(mondays[0], PARIS, 7 * count))
    return usage_of(many, mondays)


@pytest.fixture
def hours(award, monday):
    """A booking of two hours `n` hours after Monday's first, in a state, worked from and to so many minutes in."""

    def make(n, state, worked=None):
        booking = BookingFactory(award=award, start=monday.start + timedelta(hours=n), state=state, session=False)
        if worked:
            Session.objects.create(
                booking=booking,
                starts_at=booking.start,
                ends_at=booking.end,
                opened_at=booking.start + timedelta(minutes=worked[0]),
                closed_at=booking.start + timedelta(minutes=worked[1]),
            )
        return booking

    return make


def test_open_booked_used_missed_and_failed(hours, instrument, monday):
    hours(0, "completed", (5, 65))
    hours(2, "completed")  # mail-in: all of it
    hours(4, "missed")
    hours(24, "failed")
    hours(26, "confirmed")
    hours(28, "requested")
    hours(48, "cancelled")
    found = usage([instrument], monday)[0]
    assert found.weeks == [Figures(open=WEEK, booked=600, used=180, missed=120, failed=120)]
    assert (found.total.booked_percent, found.total.used_percent) == (25, 8)


def test_only_the_part_within_the_week_counts(award, instrument, monday):
    instrument.policy.longest = 3000
    instrument.policy.save()
    sunday = monday.start.astimezone(PARIS).replace(hour=22) - timedelta(days=1)
    BookingFactory(award=award, start=sunday, minutes=300, state="completed", session=False)
    before = type(monday)(monday.start - timedelta(days=7), monday.end)
    first, second = usage([instrument], before, 2)[0].weeks
    assert (first.booked, first.used) == (120, 120)
    assert (second.booked, second.used) == (180, 180)


def test_bookings_longer_than_the_policy_allows_now_count_in_all_their_weeks(award, instrument, monday):
    midnight = monday.start.astimezone(PARIS).replace(hour=0).astimezone(UTC)  # clocks may change the day before
    friday = midnight - timedelta(days=2.5)
    BookingFactory(award=award, start=friday, minutes=4 * 1440, state="completed", session=False)
    before = type(monday)(monday.start - timedelta(days=7), monday.end)
    first, second = usage([instrument], before, 2)[0].weeks
    assert (first.booked, second.booked) == (2.5 * 1440, 1.5 * 1440)


def test_every_unit_counts_and_closures_do_not(laboratory, monday):
    instrument = InstrumentFactory(organisation=laboratory, units=2)
    noon = monday.start.replace(hour=12)
    Closure.objects.create(instrument=instrument, period=(noon, noon + timedelta(hours=1)), reason="All")
    unit = instrument.units.first()
    period = (noon - timedelta(hours=1), noon + timedelta(hours=2))
    Closure.objects.create(instrument=instrument, unit=unit, period=period, reason="One")
    assert usage([instrument], monday)[0].total.open == 2 * WEEK - 60 - 180


def test_the_week_of_a_clock_change_is_that_much_shorter(laboratory):
    always = InstrumentFactory(organisation=laboratory, hours=[(day, 0, 1440) for day in range(7)])
    many = Facts.read_many([always], window_of(date(2027, 3, 22), PARIS, 14))
    weeks = usage_of(many, [date(2027, 3, 22), date(2027, 3, 29)])[0].weeks
    assert [week.open for week in weeks] == [167 * 60, 168 * 60]


def test_never_open_has_no_share(laboratory, monday):
    closed = InstrumentFactory(organisation=laboratory, hours=[])
    total = usage([closed], monday)[0].total
    assert (total.open, total.booked_percent, total.used_percent) == (0, None, None)


@pytest.fixture
def as_operator(client, operator):
    client.force_login(operator)
    return client


def test_the_page_and_the_download_say_the_same(as_operator, hours, instrument, monday):
    hours(0, "completed", (0, 90))
    query = f"?weeks=4&until={week_name(monday.start.date())}"
    page = as_operator.get(f"/en/lab/utilisation/{query}").content.decode()
    assert hours_text(90) in page
    assert 'class="use use-used"' in page
    assert "style=" not in page

    response = as_operator.get(f"/en/lab/utilisation/{query}&as=csv")
    lines = b"".join(response).decode("utf-8-sig").splitlines()
    assert response["Content-Type"].startswith("text/csv")
    assert len(lines) == 1 + 4
    assert lines[-1] == (
        f"{instrument.name},{instrument.organisation.name},{monday.start.date()},40.0,2.0,1.5,0.0,0.0,5,4"
    )


@pytest.mark.parametrize(
    "query", ["?weeks=7", "?weeks=abc", "?until=nonsense", "?until=9999-W52", "?as=pdf", "?page=9"]
)
def test_nonsense_shows_the_last_weeks(as_operator, instrument, query):
    assert as_operator.get(f"/en/lab/utilisation/{query}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_three(
    as_operator, laboratory, monday, count, django_assert_num_queries
):
    for _ in range(count):
        BookingFactory(award=AwardFactory(instrument=InstrumentFactory(organisation=laboratory)), start=monday.start)
    with django_assert_num_queries(7):
        page = as_operator.get(f"/en/lab/utilisation/?until={week_name(monday.start.date())}").content.decode()
    assert page.count("use-rest") == count + 1
