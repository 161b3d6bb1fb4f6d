"""The server, the browser and the mail of the journeys."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from bookings.enums import SessionState
from bookings.models import Booking
from calls.models import Award
from portal.notifications.delivery import drain
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.journeys.browsing import Opener, Visit, open_window
from tests.journeys.server import PagesServer, WholeServer
from tests.journeys.world import build
from tests.support.machines import Inbox

# The shell first: it draws no frame of a browser around a page, so a window takes it a quarter of the time.
BROWSERS = ("chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)


# A long module begun last leaves a core idle.
LONGEST = ("test_looks", "test_weights", "test_desktop", "test_instrument_time")


def is_journey(item: pytest.Item) -> bool:
    return "tests/journeys/" in item.path.as_posix()


def turn(item: pytest.Item) -> int:
    """Its place in the order: what is no journey, the long journeys, all others."""
    if not is_journey(item):
        return -1
    return LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every journey; where there is no browser, skip them, but never in CI: nothing goes unseen there.

    They come last: once a browser was driven, its event loop runs on in this process, and what calls `asyncio.run`
    (the probe of a desktop, the tests of the relay) could not be tried any more.
    """
    items.sort(key=turn)
    for item in items:
        if "playwright" in getattr(item, "fixturenames", ()) and not is_journey(item):
            raise pytest.UsageError(f"{item.nodeid} drives a browser: its place is tests/journeys/")
        if is_journey(item):
            item.add_marker(pytest.mark.journey)
            if CHROMIUM is None and os.environ.get("CI") != "true":
                item.add_marker(pytest.mark.skip(reason="there is no Chromium: install chromium-headless-shell"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    assert CHROMIUM, "the journeys need Chromium: install chromium-headless-shell"
    return {"executable_path": CHROMIUM, "args": FLAGS.split()}


@pytest.fixture(scope="session")
def pages_server(django_db_setup: None) -> Iterator[PagesServer]:
    server = PagesServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def whole_server(django_db_setup: None) -> Iterator[WholeServer]:
    server = WholeServer()
    try:
        server.prepare()
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def site(pages_server: PagesServer | WholeServer, transactional_db: None, broker: Any, settings) -> str:
    """The address of the running portal, its limits on tries forgotten; links in mails lead to it, files lie there."""
    settings.SITE_URL = pages_server.url
    settings.MEDIA_ROOT = pages_server.folder / "media"
    return pages_server.url


@pytest.fixture
def window(browser: Browser, site: str, pages_server: PagesServer | WholeServer) -> Iterator[Opener]:
    """Opens windows; a test fails in which one of them complained, and shows what the pages logged."""
    opened: list[Visit] = []

    def open_one(*args: Any, **options: Any) -> Visit:
        options = {"site": site, "expects": pages_server.misses, **options}
        opened.append(open_window(browser, options.pop("site"), *args, **options))
        return opened[-1]

    yield open_one
    complaints = [line for visit in opened for line in visit.complaints]
    for visit in opened:
        visit.context.close()
    pages_server.settle()
    assert complaints == [], pages_server.log.read_text(errors="replace")[-4000:]


class Post:
    """The mail of the test: delivers what is due and finds links in it."""

    def __init__(self, inbox: Inbox):
        self.inbox = inbox

    def link_to(self, address: str, part: str) -> str:
        """The first link with `part` in its path, of the newest mail to `address`; fails when none comes."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            drain()
            for message in reversed(self.inbox.to(address)):
                body = message.get_body(("plain",))
                assert body is not None
                for link in re.findall(r"https?://\S+", body.get_content()):
                    if part in link:
                        return link
            time.sleep(0.1)
        raise AssertionError(f"no mail to {address} has a link with {part}: {self.inbox.messages()}")


@pytest.fixture
def post(mail_sink: Inbox, site: str) -> Post:
    return Post(mail_sink)


@pytest.fixture
def award(site: str, researcher: Any, institute: Any, instrument: Any) -> Award:
    return AwardFactory(holder=researcher, organisation=institute, instrument=instrument)


@pytest.fixture
def ready_booking(award: Award) -> Booking:
    """A booking that began a minute ago, whose session nobody has begun."""
    start = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=1)
    return BookingFactory(award=award, start=start, session__state=SessionState.READY)


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> dict[str, Any]:
    """People by their role, with their organisations and the instrument; `visitor` is nobody."""
    names = ("researcher", "focal_point", "operator", "reviewer", "donor", "staff")
    places = ("institute", "laboratory", "instrument")
    return {"visitor": None} | {name: request.getfixturevalue(name) for name in (*names, *places)}


@pytest.fixture
def world(site: str, cast: dict[str, Any]) -> dict[str, str]:
    """One of everything: what stands in the braces of the paths in stops.py."""
    return build(cast)
