"""The same time every week: every time with its verdict, one button for those chosen; and what is left of them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.actions.changes import fee_of, late_fee
from bookings.actions.series import book_series, cancel_series
from bookings.facts import Facts
from bookings.forms import BookingForm, ChosenForm, RepeatForm
from bookings.free import Occupancy
from bookings.models import Booking
from bookings.policy import in_words
from bookings.series import Occurrence, judged, weekly
from bookings.slots import Span
from bookings.standing import Standing
from bookings.views.booking import find
from bookings.views.choosing import Choosing, for_booking, instant, other_award
from bookings.views.week import week_page
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.forms import ReasonForm
from portal.core.times import clock_changes

USUALLY = 6  # weeks


@login_required
@require_safe
def series(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every time of the series in both zones, with a box where it can be booked and the reason where it cannot."""
    choosing = for_booking(request, slug, request.GET.get("award", "").replace("\0", ""))
    repeat = RepeatForm({"times": str(USUALLY), **request.GET.dict()})
    repeat.is_valid()
    if choosing.award is None or "slot" in repeat.errors or "length" in repeat.errors:
        return week_page(request, choosing, [Reason("instant", _("Choose a time."))], status=400)
    form = BookingForm(award=choosing.award, initial={"form_key": uuid4()})
    return _show(request, choosing, repeat, form, status=400 if repeat.errors else 200)


@login_required
@require_POST
def confirm(request: SignedInRequest, slug: str) -> HttpResponse:
    """The button: book the chosen times, all or none."""
    choosing = for_booking(request, slug, request.POST.get("award", "").replace("\0", ""))
    repeat, chosen = RepeatForm(request.POST), ChosenForm(request.POST)
    if choosing.award is None or not repeat.is_valid():
        return week_page(request, choosing, [Reason("instant", _("Choose a time."))], status=400)
    if choosing.award.ref != request.POST.get("award"):
        return week_page(request, choosing, [other_award()], status=400)
    form = BookingForm(request.POST, award=choosing.award)
    shown = {period.start: period for period in _periods(choosing, repeat)}
    if not chosen.is_valid() or not form.is_valid():
        said = [Reason("chosen", str(sentence)) for sentence in chosen.errors.get("chosen", [])]
        return _show(request, choosing, repeat, form, said, status=400, chosen=())
    starts = chosen.cleaned_data["chosen"]
    if not shown.keys() >= set(starts):
        said = [Reason("instant", _("This is not one of the times shown. Choose a time."))]
        return _show(request, choosing, repeat, form, said, status=400)
    try:
        booked = book_series(
            choosing.instrument,
            [shown[start] for start in starts],
            choosing.award,
            by=request.user,
            participants=list(form.cleaned_data["participants"]),
            purpose=form.cleaned_data["purpose"],
            form_key=form.cleaned_data["form_key"],
        )
    except Refused as error:
        return _show(request, choosing, repeat, form, error.reasons, status=error.status, chosen=starts)
    return redirect(booked[0].get_absolute_url() + "series/?new=1")


def _periods(choosing: Choosing, repeat: RepeatForm) -> list[Span]:
    typed = repeat.cleaned_data
    return weekly(choosing.instrument, typed["slot"], typed["length"], typed["times"])


def _show(
    request: SignedInRequest,
    choosing: Choosing,
    repeat: RepeatForm,
    form: BookingForm,
    reasons: Sequence[Reason] = (),
    status: int = 200,
    chosen: Collection[datetime] | None = None,
) -> HttpResponse:
    """The page; `chosen` are the starts that were ticked, by default all that can be booked."""
    slot, length = repeat.cleaned_data["slot"], repeat.cleaned_data["length"]
    rows = [] if repeat.errors else _judged(request, choosing, _periods(choosing, repeat))
    ticked = {row.period.start for row in rows if not row.reasons} if chosen is None else set(chosen)
    award, instrument = choosing.award, choosing.instrument
    assert award is not None
    context = {
        "choosing": choosing,
        "instrument": instrument,
        "award": award,
        "repeat": repeat,
        "form": form,
        "reasons": reasons,
        "rows": [(row, instant(row.period.start), row.period.start in ticked) for row in rows],
        "can_book": any(row.may_be_chosen for row in rows),
        "changes": _clock_changes(instrument.zone, rows),
        "slot": instant(slot),
        "minutes": length,
        "length": in_words(length),
        "back": choosing.check + choosing.query(slot=instant(slot), length=length),
    }
    return render(request, "bookings/series.html", context, status=status)


def _judged(request: SignedInRequest, choosing: Choosing, periods: list[Span]) -> list[Occurrence]:
    now, award = timezone.now(), choosing.award
    assert award is not None
    facts = Facts.read(choosing.instrument, Span(periods[0].start, periods[-1].end))
    standing = Standing.read(award, facts, now)
    return judged(facts, Occupancy.read(facts, answerable_at=now), standing, periods, now, by=request.user)


def _clock_changes(lab: Any, rows: list[Occurrence]) -> list[tuple[Any, Any]]:
    """The clock changes between the first and the last time, each with its zone."""
    if not rows:
        return []
    own = timezone.get_current_timezone()
    first, last = (_day(row.period.start) for row in (rows[0], rows[-1]))
    return [(zone, change) for zone in {own, lab} for change in clock_changes(first, last, zone)]


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


@login_required
@require_safe
def of_booking(request: SignedInRequest, ref: str) -> HttpResponse:
    """All times that were booked in one go with this one, and the way to cancel what is left."""
    return _show_all(request, find(request, ref), ReasonForm(longest=500, required=False))


@login_required
@require_POST
def cancel(request: SignedInRequest, ref: str) -> HttpResponse:
    """Cancel all that are still to come."""
    booking = find(request, ref)
    if not request.user.has_perm("bookings.cancel_booking", booking):
        raise Forbidden
    form = ReasonForm(request.POST, longest=500, required=False)
    if not form.is_valid():
        return _show_all(request, booking, form, status=400)
    try:
        cancelled = cancel_series(booking, by=request.user, why=form.cleaned_data["why"])
    except Refused as error:
        return _show_all(request, booking, form, error.reasons, status=error.status)
    messages.success(request, _("Cancelled: %(count)s. Everybody has been told.") % {"count": len(cancelled)})
    return redirect(booking.get_absolute_url() + "series/")


def _show_all(
    request: SignedInRequest,
    booking: Booking,
    form: ReasonForm,
    reasons: Sequence[Reason] = (),
    status: int = 200,
) -> HttpResponse:
    rows = list(Booking.objects.visible_to(request.user).series_of(booking).for_page().in_order())
    now = timezone.now()
    coming = [row for row in rows if row.is_active and row.start > now]
    may_cancel = bool(coming) and request.user.has_perm("bookings.cancel_booking", booking)
    context = {
        "booking": booking,
        "instrument": booking.instrument,
        "rows": rows,
        "coming": coming,
        "may_cancel": may_cancel,
        "kept": sum(fee_of(row, request.user) for row in coming if late_fee(row)) if may_cancel else 0,
        "form": form,
        "reasons": reasons,
        "is_new": "new" in request.GET and bool(coming),
    }
    return render(request, "bookings/series_of_booking.html", context, status=status)
