"""Who is let in: tickets that are good once, for one browser, one purpose and one session; origins; crowds; silence."""

import asyncio
import contextlib
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.request import Request, urlopen

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import InvalidHandshake, InvalidStatus

from bookings.desktop.limits import SOCKETS, TRIES, WINDOWS
from bookings.enums import SessionState
from bookings.models import Attendance, Booking, Session
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory
from tests.support.relay import Browser, RelayServer, Viewer, closing_of
from tests.support.waiting import PATIENCE, status_at


@pytest.fixture
def booking(screen_booking: Booking) -> Booking:
    return screen_booking


@pytest.fixture
def mine(browse, researcher) -> Browser:
    return browse(researcher)


def path(booking: Booking) -> str:
    return f"/ws/sessions/{booking.ref}/desktop"


def test_a_ticket_says_where_it_leads_and_what_may_be_done_there(mine, booking, broker) -> None:
    answer = mine.ask(booking).json()
    ticket = answer.pop("ticket")
    assert answer == {"address": path(booking), "part": "researcher", "clipboard": "none"}
    [key] = broker.keys("ticket:*")
    assert ticket not in key.decode()
    assert 0 < broker.ttl(key) <= 30
    assert json.loads(broker.get(key))["booking"] == booking.pk


def test_a_ticket_opens_one_socket(relay, mine, booking) -> None:
    ticket = mine.ticket(booking)
    Viewer(mine.open(relay, path(booking), ticket)).greet().arrive()
    assert closing_of(mine.open(relay, path(booking), ticket))[0] == 4010


def test_a_ticket_is_gone_when_it_is_too_old(relay, mine, booking, broker) -> None:
    ticket = mine.ticket(booking)
    for key in broker.keys("ticket:*"):
        broker.pexpire(key, 1)
    time.sleep(0.01)
    assert closing_of(mine.open(relay, path(booking), ticket))[0] == 4010


@pytest.mark.parametrize("shown", ["", "x", "..", "a" * 4000])
def test_what_is_no_ticket_opens_nothing(relay, mine, booking, shown) -> None:
    assert closing_of(mine.open(relay, path(booking), shown or "-"))[0] == 4010


def test_a_ticket_is_for_one_browser_and_gone_when_another_shows_it(relay, mine, browse, booking, staff) -> None:
    ticket = mine.ticket(booking)
    assert closing_of(browse(staff).open(relay, path(booking), ticket))[0] == 4010
    assert closing_of(mine.open(relay, path(booking), ticket))[0] == 4010
    for cookie in ("", "sessionid=", "sessionid=unknown", ';;=;,"=(@'):
        assert closing_of(mine.open(relay, path(booking), mine.ticket(booking), cookie=cookie))[0] == 4010


def test_a_head_that_is_too_long_is_answered(relay, mine, booking) -> None:
    with pytest.raises(InvalidStatus) as refused:
        mine.open(relay, path(booking), mine.ticket(booking), cookie="a=" + "b" * 20_000)
    assert refused.value.response.status_code == 400


def test_a_ticket_is_for_one_purpose_and_one_session(relay, mine, booking, award) -> None:
    other = BookingFactory(award=award, session__state=SessionState.LIVE)
    assert closing_of(mine.open(relay, path(other), mine.ticket(booking)))[0] == 4010
    assert closing_of(mine.open(relay, path(booking), mine.ticket(booking, "events")))[0] == 4010
    assert closing_of(mine.open(relay, path(booking), mine.ticket()))[0] == 4010
    assert closing_of(mine.open(relay, "/ws/check/echo", mine.ticket(booking)))[0] == 4010
    assert closing_of(mine.open(relay, "/ws/sessions/NOSUCH/desktop", mine.ticket(booking)))[0] == 4010


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://127.0.0.1:1", "http://localhost", "http://["]
)
def test_pages_of_others_get_no_socket(relay, mine, booking, origin) -> None:
    ticket = mine.ticket(booking)
    with pytest.raises(InvalidStatus) as refused:
        mine.open(relay, path(booking), ticket, origin=origin)
    assert refused.value.response.status_code == 403
    Viewer(mine.open(relay, path(booking), ticket)).greet().arrive()  # and the ticket was not touched


@pytest.mark.parametrize("address", ["/", "/ws/", "/ws/sessions/x/", "/ws/sessions/a/b/desktop", "/en/"])
def test_there_is_no_socket_at_other_addresses(relay, mine, address) -> None:
    with pytest.raises(InvalidStatus):
        mine.open(relay, address, "x")


def test_strangers_get_no_ticket(browse, booking, stranger_researcher, stranger_operator, donor) -> None:
    for person in (stranger_researcher, stranger_operator, donor):
        for purpose in ("desktop", "events"):
            assert browse(person).ask(booking, purpose).status_code == 404
    address = reverse("sessions:ticket", args=[booking.ref])
    assert Client().post(address).status_code == 302
    assert browse(donor).client.get(address).status_code == 405


def test_a_ticket_asks_for_the_token_of_the_form(researcher, booking) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(researcher)
    assert client.post(reverse("sessions:ticket", args=[booking.ref])).status_code == 403
    assert client.post(reverse("connection:ticket")).status_code == 403


def test_an_unknown_kind_of_ticket_is_refused(mine, booking, broker) -> None:
    assert mine.ask(booking, "everything").status_code == 400
    assert broker.keys("ticket:*") == []


@pytest.mark.parametrize("state", [SessionState.SCHEDULED, SessionState.READY])
def test_a_session_that_is_not_open_yet_gives_no_desktop(mine, booking, state) -> None:
    Session.objects.update(state=state, starts_at=timezone.now() + timedelta(minutes=5))
    answer = mine.ask(booking)
    assert answer.status_code == 409
    assert answer.json() == {"detail": "The session is not open. It opens at its start.", "code": 4013}
    assert mine.ask(booking, "events").status_code == 200


def test_a_session_that_is_over_gives_nothing(mine, booking) -> None:
    Session.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    for purpose in ("desktop", "events"):
        assert mine.ask(booking, purpose).json()["code"] == 4001


def test_the_door_is_looked_at_again_when_the_ticket_is_shown(relay, mine, booking) -> None:
    ticket = mine.ticket(booking)
    Session.objects.update(state=SessionState.ENDED)
    assert closing_of(mine.open(relay, path(booking), ticket))[0] == 4001
    assert Attendance.objects.count() == 0


def test_who_lost_the_right_in_between_is_not_let_in(relay, browse, booking, staff) -> None:
    mine = browse(staff)
    ticket = mine.ticket(booking)
    type(staff).objects.filter(pk=staff.pk).update(is_staff=False)
    assert closing_of(mine.open(relay, path(booking), ticket))[0] == 4003


def test_secrets_reach_neither_the_log_nor_the_address(relay, mine, booking) -> None:
    ticket = mine.ticket(booking)
    Viewer(mine.open(relay, path(booking), ticket)).greet().arrive()
    assert closing_of(mine.open(relay, path(booking), "not-a-good-ticket"))[0] == 4010
    for secret in (ticket, "not-a-good-ticket", mine.cookie, "secret12"):
        assert secret not in relay.said()


def test_many_bad_tickets_are_not_even_looked_at(start_relay, mine, booking) -> None:
    relay = start_relay()
    for _ in range(TRIES):
        assert closing_of(mine.open(relay, path(booking), "bad"))[0] == 4010
    ticket = mine.ticket(booking)
    assert closing_of(mine.open(relay, path(booking), ticket))[0] == 4012
    elsewhere = mine.open(relay, path(booking), ticket, source_address=("127.0.0.9", 0))
    Viewer(elsewhere).greet().arrive()


def test_a_thousand_sockets_of_one_address_leave_room_for_others(start_relay, mine, browse, booking) -> None:
    relay = start_relay()
    calm = Viewer(mine.open(relay, path(booking), mine.ticket(booking), source_address=("127.0.0.8", 0)))
    calm.greet().arrive()
    class_room = [browse(UserFactory()) for _ in range(SOCKETS // WINDOWS)]
    assert asyncio.run(crowd(relay, class_room, 1000, calm)) == (SOCKETS, 0)
    assert relay.figures()['relay_turned_away_total{why="sockets"}'] > 0
    mine.desktop(relay, booking)  # what they held is free again


async def crowd(relay: RelayServer, class_room: list[Browser], size: int, calm: Viewer) -> tuple[int, int]:
    """Hold as many sockets as one address may, then try `size` more: how many of each were let in."""
    async with contextlib.AsyncExitStack() as stack:

        async def is_in(cookie: str, ticket: str) -> bool:
            protocols = ["binary", f"ticket.{ticket}"]
            headers = {"Cookie": cookie}
            options = {"origin": relay.url, "additional_headers": headers, "open_timeout": 120, "ping_interval": None}
            address = f"ws://127.0.0.1:{relay.port}/ws/check/echo"
            try:
                line = await stack.enter_async_context(connect_async(address, subprotocols=protocols, **options))
                await line.send('{"ping": 1}')
                return await line.recv() == '{"pong": 1}'
            except (InvalidHandshake, OSError, TimeoutError):
                return False

        held = 0
        for one in class_room:  # tickets are good for half a minute: each gets theirs at the door
            tickets = [one.ticket() for _ in range(WINDOWS)]
            held += sum(await asyncio.gather(*(is_in(one.cookie, ticket) for ticket in tickets)))
        more = await asyncio.gather(*(is_in("x=y", "x") for _ in range(size)))
        await asyncio.to_thread(calm.arrive)
    return held, sum(more)


def test_one_person_has_so_many_windows(relay, mine) -> None:
    """Each check has a practice instrument of its own, so nobody gets them by the hundred."""
    held = [mine.open(relay, "/ws/check/echo", mine.ticket()) for _ in range(WINDOWS)]
    for line in held:
        line.send('{"ping": 1}')
        line.recv(timeout=PATIENCE)
    assert closing_of(mine.open(relay, "/ws/check/echo", mine.ticket()))[0] == 4011
    held[0].close()
    line = mine.open(relay, "/ws/check/echo", mine.ticket())
    line.send('{"ping": 2}')
    assert line.recv(timeout=PATIENCE) == '{"pong": 2}'


def test_who_says_nothing_is_hung_up_on(relay, mine, booking) -> None:
    """Slowloris, at each stage: no request, half a request, a socket that never greets."""
    silent = [socket.create_connection(("127.0.0.1", relay.port)) for _ in range(5)]
    silent[1].sendall(b"GET /ws/check/echo HTTP/1.1\r\nHost: x\r\n")
    silent[2].sendall(b"GET /healthz/live HTTP/1.1\r\n")
    dull = Viewer(mine.open(relay, path(booking), mine.ticket(booking)))
    with ThreadPoolExecutor(len(silent)) as pool:
        list(pool.map(hung_up, silent))
    assert dull.end()[0] == 4009
    assert Attendance.objects.count() == 0


def hung_up(line: socket.socket) -> None:
    line.settimeout(PATIENCE)
    with contextlib.suppress(ConnectionResetError), line:
        while line.recv(1000):
            pass


def test_figures_are_for_the_monitor_alone(relay, start_relay) -> None:
    assert relay.figures()["relay_truth_age_seconds"] >= 0
    hidden = start_relay(METRICS_ALLOWED_NETWORKS="10.0.0.0/8")
    assert status_at(f"{hidden.url}/metrics") == 404
    assert status_at(Request(f"{relay.url}/metrics", method="POST")) == 405
    with urlopen(f"{relay.url}/metrics", timeout=PATIENCE) as answer:
        assert (answer.headers["X-Content-Type-Options"], answer.headers["X-Frame-Options"]) == ("nosniff", "DENY")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    passed_on = Request(f"{relay.url}/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
    assert status_at(passed_on) == 404


def test_the_relay_serves_no_pages_and_says_how_it_is(relay) -> None:
    for address in ("/", "/en/", "/admin/", "/static/css/base.css"):
        assert status_at(relay.url + address) == 404
    with urlopen(f"{relay.url}/healthz/ready", timeout=PATIENCE) as answer:
        assert json.load(answer)["status"] == "ok"
    assert settings.SESSION_COOKIE_NAME not in relay.said()
