"""The laboratory's first page: what waits for an answer, who runs what this week, what arrives, what comes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bookings.actions import checkin
from bookings.enums import BookingState, WaitlistState
from bookings.lines import Told, told_for
from bookings.models import Booking, Sample, WaitlistEntry
from bookings.querysets import OPERATOR_BEFORE
from bookings.slots import DAY, Span
from bookings.views.lab.common import instruments_run, pks, units_of
from bookings.week import monday_of, week_name, window_of
from instruments.models import Closure, Instrument, TrainingWish
from portal.accounts.models import User
from portal.accounts.requests import SignedInRequest
from portal.core.paging import page_of
from portal.core.together import ask_together

SHOWN = 50
PER_PAGE = 50


@dataclass(frozen=True)
class Line:
    """A booking on the page and what the reader may say of its session."""

    booking: Booking
    is_begun: bool  # before the days that are shown
    can_check_in: bool = False
    can_check_out: bool = False
    is_urgent: bool = False  # it needs an operator soon and has none
    checks: Sequence[Told] = ()  # how the lines of its people did


@dataclass(frozen=True)
class Day:
    """A day of the reader's calendar; `waiting` counts the sessions that the reader could check in to at once."""

    day: date
    lines: list[Line]
    waiting: int


@login_required
@require_safe
def lab(request: SignedInRequest) -> HttpResponse:
    """For operators of a laboratory; staff see every laboratory's. `?week=2027-W12` shows another week."""
    instruments = list(instruments_run(request)[:SHOWN])
    now, zone = timezone.now(), timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    asked = request.GET.get("week", "")
    first = monday_of(asked, today) if asked else today
    window = window_of(first, zone)
    page = page_of(request, _bookings(request.user, window), PER_PAGE)
    parts = {
        "requests": _requests(request.user, now),
        "disturbed": _disturbed(request.user, now),
        "samples": Sample.objects.at_laboratories_of(request.user).expected().for_page()[:SHOWN],
        "closures": _closures(request.user, now),
    }
    ask_together(parts.values())
    context = parts | {
        "page": page,
        "days": list(_by_day(page, window, request.user, now)),
        "instruments": list(_with_next(instruments, now)),
        "first": first,
        "last": first + 6 * DAY,
        "today": today,
        "is_another_week": bool(asked),
        "previous": week_name(first - 7 * DAY),
        "next": week_name(first + 7 * DAY),
        "this_week": week_name(first),
    }
    return render(request, "bookings/lab.html", context)


@login_required
@require_POST
def check_in(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = _find(request, ref)
    checkin.check_in(booking, by=request.user)
    messages.success(request, _("You run this session."))
    return redirect("lab:index")


@login_required
@require_POST
def check_out(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = _find(request, ref)
    checkin.check_out(booking, by=request.user)
    messages.success(request, _("Taken back: the session waits for another operator."))
    return redirect("lab:index")


@login_required
@require_POST
def check_in_day(request: SignedInRequest, day: str) -> HttpResponse:
    """Every session of the reader's day that nobody runs yet, at the laboratories where the reader is an operator."""
    instruments_run(request)
    try:
        asked = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    if not date(2000, 1, 1) <= asked <= date(2200, 1, 1):
        raise Http404
    done = checkin.check_in_for_day(asked, by=request.user, zone=timezone.get_current_timezone())
    if done:
        sentence = ngettext("You run %(count)d session.", "You run %(count)d sessions.", len(done))
        messages.success(request, sentence % {"count": len(done)})
    else:
        messages.warning(request, _("No session of this day waits for an operator."))
    return redirect("lab:index")


def _find(request: SignedInRequest, ref: str) -> Booking:
    return get_object_or_404(Booking.objects.visible_to(request.user).for_page(), ref=ref)


def _requests(user: User, now: datetime) -> Any:
    rows = Booking.objects.at_laboratories_of(user).requested().ending_after(now)
    return rows.for_page().in_order()[:SHOWN]


def _disturbed(user: User, now: datetime) -> Any:
    """What comes, cannot be held as booked, and was neither moved nor given up."""
    rows = Booking.objects.at_laboratories_of(user).disturbed().filter(period__startswith__gt=now)
    return rows.for_page().in_order()[:SHOWN]


def _bookings(user: User, window: Span) -> Any:
    """What is or was booked in the window; requests have their own place on the page."""
    units = units_of(Instrument.objects.managed_by(user).order_by().values("pk"))
    rows = Booking.objects.keeping(units, window).filter(period__overlap=(window.start, window.end))
    return rows.exclude(state=BookingState.REQUESTED).for_page().in_order()


def _by_day(rows: Iterable[Booking], window: Span, user: User, now: datetime) -> Iterable[Day]:
    """The bookings by the reader's days; one that began before the window stands on its first day."""
    zone, rows = timezone.get_current_timezone(), list(rows)
    checks = told_for(row.pk for row in rows if row.end > now)
    days: dict[date, list[Line]] = {}
    for booking in rows:
        day = max(booking.start, window.start).astimezone(zone).date()
        line = _line(booking, booking.start < window.start, user, now)
        days.setdefault(day, []).append(replace(line, checks=checks.get(booking.pk, ())))
    for day, lines in days.items():
        free = [line for line in lines if line.can_check_in and line.booking.session.operator_id is None]
        own = [line for line in free if not line.is_begun]
        yield Day(day, lines, 0 if user.is_staff else len(own))


def _line(booking: Booking, is_begun: bool, user: User, now: datetime) -> Line:
    session = getattr(booking, "session", None)
    if session is None or booking.state != BookingState.CONFIRMED:
        return Line(booking, is_begun)
    is_mine = session.operator_id == user.pk
    is_missing = session.needs_operator and session.operator_id is None
    return Line(
        booking,
        is_begun,
        can_check_in=not is_mine and checkin.reason_against(session, now) is None,
        can_check_out=is_mine and now < session.starts_at,
        is_urgent=is_missing and session.starts_at - OPERATOR_BEFORE <= now < session.ends_at,
    )


def _with_next(instruments: list[Instrument], now: datetime) -> Iterable[dict[str, Any]]:
    """Each instrument with its next booking, how many wait for time on it, and how many wish to be trained."""
    numbers = pks(instruments)
    coming = Booking.objects.filter(instrument=OuterRef("pk")).active().filter(period__startswith__gt=now).in_order()
    rows = Instrument.objects.filter(pk__in=numbers).order_by()
    nearest = rows.annotate(next=Subquery(coming.values("pk")[:1])).values("next")
    found, waits, asks = Booking.objects.filter(pk__in=nearest).for_page(), _waiting(numbers), _wishes(numbers)
    ask_together([found, waits, asks])
    following, waiting, wishes = {booking.instrument_id: booking for booking in found}, dict(waits), dict(asks)
    for instrument in instruments:
        yield {
            "instrument": instrument,
            "next": following.get(instrument.pk),
            "waiting": waiting.get(instrument.pk, 0),
            "wishes": wishes.get(instrument.pk, 0),
        }


def _waiting(numbers: list[int]) -> Any:
    """How many wait for time on each of these instruments: pairs."""
    through = WaitlistEntry.awards.through.objects.filter(
        award__instrument__in=numbers, waitlistentry__state__in=[WaitlistState.WAITING, WaitlistState.OFFERED]
    )
    rows = through.values_list("award__instrument").annotate(count=Count("waitlistentry", distinct=True))
    return rows.order_by()


def _wishes(numbers: list[int]) -> Any:
    """How many wish to learn each of these instruments: pairs."""
    rows = TrainingWish.objects.waiting().order_by().filter(instrument__in=numbers)
    return rows.values_list("instrument").annotate(count=Count("pk")).order_by()


def _closures(user: User, now: datetime) -> Any:
    """The closures that are on or come."""
    run = Instrument.objects.managed_by(user).order_by().values("pk")
    rows = Closure.objects.filter(Q(instrument__in=run)).ending_after(now)
    return rows.select_related("instrument", "unit")[:SHOWN]
