"""Choose a time: the page of a week or a day, for a new booking or the move of one."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from bookings.facts import Facts
from bookings.free import Occupancy
from bookings.slots import DAY, Span
from bookings.views.choosing import Choosing, against_move, for_booking, for_move, instant
from bookings.week import Week, day_called, monday_of, read_day, read_week, week_name, window_of
from portal.accounts.requests import SignedInRequest
from portal.core.times import Spans, zone_name

FEW = 3


@login_required
@require_safe
def book(request: SignedInRequest, slug: str) -> HttpResponse:
    return week_page(request, for_booking(request, slug, request.GET.get("award", "")))


@login_required
@require_safe
def move(request: SignedInRequest, ref: str) -> HttpResponse:
    choosing = for_move(request, ref)
    reasons = against_move(request, choosing)
    return week_page(request, choosing, reasons, status=422 if reasons else 200)


def week_page(
    request: SignedInRequest,
    choosing: Choosing,
    reasons: Any = (),
    alternatives: Any = (),
    around: Span | None = None,
    status: int = 200,
) -> HttpResponse:
    now, zone = timezone.now(), timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    if day := day_called(request.GET.get("day", "")):
        facts, minutes, week = _read(request, choosing, day, read_day)
    else:
        asked = request.GET.get("week", "") or (week_name(around.start.astimezone(zone).date()) if around else "")
        monday = monday_of(asked, today)
        facts, minutes, week = _read(request, choosing, monday, read_week)
        if not asked and week.free < FEW:  # late in a week the next one is the better beginning
            facts, minutes, week = _read(request, choosing, monday + 7 * DAY, read_week)
    context = {
        "choosing": choosing,
        "instrument": facts.instrument,
        "facts": facts,
        "week": week,
        "minutes": minutes,
        "kept": urlencode({"length": minutes} | ({"award": choosing.award.ref} if choosing.award else {})),
        "lengths": facts.lengths(),
        "reasons": reasons,
        "alternatives": _links(choosing, alternatives),
        "zone": zone,
        "own_spans": Spans(zone),
        "lab_spans": Spans(facts.zone),
        "zone_name": zone_name(zone),
        "now": now,
        "is_now": week.first <= today <= week.last,
    }
    return render(request, "bookings/week.html", context, status=status)


def _read(
    request: SignedInRequest, choosing: Choosing, first: date, lay_out: Callable[..., Week]
) -> tuple[Facts, int, Week]:
    """The week or day that begins on `first` as this person sees it, and the length it is shown for."""
    zone = timezone.get_current_timezone()
    facts = Facts.read(choosing.instrument, window_of(first, zone, 1 if lay_out is read_day else 7))
    minutes = _length(request, choosing, facts)
    now = timezone.now()
    occupancy = Occupancy.read(facts, leaving_out=choosing.moving, answerable_at=now)
    own = [award.pk for award in choosing.awards]
    return facts, minutes, lay_out(facts, first, zone, minutes, now, occupancy, own)


def _length(request: SignedInRequest, choosing: Choosing, facts: Facts) -> int:
    """The length asked for, else that of the booking to move, else the shortest; never one that the policy forbids."""
    asked = request.GET.get("length", "") or request.POST.get("length", "")
    lengths = facts.lengths()
    wanted = int(asked) if asked.isdecimal() and len(asked) < 7 else 0
    for minutes in (wanted, choosing.moving.minutes if choosing.moving else 0):
        if facts.policy.shortest <= minutes <= facts.policy.longest:
            return minutes
    return lengths[0] if lengths else facts.policy.shortest


def _links(choosing: Choosing, alternatives: Any) -> list[tuple[datetime, datetime, str]]:
    """Free times with the address of their check page."""
    return [
        (start, end, choosing.check + choosing.query(slot=instant(start), length=minutes))
        for start, end in alternatives
        for minutes in [Span(start, end).minutes]
    ]
