"""A session's page in Chromium on thin lines, at the practice instrument, with the quality that the page chooses.

The line carries everything, pages as well as the picture: from an empty cache to the first picture, and from a click
to a changed pixel.
"""

import contextlib
import statistics
import time
from datetime import timedelta
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.common import figure
from tests.journeys.browsing import Browser, open_window
from tests.journeys.conftest import CHROMIUM, FLAGS
from tests.journeys.screen import Screen, soon
from tests.journeys.server import WholeServer
from tests.support.line import Line
from tests.support.relay import give_desktop

from bookings.enums import SessionState  # isort: skip
from bookings.models import Booking  # isort: skip
from django.utils import timezone  # isort: skip
from tests.factories.bookings import BookingFactory  # isort: skip

TRIP = 0.4  # seconds there and back
PATIENCE = 60.0
CLICKS = 15
TABS = [(12 + 167 * number + 82, 88) for number in range(6)]  # the instrument's pages: most of the picture changes
# Notes when the page has painted something else than what was there at the press of the button.
WATCH = """() => {
  const canvas = document.querySelector("[data-screen] canvas");
  const small = Object.assign(document.createElement("canvas"), { width: 128, height: 96 });
  const pen = small.getContext("2d", { willReadFrequently: true });
  const look = () => {
    pen.drawImage(canvas, 0, 0, 128, 96);
    return pen.getImageData(0, 0, 128, 96).data.join();
  };
  window.took = 0;
  canvas.addEventListener("mousedown", () => {
    const [began, before] = [performance.now(), look()];
    const again = () => {
      if (look() === before) requestAnimationFrame(again);
      else window.took = performance.now() - began;
    };
    again();
  }, { once: true, capture: true });
}"""


def run() -> list[dict[str, Any]]:
    """Serve pages, relay and practice instrument; return the lines."""
    with contextlib.ExitStack() as stack:
        server = WholeServer()
        stack.callback(server.stop)
        server.prepare()
        server.start()
        practice = server.instrument()
        stack.callback(practice.stop)
        practice.start()
        player = stack.enter_context(sync_playwright())
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        stack.callback(browser.close)
        return _first_pictures(server, browser) + _clicks(server, browser)


def _first_pictures(server: WholeServer, browser: Browser) -> list[dict[str, Any]]:
    lines = []
    with Line(server.port, bits_a_second=400_000, trip=TRIP) as line:
        booking = _live()
        _wake(server, browser, booking)
        screen = Screen(open_window(browser, line.url, booking.award.holder))
        for name, bar in (("nothing in the cache", 5.0), ("page visited before", 5.0)):
            before, began = line.back.carried, time.monotonic()
            screen.page.goto(f"{line.url}/en/sessions/{booking.ref}/", wait_until="commit")
            soon(lambda: _is_painted(screen), True, PATIENCE)
            took = time.monotonic() - began
            lines.append(figure(f"400 kbit/s, first picture: {name}", took, "s", f"at most {bar:g}", ok=took <= bar))
            lines.append(figure(f"400 kbit/s, carried: {name}", (line.back.carried - before) / 1000, "kB"))
            screen.page.goto("about:blank")
        screen.visit.context.close()
    return lines


def _wake(server: WholeServer, browser: Browser, booking: Booking) -> None:
    """A server's very first page waits for the server itself: somebody else has been here, on a line of their own."""
    screen = Screen(open_window(browser, server.url, booking.award.holder))
    screen.page.goto(f"{server.url}/en/sessions/{booking.ref}/", wait_until="commit")
    soon(lambda: _is_painted(screen), True, PATIENCE)
    screen.visit.context.close()


def _clicks(server: WholeServer, browser: Browser) -> list[dict[str, Any]]:
    with Line(server.port, bits_a_second=128_000, trip=TRIP) as line:
        booking = _live()
        screen = Screen(open_window(browser, line.url, booking.award.holder))
        screen.page.goto(f"{line.url}/en/sessions/{booking.ref}/", wait_until="commit")
        soon(lambda: _is_painted(screen), True, PATIENCE)
        soon(screen.control, "mine", PATIENCE)
        times, before = [], line.back.carried
        for number in range(CLICKS):
            x, y = TABS[(number + 1) % len(TABS)]
            times.append(_click(screen, x, y))
        size = (line.back.carried - before) / CLICKS / 1000
        step = screen.page.locator("[data-desktop]").get_attribute("data-step")
        screen.visit.context.close()
    middle = statistics.median(times)
    return [
        figure(f"128 kbit/s, click to pixel, median ({step})", middle, "s", "at most 3", ok=middle <= 3),
        figure("128 kbit/s, click to pixel, longest", max(times), "s"),
        figure("128 kbit/s, carried for a click", size, "kB"),
    ]


def _is_painted(screen: Screen) -> bool:
    """Whether the lower edge of the instrument's picture is there: it has no black pixel of its own in the corner."""
    return screen.page.evaluate("document.readyState") != "loading" and screen.pixel(1020, 764) not in (None, [0, 0, 0])


def _click(screen: Screen, x: int, y: int) -> float:
    """Seconds until the picture is another one."""
    screen.page.evaluate(WATCH)
    screen.click(x, y)
    soon(lambda: screen.page.evaluate("window.took") > 0, True, PATIENCE)
    took: float = screen.page.evaluate("window.took") / 1000
    return took


def _live() -> Booking:
    """A session at a practice instrument, five minutes old."""
    start = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=5)
    live = {"session__state": SessionState.LIVE, "session__opened_at": start}
    booking = BookingFactory(start=start, **live)
    give_desktop(booking, 5900, route="practice", host="")
    return booking
