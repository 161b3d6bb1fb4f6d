"""What tests of calendars do over and over."""

from collections.abc import Callable
from datetime import timedelta

import icalendar
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from bookings.actions.calendar import make_calendar
from bookings.models import Booking, CalendarFeed
from instruments.models import Instrument
from portal.accounts.models import User
from portal.core.sealing import unseal

DAY = timedelta(days=1)


Change = Callable[[Booking], object]


def address(link: CalendarFeed) -> str:
    return reverse("calendar:feed", args=[unseal(link.sealed_token)])


def get(link: CalendarFeed, **headers: str) -> HttpResponse:
    return Client(headers=headers).get(address(link))  # type: ignore[arg-type,return-value]


def events(link: CalendarFeed) -> dict[str, icalendar.Event]:
    """By title, which these tests keep apart."""
    answer = get(link)
    assert answer.status_code == 200
    found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert len({str(event["SUMMARY"]) for event in found}) == len(found)
    return {str(event["SUMMARY"]): event for event in found}


def only(link: CalendarFeed) -> icalendar.Event:
    (event,) = events(link).values()
    return event


def on(instrument: Instrument, user: User) -> CalendarFeed:
    return make_calendar(instrument, by=user)
