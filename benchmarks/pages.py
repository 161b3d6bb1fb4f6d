"""Pages and the booking itself: statements, and CPU of application and database together.

Beside public pages stands the least that Django answers behind the same middleware, at the one address below.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

from benchmarks.common import counted, cpu_milliseconds, figure
from bookings.enums import BookingState
from bookings.models import Booking
from bookings.week import week_name
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.bookings import BookingFactory, next_monday_at
from tests.factories.calls import AwardFactory, CallFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory

ROUNDS = 60
DRAWN = "?page=1"  # a page asked for with a question is kept for nobody
PUBLIC = {"home": "/en/", "calls list": "/en/calls/", "impact": "/en/impact/", "about": "/en/about/"}


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("bare")


urlpatterns = [path("bare/", bare)]


def run() -> list[dict[str, Any]]:
    """Measure; return one line a figure."""
    world = World()
    figures = [figure("yardstick: five million additions", _yardstick(), "ms CPU")]
    figures += _page("week page, signed in", world.client, world.week_url, statements=8, milliseconds=15)
    figures += _booking(world)
    figures += _page("calls list, drawn for a visitor", Client(), f"/en/calls/{DRAWN}", statements=4)
    figures += _page("home, drawn for a visitor", Client(), f"/en/{DRAWN}", statements=8)
    figures += _page("own page, signed in", world.client, "/en/me/", statements=12)
    return figures + _beside_a_bare_view()


def _yardstick() -> float:
    """What this machine gives a second to Python now; machines differ, and so do their hours."""
    before = time.process_time()
    total = 0
    for n in range(5_000_000):
        total += n
    return (time.process_time() - before) * 1000


class World:
    """A laboratory with an operator, an instrument with a busy week, a focal point with hours, forty calls."""

    def __init__(self) -> None:
        techniques = [TechniqueFactory() for _ in range(6)]
        laboratory = OrganisationFactory(country="FR", city="Grenoble", time_zone="Europe/Paris")
        MembershipFactory(organisation=laboratory, role="operator")
        self.instrument = InstrumentFactory(
            organisation=laboratory,
            techniques=techniques[:2],
            hours=[(day, 0, 1440) for day in range(7)],
            policy={"horizon_days": 365, "longest": 1440},
        )
        self.person = UserFactory()
        institute = OrganisationFactory()
        MembershipFactory(user=self.person, organisation=institute, role="focal_point")
        self.award = AwardFactory(
            holder=UserFactory(),
            organisation=institute,
            instrument=self.instrument,
            granted_minutes=1_000_000,
            valid_until=timezone.now().date() + timedelta(days=400),
        )
        start = next_monday_at(0)
        for n in range(20):
            BookingFactory(award=self.award, start=start + timedelta(hours=8 * n), minutes=120)
        for _ in range(40):
            CallFactory(techniques=techniques[:3])
        for _ in range(12):
            InstrumentFactory(organisation=laboratory, techniques=techniques)
        self.client = Client()
        self.client.force_login(self.person)
        self.week_url = f"/en/instruments/{self.instrument.slug}/book/?length=120&week={week_name(start.date())}"

    def book(self, n: int) -> None:
        """Send the form of the check page for the n-th free hour after the busy week."""
        start = next_monday_at(0) + timedelta(days=14, hours=2 * n)
        response = self.client.post(
            f"/en/instruments/{self.instrument.slug}/book/confirm/",
            {
                "slot": start.strftime("%Y-%m-%dT%H:%MZ"),
                "length": 60,
                "award": self.award.ref,
                "participants": [self.award.holder_id],
                "form_key": str(uuid4()),
            },
        )
        if response.status_code != 302:
            raise RuntimeError(f"booking {n} answered {response.status_code}")


def _page(
    name: str, client: Client, url: str, *, statements: int, milliseconds: float | None = None
) -> list[dict[str, Any]]:
    def get(n: int) -> None:
        response = client.get(url)
        if response.status_code != 200:
            raise RuntimeError(f"{url} answered {response.status_code}")

    return _measured(name, get, statements, milliseconds)


def _beside_a_bare_view() -> list[dict[str, Any]]:
    """How many visits a bare view and public pages answer in the same time."""
    with override_settings(ROOT_URLCONF=__name__):
        least = _visit("/bare/")
    figures = [figure("a bare view, visitor", least, "ms CPU")]
    for name, url in PUBLIC.items():
        pace = least / _visit(url) * 100
        figures.append(figure(f"{name}, visitor: of a bare view", pace, "%", "at least 60", ok=pace >= 60))
    return figures


def _visit(url: str) -> float:
    client = Client(headers={"Accept-Encoding": "gzip"})  # as every browser says
    client.get(url)  # its templates are read once, and the second visit finds what is kept
    return cpu_milliseconds(lambda n: client.get(url), 10 * ROUNDS)


def _booking(world: World) -> list[dict[str, Any]]:
    figures = _measured("booking by the form, all told", world.book, 16, 20)
    booked = Booking.objects.filter(award=world.award, state=BookingState.CONFIRMED).count()
    if booked != 20 + ROUNDS + 3:
        raise RuntimeError(f"{booked} bookings stand where {20 + ROUNDS + 3} should")
    return figures


def _measured(
    name: str, deed: Callable[[int], None], statements: int, milliseconds: float | None
) -> list[dict[str, Any]]:
    deed(-3)
    deed(-2)
    with counted() as seen:
        deed(-1)
    figures = [figure(name, len(seen), "statements", f"at most {statements}", ok=len(seen) <= statements)]
    cpu = cpu_milliseconds(deed, ROUNDS)
    bar = f"at most {milliseconds:g}" if milliseconds else ""
    figures.append(figure(name, cpu, "ms CPU", bar, ok=cpu <= milliseconds if milliseconds else None))
    return figures
