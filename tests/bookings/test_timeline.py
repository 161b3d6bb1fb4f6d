"""The units of a laboratory over time, as pure functions and as a page."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.facts import Facts
from bookings.models import Booking
from bookings.slots import Span, wall_moment
from bookings.timeline import Scale, lanes_of, scale_of, without
from bookings.week import week_name, window_of
from instruments.models import Closure
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory

PARIS = ZoneInfo("Europe/Paris")


def at(hour, minute=0, day=22):
    return datetime(2027, 3, day, hour, minute, tzinfo=UTC)


def span(start, end):
    return Span(at(start), at(end))


@pytest.mark.parametrize(
    ("spans", "others", "left"),
    [
        ([span(8, 16)], [], [span(8, 16)]),
        ([span(8, 16)], [span(10, 12)], [span(8, 10), span(12, 16)]),
        ([span(8, 16)], [span(6, 9), span(15, 20)], [span(9, 15)]),
        ([span(8, 16)], [span(8, 16)], []),
        ([span(8, 10), span(12, 14)], [span(9, 13)], [span(8, 9), span(13, 14)]),
        ([span(8, 10)], [span(10, 12)], [span(8, 10)]),
    ],
)
def test_time_without_other_time(spans, others, left):
    assert without(spans, others) == left


def test_what_lies_between_two_columns_is_at_their_border():
    scale = Scale([(date(2027, 3, day), Span(at(8, day=day), at(16, day=day))) for day in (22, 23)])
    places = [
        scale.place(moment) for moment in (at(7), at(8), at(12), at(20), at(8, day=23), at(12, day=23), at(23, day=23))
    ]
    assert places == [0, 0, 25, 50, 50, 75, 100]
    assert scale.window == Span(at(8), at(16, day=23))


@pytest.mark.django_db
def test_a_lane_has_what_is_booked_closed_and_free(award, instrument, monday, time_machine):
    time_machine.move_to(monday.start - timedelta(days=1), tick=False)
    booking = BookingFactory(award=award, start=monday.start)
    noon = monday.start.replace(hour=13)
    Closure.objects.create(instrument=instrument, period=(noon, noon + timedelta(hours=1)), reason="Service")
    window = window_of(monday.start.date(), PARIS, 1)
    facts = Facts.read(instrument, window)

    lane = lanes_of([facts], [booking], monday.start - timedelta(days=1))[0]

    opens, closes = monday.start.astimezone(PARIS).replace(hour=9), monday.start.astimezone(PARIS).replace(hour=17)
    assert [(piece.kind, piece.look, piece.span) for piece in lane.pieces] == [
        ("free", "free", Span(opens, monday.start)),
        ("booking", "confirmed", booking.span),
        ("free", "free", Span(booking.end, noon)),
        ("closed", "closed", Span(noon, noon + timedelta(hours=1))),
        ("free", "free", Span(noon + timedelta(hours=1), closes)),
    ]
    scale = scale_of(monday.start.date(), 1, PARIS, [lane])
    assert [moment.astimezone(PARIS).hour for moment in scale.hours()] == list(range(9, 17))
    assert scale.place(closes) == 100


@pytest.mark.django_db
def test_a_unit_out_of_service_that_is_booked_keeps_its_lane_and_past_time_is_not_free(award, instrument, monday):
    booking = BookingFactory(award=award, start=monday.start)
    unit = instrument.units.get()
    unit.is_active = False
    unit.save()
    facts = Facts.read(instrument, window_of(monday.start.date(), PARIS, 1))
    rows = Booking.objects.keeping([unit.pk], facts.window)
    lanes = lanes_of([facts], rows, monday.start + timedelta(days=9))
    assert [(lane.unit, lane.is_active, [piece.booking for piece in lane.pieces]) for lane in lanes] == [
        (unit, False, [booking])
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2027, 3, 29), 24)])
def test_the_day_of_a_clock_change_has_its_own_length(laboratory, day, hours):
    always = InstrumentFactory(organisation=laboratory, hours=[(weekday, 0, 1440) for weekday in range(7)])
    window = Span(wall_moment(day, 0, PARIS), wall_moment(day + timedelta(days=1), 0, PARIS))
    lanes = lanes_of([Facts.read(always, window)], [], window.start)
    scale = scale_of(day, 1, PARIS, lanes)
    assert len(list(scale.hours())) == hours
    assert scale.place(window.start + timedelta(hours=12)) == pytest.approx(1200 / hours)
    assert [piece.span for piece in lanes[0].pieces] == [window]


@pytest.fixture
def as_operator(client, operator):
    client.force_login(operator)
    return client


@pytest.mark.django_db
def test_bars_and_the_list_lead_to_booking_closure_and_free_time(as_operator, award, instrument, monday):
    booking = BookingFactory(award=award, start=monday.start)
    page = as_operator.get(f"/en/lab/timeline/?week={week_name(monday.start.date())}").content.decode()
    assert page.count(f'href="{booking.get_absolute_url()}"') == 2
    local = booking.end.astimezone(PARIS)
    prefilled = f"/en/desk/instruments/{instrument.slug}/closures/?starts={local:%Y-%m-%d}T{local:%H}%3A00"
    assert page.count(prefilled) == 2
    assert f"/en/instruments/{instrument.slug}/book/?day={local:%Y-%m-%d}" in page
    assert "style=" not in page


@pytest.mark.django_db
def test_one_day_one_technique_and_nonsense(as_operator, award, instrument, laboratory, monday):
    InstrumentFactory(organisation=laboratory, name="Electron eye", techniques=[TechniqueFactory(slug="sem")])
    day = monday.start.date().isoformat()
    page = as_operator.get(f"/en/lab/timeline/?day={day}&technique=sem").content.decode()
    assert "Electron eye" in page
    assert instrument.name not in page
    assert ">09:00</text>" in page
    for query in ("week=nonsense", "day=2027-02-30", "technique=%00", "week=9999-W52", "page=77", "day=0001-01-01"):
        assert as_operator.get(f"/en/lab/timeline/?{query}").status_code == 200
    assert "No instrument to show" in as_operator.get("/en/lab/timeline/?technique=none").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_timeline_takes_the_same_queries_for_one_and_three(
    as_operator, laboratory, monday, count, django_assert_num_queries
):
    for n in range(count):
        instrument = InstrumentFactory(organisation=laboratory)
        BookingFactory(award=AwardFactory(instrument=instrument), start=monday.start + timedelta(hours=n))
    with django_assert_num_queries(9):
        page = as_operator.get(f"/en/lab/timeline/?week={week_name(monday.start.date())}").content.decode()
    assert page.count("piece-confirmed") == count + 1


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["timeline/", "utilisation/", ""])
@pytest.mark.parametrize(("who", "status"), [("researcher", 403), ("staff", 200), ("donor", 403)])
def test_it_is_the_laboratorys_page(client, request, instrument, page, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(f"/en/lab/{page}").status_code == status


@pytest.mark.django_db
def test_another_laboratorys_units_are_not_shown(client, stranger_operator, elsewhere, award, monday):
    InstrumentFactory(organisation=elsewhere, name="Coastal eye")
    booking = BookingFactory(award=award, start=monday.start)
    client.force_login(stranger_operator)
    page = client.get(f"/en/lab/timeline/?week={week_name(monday.start.date())}").content.decode()
    assert "Coastal eye" in page
    assert booking.ref not in page
    assert award.instrument.name not in page
