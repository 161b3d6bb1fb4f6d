"""The check of a line: kept for its person and the booking, told in words, refused to strangers."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bookings.actions.connection import KEPT, note_check
from bookings.lines import GOOD, MINIMAL, NO_SCREEN, SLOW, THRIFTY, TOO_THIN, speed, verdict
from bookings.models import ConnectionCheck
from bookings.slots import DAY
from instruments.enums import DesktopRoute
from instruments.models import Desktop
from portal.core.errors import Forbidden
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory

pytestmark = pytest.mark.django_db
GOOD_LINE = {"latency": 80, "jitter": 5, "down": 4000, "up": 900, "picture": 700}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, GOOD),
        ({"picture": None}, NO_SCREEN),
        ({"down": None}, NO_SCREEN),
        ({"down": 99}, TOO_THIN),
        ({"latency": 1001}, SLOW),
        ({"latency": None}, SLOW),
        ({"down": 299}, MINIMAL),
        ({"down": 1499}, THRIFTY),
    ],
)
def test_the_worst_figure_decides(changed, told):
    assert verdict(ConnectionCheck(**GOOD_LINE | changed)) is told


@pytest.fixture
def booking(award, monday, time_machine):
    """Comes tomorrow, on a unit with a screen."""
    time_machine.move_to(monday.start - DAY, tick=False)
    row = BookingFactory(award=award, start=monday.start)
    Desktop.objects.create(unit=row.unit, route=DesktopRoute.PRACTICE)
    return row


def line_of(person, booking=None, **changed):
    return note_check(GOOD_LINE | changed, by=person, booking=booking)


def test_what_a_browser_measured_is_kept_with_the_booking(client, researcher, booking):
    client.force_login(researcher)
    address = reverse("connection:check")
    answer = client.post(address, GOOD_LINE | {"picture": "", "booking": booking.ref})
    assert answer.status_code == 302
    row = ConnectionCheck.objects.get()
    assert (row.user, row.booking, row.down, row.picture) == (researcher, booking, 4000, None)
    assert str(NO_SCREEN.sentence) in client.get(answer["Location"]).content.decode()


def test_the_next_booking_is_offered_and_none_is_too(client, researcher, booking):
    client.force_login(researcher)
    page = client.get(reverse("connection:check")).content.decode()
    assert f'<option value="{booking.ref}" selected>' in page
    assert client.post(reverse("connection:check"), GOOD_LINE | {"booking": "none"}).status_code == 302
    assert ConnectionCheck.objects.get().booking is None


@pytest.mark.parametrize("wrong", [{"down": "-1"}, {"down": "x"}, {"booking": ""}, {"booking": "ELSEWHERE"}])
def test_nonsense_is_refused_and_nothing_kept(client, researcher, wrong):
    client.force_login(researcher)
    answer = client.post(reverse("connection:check"), GOOD_LINE | {"booking": "none"} | wrong)
    assert answer.status_code == 400
    assert not ConnectionCheck.objects.exists()


def test_where_nothing_was_measured_nothing_is_kept(client, researcher):
    client.force_login(researcher)
    nothing = dict.fromkeys(GOOD_LINE, "") | {"booking": "none"}
    assert client.post(reverse("connection:check"), nothing).status_code == 400
    assert not ConnectionCheck.objects.exists()


def test_nobody_checks_for_a_booking_of_others(client, stranger_researcher, booking):
    client.force_login(stranger_researcher)
    address = reverse("connection:check")
    assert client.get(address, {"booking": booking.ref}).status_code == 404
    assert client.post(address, GOOD_LINE | {"booking": booking.ref}).status_code == 400
    with pytest.raises(Forbidden):
        line_of(stranger_researcher, booking)
    assert not ConnectionCheck.objects.exists()


def test_the_laboratory_sees_everybodys_last_line_on_its_pages(client, researcher, operator, booking):
    line_of(researcher, booking, down=200)
    line_of(researcher, booking)
    client.force_login(operator)
    pages = [booking.get_absolute_url(), booking.session.get_absolute_url(), reverse("lab:index")]
    for page in pages:
        told = client.get(page).content.decode()
        assert str(GOOD.short) in told
        assert str(MINIMAL.short) not in told
    assert ConnectionCheck.objects.count() == 2


def test_others_see_their_own_line_alone(client, researcher, booking):
    colleague = UserFactory()
    booking.participants.add(colleague)
    line_of(colleague, booking, down=200)
    client.force_login(researcher)
    for page in (booking.get_absolute_url(), booking.session.get_absolute_url()):
        told = client.get(page).content.decode()
        assert str(MINIMAL.short) not in told
        assert f"{reverse('connection:check')}?booking={booking.ref}" in told


@pytest.mark.parametrize(("hours", "is_told"), [(-1, True), (0, False), (1, False), (3, False)])
def test_advice_for_the_time_before_is_given_before_alone(client, researcher, booking, time_machine, hours, is_told):
    time_machine.move_to(booking.start + timedelta(hours=hours), tick=False)
    client.force_login(researcher)
    page = client.get(booking.session.get_absolute_url()).content.decode()
    assert ("before the day" in page, "?booking=" in page) == (is_told, is_told)


def test_the_laboratory_sees_their_lines_during_the_session(client, researcher, operator, booking, time_machine):
    line_of(researcher, booking)
    time_machine.move_to(booking.start, tick=False)
    client.force_login(operator)
    page = client.get(booking.session.get_absolute_url()).content.decode()
    assert str(GOOD.short) in page
    assert "?booking=" not in page


@pytest.mark.parametrize(("rate", "words"), [(64, "64 kbit/s"), (9999, "9999 kbit/s"), (12_400, "12 Mbit/s")])
def test_a_rate_is_told_in_the_unit_that_fits(rate, words):
    assert speed(rate) == words


def test_the_oldest_checks_go(researcher):
    rows = [note_check(GOOD_LINE, by=researcher) for _ in range(KEPT + 1)]
    assert list(ConnectionCheck.objects.values_list("pk", flat=True)) == [row.pk for row in rows[:0:-1]]


def test_loads_are_bounded(client, researcher):
    client.force_login(researcher)
    address = reverse("connection:bytes")
    assert len(client.get(address, {"kilobytes": "16"}).content) == 16_000
    assert len(client.get(address, {"kilobytes": "99999"}).content) == 512_000
    assert len(client.get(address, {"kilobytes": "-5"}).content) == 1000
    assert client.post(address, b"x" * 512_001, content_type="application/octet-stream").status_code == 413
