"""Own bookings of a week, day by day: to look at, and to print and hang beside the desk."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.models import Booking
from bookings.slots import DAY, Span
from bookings.week import monday_of, week_name, window_of
from portal.accounts.requests import SignedInRequest
from portal.core.paging import page_of
from portal.core.times import clock_changes, zone_words

PER_PAGE = 100


@login_required
@require_safe
def agenda(request: SignedInRequest) -> HttpResponse:
    """`?week=2027-W12`, by the reader's calendar; what was given up is left out."""
    now, zone = timezone.now(), timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    monday = monday_of(request.GET.get("week", ""), today)
    window = window_of(monday, zone)
    rows = Booking.objects.of_person(request.user).occupying()
    rows = rows.filter(period__overlap=(window.start, window.end)).for_page().in_order()
    page = page_of(request, rows.prefetch_related("participants"), PER_PAGE)
    sunday = monday + 6 * DAY
    context = {
        "page": page,
        "days": list(_by_day(page, window)),
        "monday": monday,
        "sunday": sunday,
        "today": today,
        "zone_words": zone_words(zone),
        "changes": [(zone, change) for change in clock_changes(monday, sunday, zone)],
        "previous": week_name(monday - 7 * DAY),
        "next": week_name(monday + 7 * DAY),
    }
    return render(request, "bookings/booking_agenda.html", context)


def _by_day(bookings: Iterable[Booking], window: Span) -> Iterable[tuple[date, list[tuple[Booking, bool]]]]:
    """Every day of the week with its bookings; one that began before the week stands on Monday, marked so."""
    zone = timezone.get_current_timezone()
    monday = window.start.astimezone(zone).date()
    days: dict[date, list[tuple[Booking, bool]]] = {monday + number * DAY: [] for number in range(7)}
    for booking in bookings:
        is_begun = booking.start < window.start
        days[max(booking.start, window.start).astimezone(zone).date()].append((booking, is_begun))
    return days.items()
