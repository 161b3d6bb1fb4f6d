"""The relay, whole: who controls, who sees. Real browsers' sockets, TigerVNC, rows and Valkey."""

import time
from itertools import count

import pytest

from bookings.actions.room.control import hand_over, release_control, take_control
from bookings.actions.room.guests import invite_guest, withdraw_guest
from bookings.enums import Leaving, Part
from bookings.models import Attendance, Booking, Session
from bookings.presence import KEPT
from instruments.enums import AccessMode
from portal.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.support.relay import Viewer, closing_of, give_desktop
from tests.support.waiting import soon
from tests.support.x11 import Screen


@pytest.fixture
def booking(screen_booking: Booking) -> Booking:
    return screen_booking


@pytest.fixture
def colleague(booking: Booking) -> User:
    """Another one who takes part."""
    person = UserFactory(name="Carla Colleague")
    booking.participants.add(person)
    return person


def session_of(booking: Booking) -> Session:
    return Session.objects.select_related("controller").get(booking=booking)


def holder(booking: Booking) -> User | None:
    return session_of(booking).controller


def at(screen: Screen, x: int, y: int, buttons: int = 0) -> None:
    soon(screen.pointer, (x, y, buttons))


def stays(screen: Screen, x: int, y: int) -> None:
    time.sleep(0.3)
    assert screen.pointer() == (x, y, 0)


def has_no_hands(viewer: Viewer, screen: Screen) -> None:
    """Soon what this one does no longer arrives."""
    places = count(100)

    def arrives() -> bool:
        place = (next(places), 7)
        viewer.point(*place)
        viewer.arrive()  # what came before has been read by now
        time.sleep(0.2)
        return screen.pointer()[:2] == place

    soon(arrives, False)


def test_the_researcher_holds_the_instrument_in_the_browser(relay, browse, booking, vnc, researcher) -> None:
    viewer = browse(researcher).desktop(relay, booking)
    assert viewer.size == (800, 600)
    viewer.see()
    screen = vnc.screen()
    viewer.point(123, 45, buttons=1)
    at(screen, 123, 45, 1)
    viewer.point(123, 45)
    at(screen, 123, 45)
    viewer.key(ord("a"), down=True)
    soon(screen.keys_down, 1)
    viewer.key(ord("a"), down=False)
    soon(screen.keys_down, 0)

    [line] = Attendance.objects.all()
    assert (line.user, line.part, line.left_at) == (researcher, Part.RESEARCHER, None)
    session = session_of(booking)
    assert session.controller == researcher
    assert session.joined_at == line.joined_at


def test_clicks_and_keys_of_an_observer_never_arrive(relay, browse, booking, vnc, researcher, staff) -> None:
    hands, eyes = browse(researcher).desktop(relay, booking), browse(staff).desktop(relay, booking)
    screen = vnc.screen()
    hands.point(10, 20)
    at(screen, 10, 20)
    eyes.see()
    eyes.point(300, 300, buttons=1)
    eyes.key(ord("a"), down=True)
    eyes.drain()
    eyes.see()  # what came before has been read by now
    stays(screen, 10, 20)
    assert screen.keys_down() == 0
    assert Attendance.objects.get(user=staff).part == Part.OBSERVER


def test_control_goes_where_the_row_says_and_what_was_held_down_is_lifted(
    relay, browse, booking, vnc, researcher, colleague
) -> None:
    first, second = browse(researcher).desktop(relay, booking), browse(colleague).desktop(relay, booking)
    screen = vnc.screen()
    first.point(50, 60, buttons=1)
    first.key(ord("a"), down=True)
    at(screen, 50, 60, 1)
    hand_over(booking, colleague, by=researcher)
    at(screen, 50, 60, 0)
    soon(screen.keys_down, 0)
    first.point(400, 400)
    stays(screen, 50, 60)
    second.point(70, 80)
    at(screen, 70, 80)


def test_an_operator_takes_control_and_gives_it_back(relay, browse, booking, vnc, researcher, operator) -> None:
    hands, runs = browse(researcher).desktop(relay, booking), browse(operator).desktop(relay, booking)
    screen = vnc.screen()
    runs.point(5, 5)
    hands.point(31, 32)
    at(screen, 31, 32)  # who runs the instrument holds it only once they take it
    take_control(booking, by=operator)
    soon(lambda: (runs.point(41, 42), screen.pointer())[1], (41, 42, 0))
    hands.point(31, 32)
    stays(screen, 41, 42)
    hand_over(booking, researcher, by=operator)
    soon(lambda: (hands.point(31, 32), screen.pointer())[1], (31, 32, 0))


def test_who_let_go_watches(relay, browse, booking, vnc, researcher) -> None:
    viewer = browse(researcher).desktop(relay, booking)
    screen = vnc.screen()
    viewer.point(20, 20)
    at(screen, 20, 20)
    release_control(booking, by=researcher)
    has_no_hands(viewer, screen)


def test_nobody_has_hands_on_an_instrument_that_is_only_observed(relay, browse, booking, vnc, researcher) -> None:
    type(booking.instrument).objects.update(access_mode=AccessMode.OBSERVED)
    screen = vnc.screen()
    before = screen.pointer()
    viewer = browse(researcher).desktop(relay, booking)
    Session.objects.filter(booking=booking).update(controller=researcher)  # whatever a row says
    relay.look()
    relay.look()  # it began after the row had changed
    viewer.point(200, 200, buttons=1)
    viewer.arrive()
    time.sleep(0.3)
    assert screen.pointer() == before


def test_control_is_kept_for_who_comes_back(relay, browse, booking, vnc, researcher, colleague) -> None:
    browser = browse(researcher)
    viewer = browser.desktop(relay, booking)
    viewer.close()
    soon(lambda: session_of(booking).control_lost_at is not None, True)
    assert Attendance.objects.get().left_why == Leaving.LEFT

    other = browse(colleague).desktop(relay, booking)
    assert holder(booking) == researcher
    again, screen = browser.desktop(relay, booking), vnc.screen()
    assert session_of(booking).control_lost_at is None
    other.point(300, 300)
    again.point(11, 12)
    at(screen, 11, 12)


def test_control_kept_for_too_long_goes_to_who_comes_next(relay, browse, booking, researcher, colleague) -> None:
    browse(researcher).desktop(relay, booking).close()
    soon(lambda: session_of(booking).control_lost_at is not None, True)
    Session.objects.update(control_lost_at=session_of(booking).control_lost_at - KEPT)
    browse(colleague).desktop(relay, booking)
    assert holder(booking) == colleague


def test_a_line_that_breaks_is_no_line_that_was_closed(relay, browse, booking, researcher) -> None:
    viewer = browse(researcher).desktop(relay, booking)
    viewer.socket.socket.shutdown(2)
    soon(lambda: Attendance.objects.get().left_why, Leaving.LOST)


def test_a_new_window_takes_the_place_of_the_old_one(relay, browse, booking, vnc, researcher) -> None:
    browser = browse(researcher)
    old = browser.desktop(relay, booking)
    new, screen = browser.desktop(relay, booking), vnc.screen()
    assert old.end()[0] == 4006
    new.point(61, 62)
    at(screen, 61, 62)
    soon(lambda: list(Attendance.objects.values_list("left_why", flat=True)), [Leaving.REPLACED, ""])
    assert session_of(booking).control_lost_at is None


def test_ten_observe_and_the_eleventh_is_told_why_not(relay, browse, booking, researcher) -> None:
    guests = [UserFactory(is_staff=True) for _ in range(11)]
    for guest in guests[:10]:
        browse(guest).desktop(relay, booking)
    late = Viewer(browse(guests[10]).try_desktop(relay, booking)).greet()
    assert late.end()[0] == 4011
    assert not Attendance.objects.filter(user=guests[10]).exists()
    browse(researcher).desktop(relay, booking)  # those who take part do not count


def test_a_guest_watches_until_the_invitation_is_withdrawn(relay, browse, booking, researcher, reviewer) -> None:
    assert browse(reviewer).ask(booking).status_code == 404
    guest = invite_guest(booking, reviewer.email, by=researcher)
    viewer = browse(reviewer).desktop(relay, booking)
    viewer.see()
    assert Attendance.objects.get().part == Part.OBSERVER
    withdraw_guest(booking, guest, by=researcher)
    assert viewer.end()[0] == 4003
    soon(lambda: Attendance.objects.get().left_why, Leaving.REMOVED)


def test_an_instrument_that_cannot_be_reached_is_named_in_the_reason(relay, browse, live_booking, researcher) -> None:
    desktop = give_desktop(live_booking, 1)
    browser = browse(researcher)

    def reason() -> tuple[int, str]:
        return closing_of(browser.try_desktop(relay, live_booking))

    assert reason() == (4007, "unreachable")
    desktop.refresh_from_db()
    assert desktop.trouble == "unreachable"  # as the laboratory sees it
    type(desktop).objects.update(host="192.0.2.1")
    assert reason() == (4007, "forbidden")
    type(desktop).objects.all().delete()
    assert reason() == (4007, "no_address")
    assert Attendance.objects.count() == 0


def test_a_wrong_password_is_named_and_not_shown(relay, browse, booking, vnc, researcher) -> None:
    desktop = booking.unit.desktop
    desktop.password = "wrong"
    desktop.save()
    assert closing_of(browse(researcher).try_desktop(relay, booking)) == (4007, "password")
    assert "wrong" not in relay.said()
