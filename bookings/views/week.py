"""Choose a time, check it, book it; the same pages move a booking."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.actions.booking import book_time
from bookings.actions.changes import move_booking
from bookings.choice import awards_for
from bookings.facts import Facts, period_from
from bookings.forms import BookingForm, SlotForm
from bookings.free import Occupancy
from bookings.models import Booking
from bookings.policy import in_words, reasons_against
from bookings.slots import DAY, Span
from bookings.week import Week, monday_of, read_week, week_name, window_of
from calls.models import Award
from instruments.models import Instrument
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Forbidden, Reason, Refused, Taken
from portal.core.times import Spans, zone_name

FEW = 3


@dataclass(frozen=True)
class Choosing:
    """What the choice of a time is for: a new booking with one of `awards`, or the move of `moving`."""

    instrument: Instrument
    awards: list[Award]
    award: Award | None
    moving: Booking | None = None

    @property
    def page(self) -> str:
        if self.moving:
            return reverse("bookings:move", args=[self.moving.ref])
        return reverse("booking_instruments:book", args=[self.instrument.slug])

    @property
    def check(self) -> str:
        return self.page + "check/"

    def query(self, **values: Any) -> str:
        return "?" + urlencode({"award": self.award.ref if self.award else "", **values})


def _for_booking(request: SignedInRequest, slug: str, ref: str) -> Choosing:
    """The instrument with the awards this person may book it with, `ref` or the first of them chosen."""
    if found := awards_for(request.user, slug):
        award = next((award for award in found if award.ref == ref), found[0])
        return Choosing(award.hours_on, found, award)
    instruments = Instrument.objects.visible_to(request.user).select_related("organisation")
    return Choosing(get_object_or_404(instruments, slug=slug), [], None)


def _for_move(request: SignedInRequest, ref: str) -> Choosing:
    booking = get_object_or_404(Booking.objects.visible_to(request.user).for_page(), ref=ref)
    if not request.user.has_perm("bookings.move_booking", booking):
        raise Forbidden
    return Choosing(booking.instrument, [booking.award], booking.award, booking)


@login_required
@require_safe
def book(request: SignedInRequest, slug: str) -> HttpResponse:
    return _week_page(request, _for_booking(request, slug, request.GET.get("award", "")))


@login_required
@require_safe
def move(request: SignedInRequest, ref: str) -> HttpResponse:
    return _week_page(request, _for_move(request, ref))


@login_required
@require_safe
def check(request: SignedInRequest, slug: str) -> HttpResponse:
    return _check_page(request, _for_booking(request, slug, request.GET.get("award", "")))


@login_required
@require_safe
def check_move(request: SignedInRequest, ref: str) -> HttpResponse:
    return _check_page(request, _for_move(request, ref))


@login_required
@require_POST
def confirm(request: SignedInRequest, slug: str) -> HttpResponse:
    """The button of the check page: book."""
    choosing = _for_booking(request, slug, request.POST.get("award", "").replace("\0", ""))
    slot = SlotForm(request.POST)
    if choosing.award is None or not slot.is_valid():
        return _week_page(request, choosing, [Reason("instant", _("Choose a time."))], status=400)
    form = BookingForm(request.POST, award=choosing.award)
    period = _asked(choosing, slot)
    if not form.is_valid():
        return _show_check(request, choosing, period, form, status=400)
    try:
        booking = book_time(
            choosing.instrument,
            period,
            choosing.award,
            by=request.user,
            participants=list(form.cleaned_data["participants"]),
            purpose=form.cleaned_data["purpose"],
            form_key=form.cleaned_data["form_key"],
        )
    except Taken as error:
        return _week_page(request, choosing, error.reasons, error.alternatives, period, status=error.status)
    except Refused as error:
        return _show_check(request, choosing, period, form, error.reasons, status=error.status)
    return redirect(booking.get_absolute_url() + "?new=1")


@login_required
@require_POST
def confirm_move(request: SignedInRequest, ref: str) -> HttpResponse:
    """The button of the check page: move."""
    choosing = _for_move(request, ref)
    slot = SlotForm(request.POST)
    if not slot.is_valid():
        return _week_page(request, choosing, [Reason("instant", _("Choose a time."))], status=400)
    period = _asked(choosing, slot)
    try:
        assert choosing.moving is not None
        booking = move_booking(choosing.moving, period, by=request.user)
    except Taken as error:
        return _week_page(request, choosing, error.reasons, error.alternatives, period, status=error.status)
    except Refused as error:
        return _show_check(request, choosing, period, None, error.reasons, status=error.status)
    return redirect(booking.get_absolute_url() + "?moved=1")


def _asked(choosing: Choosing, slot: SlotForm) -> Span:
    """The period that the chosen slot is."""
    return period_from(choosing.instrument, slot.cleaned_data["slot"], slot.cleaned_data["length"])


def _week_page(
    request: SignedInRequest,
    choosing: Choosing,
    reasons: Any = (),
    alternatives: Any = (),
    around: Span | None = None,
    status: int = 200,
) -> HttpResponse:
    now, zone = timezone.now(), timezone.get_current_timezone()
    asked = request.GET.get("week", "") or (week_name(around.start.astimezone(zone).date()) if around else "")
    monday = monday_of(asked, now.astimezone(zone).date())
    facts, minutes, week = _read(request, choosing, monday)
    if not asked and week.free < FEW:  # late in a week the next one is the better beginning
        facts, minutes, week = _read(request, choosing, monday + 7 * DAY)
    context = {
        "choosing": choosing,
        "instrument": facts.instrument,
        "facts": facts,
        "week": week,
        "minutes": minutes,
        "lengths": facts.lengths(),
        "reasons": reasons,
        "alternatives": _links(choosing, alternatives),
        "zone": zone,
        "own_spans": Spans(zone),
        "lab_spans": Spans(facts.zone),
        "zone_name": zone_name(zone),
        "now": now,
        "is_this_week": week.monday <= now.astimezone(zone).date() < week.monday + 7 * DAY,
    }
    return render(request, "bookings/week.html", context, status=status)


def _read(request: SignedInRequest, choosing: Choosing, monday: date) -> tuple[Facts, int, Week]:
    """The week that begins on `monday` as this person sees it, and the length it is shown for."""
    zone = timezone.get_current_timezone()
    facts = Facts.read(choosing.instrument, window_of(monday, zone))
    minutes = _length(request, choosing, facts)
    occupancy = Occupancy.read(facts, leaving_out=choosing.moving)
    own = [award.pk for award in choosing.awards]
    return facts, minutes, read_week(facts, monday, zone, minutes, timezone.now(), occupancy, own)


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
        (start, end, choosing.check + choosing.query(slot=start.strftime("%Y-%m-%dT%H:%MZ"), length=minutes))
        for start, end in alternatives
        for minutes in [Span(start, end).minutes]
    ]


def _check_page(request: SignedInRequest, choosing: Choosing) -> HttpResponse:
    slot = SlotForm(request.GET)
    if choosing.award is None or not slot.is_valid():
        return _week_page(request, choosing, [Reason("instant", _("Choose a time."))], status=400)
    period = _asked(choosing, slot)
    facts = Facts.read(choosing.instrument, period)
    reasons = reasons_against(facts, period, timezone.now(), choosing.award)
    form = None if choosing.moving else BookingForm(award=choosing.award, initial={"form_key": uuid4()})
    return _show_check(request, choosing, period, form, reasons, status=422 if reasons else 200, facts=facts)


def _show_check(
    request: SignedInRequest,
    choosing: Choosing,
    period: Span,
    form: BookingForm | None,
    reasons: Any = (),
    status: int = 200,
    facts: Facts | None = None,
) -> HttpResponse:
    zone = timezone.get_current_timezone()
    facts = facts or Facts.read(choosing.instrument, period)
    cost = facts.cost(period)
    week = choosing.query(week=week_name(period.start.astimezone(zone).date()), length=cost)
    assert choosing.award is not None
    balance = choosing.award.balance_minutes + (choosing.moving.minutes if choosing.moving else 0)
    context = {
        "choosing": choosing,
        "instrument": facts.instrument,
        "facts": facts,
        "period": period,
        "cost": cost,
        "length": in_words(cost),
        "left": balance - cost,
        "form": form,
        "reasons": reasons,
        "back": choosing.page + week,
        "slot": period.start.strftime("%Y-%m-%dT%H:%MZ"),
    }
    return render(request, "bookings/check.html", context, status=status)
