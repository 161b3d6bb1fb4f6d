"""The relay as production runs it, on this pytest worker's database and Valkey, and browsers that open its sockets.

`relay` is one for a module, `start_relay` starts one of a test's own. A `Browser` is signed in at the pages of this
process; its `desktop` is a `Viewer`, which speaks RFB over a real WebSocket.
"""

import contextlib
import os
import signal
import struct
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from subprocess import Popen
from typing import Any
from urllib.request import urlopen

import pytest
import yaml
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bookings.enums import SessionState
from bookings.models import Attendance, Booking
from instruments.models import Desktop
from portal.accounts.models import User
from portal.embedded.addresses import database_url
from portal.embedded.process import end, kill_group, spawn
from tests.factories.bookings import BookingFactory
from tests.support.engines import postgres
from tests.support.environment import RUN, WORKER, free_port
from tests.support.vnc import Vnc
from tests.support.waiting import PATIENCE, soon, status_at

READY = 60.0  # seconds the relay may take to come up
ROOT = Path(__file__).parents[2]
LOOKS = "relay_truth_seconds_count"
CUT = 2.0  # seconds within which a cut has to come, on a machine that has time for it


class RelayServer:
    """A relay; `url` has no slash at its end. `env` overrides what settings read."""

    def __init__(self, name: str = "relay", application: str = "portal.relay:application", **env: str) -> None:
        self.application, self.env = application, env
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = RUN / f"{name}-{WORKER or 'main'}-{self.port}"
        self.log = self.folder / "relay.log"
        self.process: Popen[bytes] | None = None

    def start(self) -> "RelayServer":
        """Returns once it answers; its folder and log stay when it is started again."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "uvicorn", self.application, *self._options()]
        self.process = spawn(command, log=self.log, env=self._environment())
        deadline = time.monotonic() + READY
        while not self._answers():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, f"the relay did not come up: {self.said()}"
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        if self.process is not None:
            end(self.process, signal.SIGTERM, patience=PATIENCE)
            self.process = None

    def kill(self) -> None:
        """Kill -9, as a power cut would."""
        assert self.process is not None, "the relay was not started"
        kill_group(self.process)
        self.process = None

    def settle(self, patience: float = 10) -> None:
        """Wait until it has written its last words about lines that are closed: they belong to the test that ends."""
        deadline = time.monotonic() + patience
        while self.process is not None and time.monotonic() < deadline:
            open_ones = [number for name, number in self.figures().items() if name.startswith("relay_sockets{")]
            if not any(open_ones) and not Attendance.objects.open().exists():
                return
            time.sleep(0.02)

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def figures(self) -> dict[str, float]:
        """The figures it shows, by name and labels as they are written."""
        with urlopen(f"{self.url}/metrics", timeout=PATIENCE) as answer:
            lines = answer.read().decode().splitlines()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}

    def look(self) -> None:
        """Wait until it has read the rows once more: the next look is then as far as it can be."""
        before = self.figures()[LOOKS]
        soon(lambda: self.figures()[LOOKS] > before, True)

    def _options(self) -> list[str]:
        """As compose runs it, on another port."""
        compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
        _program, _application, *options = compose["services"]["relay"]["command"]
        options[options.index("--host") + 1] = "127.0.0.1"
        options[options.index("--port") + 1] = str(self.port)
        return options

    def _environment(self) -> dict[str, str]:
        own = {
            "DATABASE_URL": database_url(postgres.sockets, connection.settings_dict["NAME"]),
            "DESKTOP_ALLOWED_NETWORKS": "127.0.0.0/8,::1/128",
            "SITE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }
        return {**os.environ, **own, **self.env}

    def _answers(self) -> bool:
        return status_at(f"{self.url}/healthz/live") == 200


class Viewer:
    """RFB over a WebSocket, as noVNC speaks it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.size, self.name = (0, 0), ""
        self._held = b""

    def read(self, length: int, patience: float = PATIENCE) -> bytes:
        while len(self._held) < length:
            data = self.socket.recv(timeout=patience)
            assert isinstance(data, bytes)
            self._held += data
        said, self._held = self._held[:length], self._held[length:]
        return said

    def send(self, data: bytes) -> None:
        self.socket.send(data)

    def greet(self) -> "Viewer":
        """Up to ServerInit."""
        assert self.read(12) == b"RFB 003.008\n"
        self.send(b"RFB 003.008\n")
        assert self.read(2) == b"\x01\x01"
        self.send(b"\x01")
        assert self.read(4) == bytes(4)
        self.send(b"\x01")
        width, height, length = struct.unpack(">HH16xI", self.read(24))
        self.size, self.name = (width, height), self.read(length).decode()
        return self

    def point(self, x: int, y: int, buttons: int = 0) -> None:
        self.send(struct.pack(">BBHH", 5, buttons, x, y))

    def key(self, key: int, *, down: bool) -> None:
        self.send(struct.pack(">BBxxI", 4, down, key))

    def see(self, *, changes: bool = False) -> bytes:
        """Ask for the picture, or only for what changes; return the head of the update that answers."""
        self.send(struct.pack(">BBHHHH", 3, changes, 0, 0, *self.size))
        head = self.read(4)
        assert head[0] == 0, head
        return head

    def arrive(self) -> "Viewer":
        """Wait until the relay carries: the picture of one pixel, unpacked."""
        self.send(struct.pack(">BBHHHH", 3, 0, 0, 0, 1, 1))
        assert self.read(20)[:4] == b"\0\0\0\1"
        return self

    def drain(self, patience: float = 0.3) -> int:
        """Throw away what comes until nothing does for a moment; return how many bytes."""
        thrown, self._held = len(self._held), b""
        with contextlib.suppress(TimeoutError):
            while True:
                thrown += len(self.socket.recv(timeout=patience))
        return thrown

    def end(self, patience: float = PATIENCE) -> tuple[int, str]:
        """Wait until the relay closes it; the code and the reason."""
        return closing_of(self.socket, patience)

    def close(self) -> None:
        self.socket.close()


def closing_of(socket: ClientConnection, patience: float = PATIENCE) -> tuple[int, str]:
    """Wait until the other side closes; the code and the reason. Fails when it does not."""
    deadline = time.monotonic() + patience
    with contextlib.suppress(TimeoutError, ConnectionClosed):
        while True:
            socket.recv(timeout=max(deadline - time.monotonic(), 0.001))
    assert socket.close_code is not None, f"still open after {patience} s"
    return socket.close_code, socket.close_reason or ""


class Browser:
    """Somebody's browser, signed in; closes its sockets with the test."""

    def __init__(self, user: User, stack: contextlib.ExitStack) -> None:
        self.user, self._stack = user, stack
        self.client = Client()
        self.client.force_login(user)

    @property
    def cookie(self) -> str:
        name = django_settings.SESSION_COOKIE_NAME
        return f"{name}={self.client.cookies[name].value}"

    def ask(self, booking: Any = None, purpose: str = "desktop") -> Any:
        """The answer to a request for a ticket; without a booking for the connection check."""
        if booking is None:
            return self.client.post(reverse("connection:ticket"))
        return self.client.post(reverse("sessions:ticket", args=[booking.ref]), {"purpose": purpose})

    def ticket(self, booking: Any = None, purpose: str = "desktop") -> str:
        answer = self.ask(booking, purpose)
        assert answer.status_code == 200, answer.content
        return str(answer.json()["ticket"])

    def open(self, relay: RelayServer, path: str, ticket: str, **changed: Any) -> ClientConnection:
        """A socket; `origin` and `cookie` may be others than a page of ours would send."""
        cookie = changed.pop("cookie", self.cookie)
        options = {
            "origin": relay.url,
            "additional_headers": {"Cookie": cookie} if cookie else {},
            "subprotocols": ["binary", f"ticket.{ticket}"],
            "compression": None,
            "ping_interval": None,
            "open_timeout": PATIENCE,
            "close_timeout": 1,
            **changed,
        }
        address = f"ws://127.0.0.1:{relay.port}{path}"
        return self._stack.enter_context(connect(address, **options))

    def desktop(self, relay: RelayServer, booking: Any) -> Viewer:
        """At the screen of the session, its first pixel there."""
        return Viewer(self.try_desktop(relay, booking)).greet().arrive()

    def try_desktop(self, relay: RelayServer, booking: Any) -> ClientConnection:
        """The socket alone, for who may be told why not."""
        return self.open(relay, f"/ws/sessions/{booking.ref}/desktop", self.ticket(booking))

    def events(self, relay: RelayServer, booking: Any) -> ClientConnection:
        return self.open(relay, f"/ws/sessions/{booking.ref}/events", self.ticket(booking, "events"))


@pytest.fixture(scope="module")
def _relay(django_db_setup: None) -> Iterator[RelayServer]:
    server = RelayServer()
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def relay(_relay: RelayServer, transactional_db: None, broker: Any) -> Iterator[RelayServer]:
    """The running relay of this module; started again if a test stopped it."""
    if _relay.process is None or _relay.process.poll() is not None:
        _relay.start()
    yield _relay
    _relay.settle()


@pytest.fixture
def start_relay(transactional_db: None, broker: Any) -> Iterator[Callable[..., RelayServer]]:
    """Start a relay of one's own: `start_relay(DESKTOP_IDLE_SECONDS="2")`; it ends with the test."""
    with contextlib.ExitStack() as stack:

        def start(application: str = "portal.relay:application", **env: str) -> RelayServer:
            server = RelayServer("own", application, **env)
            stack.callback(server.stop)
            return server.start()

        yield start


@pytest.fixture
def browse() -> Iterator[Callable[[User], Browser]]:
    """Open a browser for somebody: `browse(researcher)`."""
    with contextlib.ExitStack() as stack:
        yield lambda user: Browser(user, stack)


@pytest.fixture
def live_booking(award: Any) -> Booking:
    """A booking whose session began five minutes ago; its unit has no desktop yet."""
    start = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=5)
    return BookingFactory(award=award, start=start, session__state=SessionState.LIVE, session__opened_at=start)


@pytest.fixture
def screen_booking(live_booking: Booking, vnc: Vnc) -> Booking:
    """The same, its unit's desktop being a real VNC server."""
    give_desktop(live_booking, vnc.port, vnc.password)
    return live_booking


def give_desktop(booking: Booking, port: int, password: str = "", **fields: Any) -> Desktop:
    """The VNC server at this port of this machine becomes the desktop of the booking's unit."""
    desktop = Desktop(unit=booking.unit, **{"route": "direct", "host": "127.0.0.1", "port": port, **fields})
    desktop.password = password
    desktop.save()
    return desktop
