"""The chosen time with all that speaks against it, and the button that books or moves."""

from collections.abc import Sequence
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.actions.booking import book_time
from bookings.actions.changes import move_booking
from bookings.facts import Facts
from bookings.forms import BookingForm, OverrideForm, SlotForm
from bookings.free import Occupancy, alternatives
from bookings.policy import in_words, is_final, taken, verdict
from bookings.slots import Span
from bookings.standing import Standing
from bookings.views.choosing import Choosing, against_move, for_booking, for_move, instant, other_award, period_asked
from bookings.views.week import week_page
from bookings.week import week_name
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Reason, Refused, Taken


@login_required
@require_safe
def check(request: SignedInRequest, slug: str) -> HttpResponse:
    return _check_page(request, for_booking(request, slug, request.GET.get("award", "")))


@login_required
@require_safe
def check_move(request: SignedInRequest, ref: str) -> HttpResponse:
    return _check_page(request, for_move(request, ref))


@login_required
@require_POST
def confirm(request: SignedInRequest, slug: str) -> HttpResponse:
    """The button of the check page: book."""
    choosing = for_booking(request, slug, request.POST.get("award", ""))
    slot = SlotForm(request.POST)
    if choosing.award is None or not slot.is_valid():
        return week_page(request, choosing, [Reason("instant", _("Choose a time."))], status=400)
    if choosing.award.ref != request.POST.get("award"):
        return week_page(request, choosing, [other_award()], status=400)
    form = BookingForm(request.POST, award=choosing.award)
    override = OverrideForm(request.POST)
    period = period_asked(choosing, slot)
    if not form.is_valid() or not override.is_valid():
        return show_check(request, choosing, period, form, status=400)
    try:
        booking = book_time(
            choosing.instrument,
            period,
            choosing.award,
            by=request.user,
            participants=list(form.cleaned_data["participants"]),
            purpose=form.cleaned_data["purpose"],
            form_key=form.cleaned_data["form_key"],
            override=override.cleaned_data["override"],
        )
    except Taken as error:
        return week_page(request, choosing, error.reasons, error.alternatives, period, status=error.status)
    except Refused as error:
        return show_check(request, choosing, period, form, error.reasons, status=error.status)
    return redirect(booking.get_absolute_url() + "?new=1")


@login_required
@require_POST
def confirm_move(request: SignedInRequest, ref: str) -> HttpResponse:
    """The button of the check page: move."""
    choosing = for_move(request, ref)
    slot, override = SlotForm(request.POST), OverrideForm(request.POST)
    if not slot.is_valid() or not override.is_valid():
        return week_page(request, choosing, [Reason("instant", _("Choose a time."))], status=400)
    period = period_asked(choosing, slot)
    try:
        assert choosing.moving is not None
        booking = move_booking(choosing.moving, period, by=request.user, override=override.cleaned_data["override"])
    except Taken as error:
        return week_page(request, choosing, error.reasons, error.alternatives, period, status=error.status)
    except Refused as error:
        return show_check(request, choosing, period, None, error.reasons, status=error.status)
    return redirect(booking.get_absolute_url() + "?moved=1")


def _check_page(request: SignedInRequest, choosing: Choosing) -> HttpResponse:
    slot = SlotForm(request.GET)
    if choosing.award is None or not slot.is_valid():
        return week_page(request, choosing, [Reason("instant", _("Choose a time."))], status=400)
    period = period_asked(choosing, slot)
    facts, now = Facts.read(choosing.instrument, period), timezone.now()
    standing = Standing.read(choosing.award, facts, now, moving=choosing.moving)
    reasons = [*against_move(request, choosing, period), *verdict(facts, period, now, standing, by=request.user)]
    occupancy = Occupancy.read(facts, leaving_out=choosing.moving, answerable_at=now)
    if not reasons and occupancy.free_unit(facts, period) is None:
        free = alternatives(choosing.instrument, period, now, leaving_out=choosing.moving)
        return week_page(request, choosing, [taken()], [(slot.start, slot.end) for slot in free], period, status=409)
    form = None if choosing.moving else BookingForm(award=choosing.award, initial={"form_key": uuid4()})
    return show_check(request, choosing, period, form, reasons, status=422 if reasons else 200, facts=facts)


def show_check(
    request: SignedInRequest,
    choosing: Choosing,
    period: Span,
    form: BookingForm | None,
    reasons: Sequence[Reason] = (),
    status: int = 200,
    facts: Facts | None = None,
) -> HttpResponse:
    zone = timezone.get_current_timezone()
    facts = facts or Facts.read(choosing.instrument, period)
    cost = facts.cost(period)
    week = choosing.query(week=week_name(period.start.astimezone(zone).date()), length=cost)
    assert choosing.award is not None
    balance = choosing.award.balance_minutes + (choosing.moving.minutes if choosing.moving else 0)
    may_override = reasons and request.user.is_staff and not any(map(is_final, reasons))
    may_override = may_override and not against_move(request, choosing, period)
    context = {
        "choosing": choosing,
        "override": OverrideForm(request.POST or None) if may_override else None,
        "instrument": facts.instrument,
        "facts": facts,
        "period": period,
        "cost": cost,
        "length": in_words(cost),
        "left": balance - cost,
        "form": form,
        "reasons": reasons,
        "back": choosing.page + week,
        "slot": instant(period.start),
    }
    return render(request, "bookings/check.html", context, status=status)
