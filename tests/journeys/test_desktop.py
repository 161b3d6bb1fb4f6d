"""Live sessions in the browser: the instrument is a real VNC server, the line a real relay."""

from datetime import timedelta
from itertools import count

import pytest
from django.contrib.sessions.models import Session as DjangoSession
from django.utils import timezone
from playwright.sync_api import Route

from bookings.actions.participants import set_participants
from bookings.actions.session import end_session
from bookings.enums import BookingState
from bookings.models import Attendance, Booking, Guest, Session
from tests.factories.accounts import UserFactory
from tests.journeys.screen import Screen
from tests.support.line import Line
from tests.support.waiting import quickest, seconds_of, soon

RED, GREEN = 0xC02020, 0x20C020
NO_LINE = ("WebSocket connection to", "net::ERR_")  # what a browser complains of while nobody answers, however it ends


@pytest.fixture
def pages_server(whole_server):
    """These journeys need the relay beside the pages."""
    return whole_server


@pytest.fixture
def booking(screen_booking: Booking) -> Booking:
    return screen_booking


@pytest.fixture
def colleague(booking, researcher):
    person = UserFactory(name="Chipo Colleague")
    booking.participants.add(person)
    return person


@pytest.fixture
def there(vnc):
    """What arrived in the instrument."""
    return vnc.screen()


def presses(screen: Screen, there, x: int, y: int) -> None:
    """A click arrives in the instrument, at that place: within two pixels, the picture being scaled."""

    def is_near(buttons: int) -> bool:
        column, row, held = there.pointer()
        return abs(column - x) <= 2 and abs(row - y) <= 2 and held == buttons

    screen.press(x, y)
    soon(lambda: is_near(1), True)
    screen.let_go()
    soon(lambda: is_near(0), True)


def test_who_holds_control_clicks_and_types_in_the_instrument(window, booking, researcher, there):
    there.fill(RED)
    mine = Screen(window(researcher)).open(booking.ref)
    soon(mine.control, "mine")
    mine.shows(20, 20, RED)
    there.fill(GREEN)
    mine.shows(20, 20, GREEN)
    presses(mine, there, 300, 200)
    mine.page.keyboard.down("a")
    soon(there.keys_down, 1)
    mine.page.keyboard.up("a")
    soon(there.keys_down, 0)


def test_three_keys_give_the_keyboard_back_to_the_page(window, booking, researcher, there):
    mine = Screen(window(researcher)).open(booking.ref)
    soon(mine.control, "mine")
    presses(mine, there, 300, 200)
    mine.page.keyboard.down("x")
    soon(there.keys_down, 1)
    for key in ("Control", "Alt", "Shift"):
        mine.page.keyboard.down(key)
    soon(there.keys_down, 0)  # none stays down in the instrument
    for key in ("Shift", "Alt", "Control", "x"):
        mine.page.keyboard.up(key)
    mine.hears("keyboard is back")
    mine.page.keyboard.press("Tab")
    assert mine.visit.focused("tagName") != "CANVAS"
    mine.page.keyboard.down("q")
    mine.page.keyboard.up("q")
    presses(mine, there, 310, 210)
    assert there.keys_down() == 0


def test_a_guest_watches_and_touches_nothing(window, booking, researcher, donor, there):
    there.fill(RED)
    mine = Screen(window(researcher)).open(booking.ref)
    soon(mine.control, "mine")
    mine.page.get_by_text("Invite somebody to watch").click()
    mine.page.locator("main").get_by_label("address").fill(donor.email)
    mine.button("Invite")
    soon(lambda: Guest.objects.filter(email=donor.email).exists(), True)

    theirs = Screen(window(donor)).open(booking.ref)
    theirs.shows(20, 20, RED)
    assert "You watch" in theirs.visit.text()
    presses(mine, there, 100, 100)
    rests = there.pointer()
    theirs.click(400, 300)
    theirs.page.keyboard.press("a")
    there.fill(GREEN)
    theirs.shows(20, 20, GREEN)  # their line is alive, and carried what they did before
    assert there.pointer() == rests
    assert there.keys_down() == 0

    mine.button(f"Withdraw {donor.email}")
    theirs.hears("no longer take part")


def test_control_is_asked_for_handed_over_and_taken_back(window, booking, researcher, colleague, operator, there):
    mine = Screen(window(researcher)).open(booking.ref)
    soon(mine.control, "mine")
    theirs = Screen(window(colleague)).open(booking.ref)
    soon(theirs.control, "other")
    theirs.button("Ask for control")
    hand_over = mine.page.get_by_role("button", name=f"Hand over to {colleague.name} (asks for it)")
    soon(hand_over.is_visible, True)
    hand_over.click()
    soon(theirs.control, "mine")
    presses(theirs, there, 200, 150)
    soon(mine.control, "other")
    mine.click(400, 300)
    presses(theirs, there, 210, 160)  # nobody else moved it meanwhile

    lab = Screen(window(operator)).open(booking.ref)
    lab.button("Take control")
    soon(lab.control, "mine")
    presses(lab, there, 50, 60)
    soon(theirs.control, "other")
    theirs.click(400, 300)
    presses(lab, there, 51, 61)


def test_the_keyboard_stays_where_a_pressed_button_is_filled_in_anew(window, booking, researcher):
    mine = Screen(window(researcher)).open(booking.ref)
    soon(mine.control, "mine")
    for button, whose in (("Let go of control", "free"), ("Take control", "mine"), ("Let go of control", "free")):
        mine.page.get_by_role("button", name=button, exact=True).focus()
        mine.page.keyboard.press("Enter")
        soon(mine.control, whose)
        assert mine.page.evaluate("document.activeElement.closest('[data-on=control]') !== null")


@pytest.mark.parametrize("quality", ["economical", "minimal", "full"])
def test_the_picture_moves_on_in_every_quality(window, booking, researcher, there, quality):
    there.fill(RED)
    mine = Screen(window(researcher)).open(booking.ref)
    mine.shows(20, 20, RED)
    mine.page.select_option("[data-quality]", quality)
    for colour in (GREEN, RED, GREEN):
        there.fill(colour)
        mine.shows(20, 20, colour)


def test_the_door_closes_at_the_minute(window, booking, researcher, operator):
    screens = [Screen(window(person)).open(booking.ref) for person in (researcher, operator)]
    over = timezone.now() + timedelta(seconds=2)
    Session.objects.filter(booking=booking).update(ends_at=over)
    for screen in screens:
        screen.hears("The session is over")
    assert timezone.now() >= over
    for screen in screens:
        soon(lambda screen=screen: "The session is over" in screen.visit.text(), True)
        assert not screen.is_connected()


def test_an_early_end_closes_it_at_once(window, booking, researcher, operator):
    mine = Screen(window(researcher)).open(booking.ref)
    end_session(booking, by=operator)
    mine.hears("The session is over")


def test_a_cancelled_booking_closes_it_at_once(window, booking, researcher):
    mine = Screen(window(researcher)).open(booking.ref)
    Booking.objects.filter(pk=booking.pk).update(state=BookingState.CANCELLED)
    mine.hears("cancelled or moved")
    assert not mine.is_connected()


def test_who_is_taken_off_the_booking_is_out(window, booking, researcher, colleague):
    theirs = Screen(window(colleague, expects=("404",))).open(booking.ref)
    set_participants(booking, [researcher], by=researcher)
    theirs.hears("no longer take part")


def test_a_dropped_line_comes_back_by_itself_with_its_place(window, booking, researcher, colleague, there, site):
    """The page and the relay are on two sides of a line that breaks."""
    with Line(int(site.rpartition(":")[2])) as line:
        mine = Screen(window(researcher, site=line.url, expects=NO_LINE)).open(booking.ref)
        soon(mine.control, "mine")
        theirs = Screen(window(colleague)).open(booking.ref)
        line.cut()
        soon(lambda: Attendance.objects.filter(user=researcher).count(), 2)
        mine.arrive()
        soon(mine.control, "mine")
        assert theirs.control() == "other"
        presses(mine, there, 120, 90)
        mine.visit.context.close()


def test_a_killed_relay_is_waited_for(window, pages_server, booking, researcher, operator, there):
    mine = Screen(window(researcher, expects=NO_LINE)).open(booking.ref)
    soon(mine.control, "mine")
    theirs = Screen(window(operator, expects=NO_LINE)).open(booking.ref)
    pages_server.kill()
    for screen, is_told in ((mine, True), (theirs, False)):
        soon(screen.is_connected, False)
        assert "Connecting again by itself" in screen.says()
        assert ("three minutes" in screen.says()) == is_told  # kept control concerns who has it
    pages_server.start()
    mine.arrive(patience=120)  # it tries less often the longer nobody answers
    soon(mine.control, "mine")
    presses(mine, there, 77, 66)


def test_who_is_signed_out_elsewhere_is_told_and_asks_no_more(window, booking, researcher):
    mine = Screen(window(researcher)).open(booking.ref)
    words = mine.page.locator("#chat textarea, #chat input[type=text]")
    words.fill("Not yet said")
    DjangoSession.objects.all().delete()
    notice = mine.page.locator("[data-signed-out]")
    soon(notice.is_visible, True)
    mine.hears("You are signed out")
    asked: list[str] = []
    mine.page.on("request", lambda request: asked.append(request.url))
    mine.page.evaluate(
        "document.querySelectorAll('[data-refresh]').forEach(b => b.dispatchEvent(new Event('refresh')))"
    )
    mine.page.wait_for_timeout(500)
    assert asked == []
    mine.button("Send")
    soon(lambda: len(asked) > 0, True)
    mine.page.wait_for_timeout(500)
    assert words.input_value() == "Not yet said"
    mine.visit.follow(notice.get_by_role("link"))
    assert f"next=/en/sessions/{booking.ref}/" in mine.page.url.replace("%2F", "/")


def test_the_line_need_not_wait_for_the_program_that_draws(window, booking, researcher, there):
    there.fill(RED)
    mine = Screen(window(researcher))
    held: list[Route] = []
    mine.page.route("**/novnc*.js", lambda route: held.append(route))
    with mine.page.expect_websocket(lambda line: line.url.endswith("/desktop")) as line:
        mine.page.goto(f"{mine.visit.site}/en/sessions/{booking.ref}/", wait_until="commit")
    line.value.wait_for_event("framereceived")  # what the instrument said is not lost
    for route in held:
        route.continue_()
    mine.arrive()
    soon(mine.control, "mine")
    mine.shows(20, 20, RED)
    presses(mine, there, 300, 200)


def test_a_stranger_finds_no_such_page(window, booking, reviewer):
    visit = window(reviewer)
    assert visit.open(f"/en/sessions/{booking.ref}/") == 404
    assert visit.page.locator("[data-desktop]").count() == 0


def test_people_talk_beside_the_screen(window, booking, researcher, operator, there):
    mine, lab = (Screen(window(person)).open(booking.ref) for person in (researcher, operator))
    soon(mine.control, "mine")
    words, field = count(), mine.page.locator("#chat textarea, #chat input[type=text]")

    def say() -> None:
        said = f"Shall we begin with number {next(words)}?"
        field.fill(said)
        mine.button("Send")
        soon(field.input_value, "")
        soon(lambda: said in lab.page.locator("[data-chat]").inner_text(), True)

    say()  # had it come by asking every 15 seconds, so would the next ones: as long after it
    assert quickest(lambda: seconds_of(say), 10) < 10, "it came by the socket"
    presses(mine, there, 30, 40)  # the screen went on


def test_words_written_while_others_are_sent_stay(window, booking, researcher):
    mine = Screen(window(researcher)).open(booking.ref)
    soon(mine.control, "mine")
    field = mine.page.locator("#chat textarea, #chat input[type=text]")

    def write_on(route: Route) -> None:
        field.fill("And is the crystal cold?")
        route.continue_()

    mine.page.route("**/chat/say/", write_on, times=1)
    field.fill("Shall we begin?")
    mine.button("Send")
    soon(lambda: "Shall we begin?" in mine.page.locator("[data-chat]").inner_text(), True)
    assert field.input_value() == "And is the crystal cold?"
    mine.button("Send")
    soon(lambda: "And is the crystal cold?" in mine.page.locator("[data-chat]").inner_text(), True)
    soon(field.input_value, "")


def test_a_phone_has_keys_on_the_page(window, booking, researcher, there):
    mine = Screen(window(researcher, width=360)).open(booking.ref)
    soon(mine.control, "mine")
    assert mine.visit.sideways() == 0
    mine.button("Keys")
    held = mine.page.get_by_role("button", name="Ctrl", exact=True)
    held.click()
    soon(there.keys_down, 1)
    assert held.get_attribute("aria-pressed") == "true"
    mine.page.get_by_role("button", name="Esc", exact=True).click()
    soon(there.keys_down, 0)  # it holds for one key
    assert held.get_attribute("aria-pressed") == "false"
    assert mine.visit.sideways() == 0
    assert mine.visit.violations() == []


def test_without_script_the_page_says_what_works(window, booking, researcher):
    visit = window(researcher, script=False)
    visit.open(f"/en/sessions/{booking.ref}/")
    words = visit.page.locator("noscript").inner_text()
    assert "needs JavaScript" in words
    assert "the chat" in words
    assert not visit.page.locator("[data-desktop]").is_visible()
    visit.page.locator("#chat textarea, #chat input[type=text]").fill("Good morning")
    visit.press("Send")
    assert "Good morning" in visit.text()
