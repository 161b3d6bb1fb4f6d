"""The relay beside a plain TCP relay and beside websockify: bytes a second, time added, memory, two hundred sockets.

websockify is no dependency of the portal; where the program is not on the PATH, its lines are left out.
"""

import contextlib
import selectors
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from benchmarks import memory
from benchmarks.common import figure
from benchmarks.screens import PICTURE, small
from benchmarks.wires import WebWire, Wire
from tests.support.relay import Browser, RelayServer, give_desktop

from bookings.enums import SessionState  # isort: skip
from bookings.models import Booking  # isort: skip
from django.utils import timezone  # isort: skip
from tests.factories.accounts import UserFactory  # isort: skip
from tests.factories.bookings import BookingFactory  # isort: skip

MEBIBYTES = 256  # of one round
ROUNDS = 3
PINGS = 2000
SOCKETS = 200
PICTURES = 50  # of each of the sockets, ten a second
SOURCES = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]  # one address may not open so many sockets

Open = Callable[[], Wire]


def run() -> list[dict[str, Any]]:
    """Start everything, measure each thing through each way; return the lines."""
    with contextlib.ExitStack() as stack:
        direct, practice = _screen(stack, "direct"), _screen(stack, "practice")
        plain, bare = _screen(stack, "plain", str(direct)), _screen(stack, "bare", str(direct))
        relay = RelayServer(PRACTICE_ADDRESS=f"127.0.0.1:{practice}", LOG_LEVEL="ERROR").start()
        stack.callback(relay.stop)
        booking = _live(direct)
        browser = Browser(booking.award.holder, stack)
        ways: dict[str, Open] = {
            "no relay": lambda: Wire(direct).greet(),
            "plain TCP relay": lambda: Wire(plain).greet(),
            "bare TCP relay": lambda: Wire(bare).greet(),
            "relay": lambda: _desktop(relay, browser, booking),
        }
        if websockify := _websockify(stack, direct):
            ways["websockify"] = lambda: WebWire(websockify, "/", {"Sec-WebSocket-Protocol": "binary"}).greet()
        lines = _throughput(ways)
        lines += _latency(ways, "")
        with _loaded_site():
            lines += _latency(ways, ", site under load")
        return lines + _many(relay)


def _throughput(ways: dict[str, Open]) -> list[dict[str, Any]]:
    """The best of some rounds, the ways taking turns: whatever else the machine does hits all of them."""
    best = dict.fromkeys(ways, 0.0)
    for _ in range(ROUNDS):
        for name, opened in ways.items():
            with contextlib.closing(opened()) as wire:
                best[name] = max(best[name], _mebibytes_a_second(wire))
    share = best["relay"] / best["plain TCP relay"] * 100
    lines = [figure(f"relay, bytes: {name}", rate, "MiB/s") for name, rate in best.items()]
    lines.append(figure("relay, bytes: of plain TCP", share, "%", "at least 70", ok=share >= 70))
    return [*lines, figure("relay, bytes: of bare TCP", best["relay"] / best["bare TCP relay"] * 100, "%")]


def _mebibytes_a_second(wire: Wire) -> float:
    size = MEBIBYTES * 1024 * 1024 // PICTURE * PICTURE
    began = time.perf_counter()
    wire.ask(MEBIBYTES)
    wire.skip(size)
    return size / (time.perf_counter() - began) / 1024 / 1024


def _latency(ways: dict[str, Open], when: str) -> list[dict[str, Any]]:
    """What a way adds to the time there and back, at the median and at the 99th percentile."""
    with contextlib.ExitStack() as stack:
        wires = {name: stack.enter_context(contextlib.closing(opened())) for name, opened in ways.items()}
        times: dict[str, list[float]] = {name: [] for name in wires}
        for _ in range(PINGS):
            for name, wire in wires.items():
                times[name].append(_milliseconds(wire))
            time.sleep(0.001)
    bare = times.pop("no relay")
    lines = []
    for name, taken in times.items():
        middle, worst = (_percentile(taken, share) - _percentile(bare, share) for share in (50, 99))
        bars = ("under 1", "under 10") if name == "relay" else ("", "")
        verdicts = (middle < 1, worst < 10) if name == "relay" else (None, None)
        lines.append(figure(f"relay, added: {name}, median{when}", middle, "ms", bars[0], ok=verdicts[0]))
        lines.append(figure(f"relay, added: {name}, 99th of 100{when}", worst, "ms", bars[1], ok=verdicts[1]))
    return lines


def _milliseconds(wire: Wire) -> float:
    began = time.perf_counter()
    wire.ask(0)
    wire.exactly(len(small(0)))
    return (time.perf_counter() - began) * 1000


def _percentile(values: list[float], share: int) -> float:
    return statistics.quantiles(values, n=100)[share - 1]


def _many(relay: RelayServer) -> list[dict[str, Any]]:
    """Two hundred screens in one process: what one that is quiet holds, and whether each picture of all arrives."""
    assert relay.process is not None
    with contextlib.ExitStack() as stack:
        wires = [_check(relay, stack, number) for number in range(20)]  # what is needed once, is there by then
        before = memory.resident(relay.process.pid)
        wires += [_check(relay, stack, number) for number in range(20, SOCKETS)]
        time.sleep(2)
        held = (memory.resident(relay.process.pid) - before) / (SOCKETS - 20)
        for wire in wires:
            stack.callback(wire.close)
            wire.ask(PICTURES, moves=True)
        lost = PICTURES * SOCKETS - _arrived(wires)
    return [
        figure("relay, memory of a quiet socket", held, "KiB", "at most 40", ok=held <= 40),
        figure(f"relay, pictures lost of {SOCKETS} sockets' {PICTURES}", lost, "pictures", "none", ok=lost == 0),
    ]


def _arrived(wires: list[Wire]) -> int:
    """How many pictures came whole and in their order, until all did or nothing came for five seconds."""
    size = len(small(0))
    seen = dict.fromkeys(wires, b"")
    with selectors.DefaultSelector() as selector:
        for wire in wires:
            selector.register(wire.socket, selectors.EVENT_READ, wire)
        while any(len(said) < PICTURES * size for said in seen.values()):
            ready = selector.select(5)
            if not ready:
                break
            for key, _ in ready:
                seen[key.data] += key.data.take()
    return sum(said[n * size :][:size] == small(n) for said in seen.values() for n in range(PICTURES))


def _desktop(relay: RelayServer, browser: Browser, booking: Booking) -> Wire:
    path = f"/ws/sessions/{booking.ref}/desktop"
    return WebWire(relay.port, path, _headers(relay, browser, browser.ticket(booking))).greet()


def _check(relay: RelayServer, stack: contextlib.ExitStack, number: int) -> Wire:
    """Somebody's connection check; nobody may have many at once."""
    browser = Browser(UserFactory(), stack)
    source = SOURCES[number % len(SOURCES)]
    return WebWire(relay.port, "/ws/check/desktop", _headers(relay, browser, browser.ticket()), source).greet()


def _headers(relay: RelayServer, browser: Browser, ticket: str) -> dict[str, str]:
    return {"Origin": relay.url, "Cookie": browser.cookie, "Sec-WebSocket-Protocol": f"binary, ticket.{ticket}"}


def _live(port: int) -> Booking:
    """A session that began just now, on a unit whose screen is at this port."""
    start = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=5)
    booking = BookingFactory(start=start, session__state=SessionState.LIVE, session__opened_at=start)
    give_desktop(booking, port)
    return booking


def _screen(stack: contextlib.ExitStack, *kind: str) -> int:
    """Start a process of `benchmarks.screens`; its port."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.screens", *kind], stdout=subprocess.PIPE)
    stack.callback(_stop, process)
    assert process.stdout is not None
    return int(process.stdout.readline())


def _websockify(stack: contextlib.ExitStack, port: int) -> int:
    """Start it in front of a screen; its port, 0 where there is none."""
    program = shutil.which("websockify")
    if program is None:
        print("    websockify is not on the PATH: not measured", flush=True)
        return 0
    own = RelayServer().port  # a free one
    process = subprocess.Popen([program, f"127.0.0.1:{own}", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL)
    stack.callback(_stop, process)
    for _ in range(100):
        with contextlib.suppress(OSError):
            Wire(own).close()
            return own
        time.sleep(0.1)
    raise RuntimeError("websockify did not come up")


@contextlib.contextmanager
def _loaded_site() -> Iterator[None]:
    """Pages in a process of their own, as production serves them, asked without a pause."""
    server = memory.serve()
    asker = subprocess.Popen([sys.executable, "-m", "benchmarks.memory"])
    try:
        time.sleep(1)
        yield
        assert asker.poll() is None, "nobody asked for pages any more"
    finally:
        for process in (asker, server):
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(10)
    if process.stdout is not None:
        process.stdout.close()
