"""Search for free time on any of some instruments."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from bookings.forms import FreeTimeForm
from bookings.policy import in_words
from bookings.search import Found, first_free
from bookings.slots import DAY, Span
from bookings.views.choosing import instant
from bookings.week import week_name, window_of
from instruments.models import Technique
from portal.accounts.requests import SignedInRequest
from portal.core.paging import page_of
from portal.core.times import zone_words

FOUR_WEEKS = 28 * DAY


@login_required
@require_safe
def free(request: SignedInRequest) -> HttpResponse:
    """The first free time on each instrument of a technique, the earliest first, and the way to book it."""
    now, zone = timezone.now(), timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    typed = {"length": "120", "from": str(today), "until": str(today + FOUR_WEEKS - DAY), **request.GET.dict()}
    form = FreeTimeForm(typed, Technique.objects.all(), today)
    context: dict[str, Any] = {"form": form, "zone": zone_words(zone)}
    if not form.is_valid():
        return render(request, "bookings/free.html", context, status=400)
    wanted = form.cleaned_data
    window = window_of(wanted["from"], zone, (wanted["until"] - wanted["from"]) // DAY + 1)
    search = first_free(
        request.user, wanted["length"], window, now, technique=wanted["technique"], only_mine=wanted["mine"]
    )
    page = page_of(request, search.free)
    context |= {
        "search": search,
        "page": page,
        "lines": [_line(found, wanted["length"]) for found in page],
        "asked": in_words(wanted["length"]),
    }
    return render(request, "bookings/free.html", context)


def _line(found: Found, asked: int) -> dict[str, Any]:
    """A line of the answer: the instrument, its first free time, where it leads."""
    period, slug = found.period, found.instrument.slug
    assert period is not None
    return {
        "instrument": found.instrument,
        "period": period,
        "award": found.award,
        "has_hours": found.has_hours,
        "other_length": in_words(found.minutes) if found.minutes != asked else "",
        "url": _check(found) if found.award else _week(slug, period, found.minutes),
        "week": _week(slug, period, found.minutes),
    }


def _check(found: Found) -> str:
    assert found.award is not None
    assert found.period is not None
    query: dict[str, str | int] = {
        "award": found.award.ref,
        "slot": instant(found.period.start),
        "length": found.minutes,
    }
    return reverse("booking_instruments:check", args=[found.instrument.slug]) + "?" + urlencode(query)


def _week(slug: str, period: Span, minutes: int) -> str:
    """The week of the instrument around the period, on the reader's calendar."""
    day = period.start.astimezone(timezone.get_current_timezone()).date()
    query: dict[str, str | int] = {"week": week_name(day), "length": minutes}
    return reverse("booking_instruments:book", args=[slug]) + "?" + urlencode(query)
