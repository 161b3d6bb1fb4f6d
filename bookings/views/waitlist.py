"""The waiting list: own places, one of them with its offer, and its deeds."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.actions.waitlist import accept_offer, decline_offer, join_waitlist, leave_waitlist
from bookings.enums import BookingState, WaitlistState
from bookings.forms import WaitForm
from bookings.models import Booking, WaitlistEntry
from bookings.wishes import places_of
from bookings.words import wait_history_in_words
from calls.models import Award
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Reason, Refused
from portal.core.paging import page_of

TWO_WEEKS = timedelta(days=14)


@login_required
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """Open places first come first; `?past=1` shows those that were served, left or are over."""
    rows = WaitlistEntry.objects.visible_to(request.user).for_list()
    past = "past" in request.GET
    page = page_of(request, rows.closed().order_by("-pk") if past else rows.open())
    context = {"page": page, "past": past, "places": places_of([entry.pk for entry in page]), "now": timezone.now()}
    return render(request, "bookings/waitlist_list.html", context)


@login_required
def join(request: SignedInRequest) -> HttpResponse:
    """Say what to wait for; `?award=` names the award whose week offered no time that suits."""
    awards = Award.objects.bookable_by(request.user).select_related("instrument").order_by("instrument__name", "pk")
    form = WaitForm(awards, request.POST) if request.method == "POST" else WaitForm(awards, initial=_asked(request))
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                entry = _join(request, form)
            except Refused as error:
                form.add_error(None, [reason.message for reason in error.reasons])
                status = error.status
            else:
                return redirect(entry.get_absolute_url() + "?new=1")
    context = {"form": form, "has_awards": awards.exists()}
    return render(request, "bookings/waitlist_join.html", context, status=status)


@login_required
@require_safe
def detail(request: SignedInRequest, ref: str) -> HttpResponse:
    return _show(request, _find(request, ref))


@login_required
@require_POST
def accept(request: SignedInRequest, ref: str) -> HttpResponse:
    entry = _find(request, ref)
    try:
        booking = accept_offer(_offer(request, entry), by=request.user)
    except Refused as error:
        if error.status == 403:
            raise
        return _show(request, _find(request, ref), error.reasons, status=error.status)
    return redirect(booking.get_absolute_url() + "?new=1")


@login_required
@require_POST
def decline(request: SignedInRequest, ref: str) -> HttpResponse:
    entry = _find(request, ref)
    try:
        decline_offer(_offer(request, entry), by=request.user)
    except Refused as error:
        if error.status == 403:
            raise
        return _show(request, _find(request, ref), error.reasons, status=error.status)
    messages.success(request, _("Declined. The time goes on to the next; your place on the waiting list stays."))
    return redirect(entry)


@login_required
@require_POST
def leave(request: SignedInRequest, ref: str) -> HttpResponse:
    entry = _find(request, ref)
    leave_waitlist(entry, by=request.user)
    messages.success(request, _("You have left the waiting list."))
    return redirect(entry)


def _show(request: SignedInRequest, entry: WaitlistEntry, reasons: Any = (), status: int = 200) -> HttpResponse:
    held = Booking.objects.for_page().filter(entry=entry, state=BookingState.HELD)
    offer = held.filter(held_until__gt=timezone.now()).first()
    found = places_of([entry.pk]).get(entry.pk, {})
    context = {
        "entry": entry,
        "awards": [(award, found.get(award.hours_on.pk)) for award in entry.awards.all()],
        "offer": offer,
        "served": entry.offers.for_page().filter(state__in=[BookingState.REQUESTED, BookingState.CONFIRMED]).first(),
        "may_answer": offer is not None and request.user.has_perm("bookings.answer_offer", offer),
        "may_leave": _is_open(entry) and request.user.has_perm("bookings.leave_waitlist", entry),
        "history": wait_history_in_words(entry),
        "reasons": reasons,
        "is_new": "new" in request.GET and _is_open(entry),
    }
    return render(request, "bookings/waitlist_detail.html", context, status=status)


def _find(request: SignedInRequest, ref: str) -> WaitlistEntry:
    """The place, if this person may see it; else 404."""
    return get_object_or_404(WaitlistEntry.objects.visible_to(request.user).for_list(), ref=ref)


def _offer(request: SignedInRequest, entry: WaitlistEntry) -> Booking:
    """The offer that the page showed; another one that came since is not answered by its button."""
    ref = request.POST.get("offer", "").replace("\0", "")
    offer = entry.offers.select_related("instrument", "award").filter(ref=ref).first()
    if offer is None:
        raise Refused(Reason("no_offer", _("There is no such offer. Look again.")))
    return offer


def _join(request: SignedInRequest, form: WaitForm) -> WaitlistEntry:
    typed = form.cleaned_data
    return join_waitlist(
        list(typed["awards"]),
        form.window,
        typed["hours"],
        by=request.user,
        least_notice=typed["least_notice"],
        purpose=typed["purpose"],
    )


def _asked(request: SignedInRequest) -> dict[str, Any]:
    """What the week page knows already: the award, the length, and two weeks from today."""
    today = timezone.localdate()
    asked: dict[str, Any] = {"first": today, "last": today + TWO_WEEKS}
    minutes = request.GET.get("length", "")
    if minutes.isdecimal() and 0 < len(minutes) < 7:
        asked["hours"] = int(minutes)
    if award := request.GET.get("award", "").replace("\0", ""):
        asked["awards"] = Award.objects.bookable_by(request.user).filter(ref=award)
    return asked


def _is_open(entry: WaitlistEntry) -> bool:
    return entry.state in (WaitlistState.WAITING, WaitlistState.OFFERED)
