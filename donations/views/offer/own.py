"""What donors do with their offers: begin one, look at their own, check and hand in, prolong, take back, lend."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from donations.actions import offer as actions
from donations.actions.offer.hand_in import against
from donations.enums import Giving, OfferState
from donations.forms.offer_list import ExtendForm, OwnOfferFilter
from donations.models import Offer
from donations.offer_steps import NAMES, STEPS
from donations.offer_words import said_of
from donations.views.drafting import frame, tasks_of
from donations.views.offer.public import may_manage
from donations.views.offer.sections import KIND
from portal.core.deeds import DONE, done, done_with
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.forms import ReasonForm
from portal.core.paging import page_of

either_way = require_http_methods(["GET", "HEAD", "POST"])


@either_way
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """What is asked and what happens then; the button begins a draft."""
    if request.method == "POST":
        offer = actions.start_offer(by=request.user)
        return redirect("offers:step", offer.ref, NAMES[0])
    return render(request, "donations/offer_start.html", {"steps": STEPS})


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """The person's own offers and those of organisations they lead, newest first; one state with `?state=`."""
    form = OwnOfferFilter(request.GET)
    rows = Offer.objects.own(request.user).for_list().order_by("-updated_at", "-pk")
    is_valid = form.is_valid()
    if state := form.cleaned_data.get("state"):
        rows = rows.filter(state=state)
    context = {"page_obj": page_of(request, rows if is_valid else rows.none()), "filter": form}
    return render(request, "donations/offer_mine.html", context, status=200 if is_valid else 400)


@require_safe
@login_required
def check(request: HttpRequest, ref: str) -> HttpResponse:
    """All answers before they are handed in, each with a way to change it."""
    offer = _writable(request, ref)
    return _check(request, offer, against(offer))


@require_POST
@login_required
def hand_in(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand it in, or in again; twice leads to the same page."""
    offer = _managed(request, ref)
    try:
        actions.hand_in_offer(offer, by=request.user)
    except Refused as refusal:
        if not offer.is_writable:
            raise
        return _check(request, offer, list(refusal.reasons), refusal.status)
    return redirect(offer)


@either_way
@login_required
def withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    form = ReasonForm(request.POST if request.method == "POST" else None, longest=500, required=False)
    return _asked(
        request,
        ref,
        form,
        "offer_withdraw",
        lambda offer, typed: actions.withdraw_offer(offer, by=request.user, why=typed["why"]),
        _("The offer is withdrawn."),
    )


@either_way
@login_required
def extend(request: HttpRequest, ref: str) -> HttpResponse:
    today = timezone.now().date()
    longest = today + actions.LONGEST
    form = ExtendForm(request.POST if request.method == "POST" else None, initial={"until": longest})
    form.fields["until"].widget.attrs |= {"min": today.isoformat(), "max": longest.isoformat()}
    return _asked(
        request,
        ref,
        form,
        "offer_extend",
        lambda offer, typed: actions.extend_offer(offer, typed["until"], by=request.user),
        _("The offer stands until the new day."),
    )


@either_way
@login_required
def recall(request: HttpRequest, ref: str) -> HttpResponse:
    form = ReasonForm(request.POST if request.method == "POST" else None, longest=500)
    return _asked(
        request,
        ref,
        form,
        "offer_recall",
        lambda offer, typed: actions.recall_loan(offer, by=request.user, why=typed["why"]),
        _("The loan is recalled and the laboratory is told."),
    )


@require_POST
@login_required
def give_back(request: HttpRequest, ref: str) -> HttpResponse:
    offer = _managed(request, ref)
    done(request, lambda: actions.give_back_loan(offer, by=request.user), _("The loan is with its donor again."))
    return redirect(offer)


def _asked(
    request: HttpRequest,
    ref: str,
    form: Any,
    page: str,
    deed: Callable[[Offer, dict[str, Any]], object],
    success: str,
) -> HttpResponse:
    """A page that asks before a deed, and does it on POST."""
    offer = _managed(request, ref)
    status = done_with(request, form, lambda typed: deed(offer, typed), success)
    if status == DONE:
        return redirect(offer)
    context = {"offer": offer, "form": form, "is_loan": offer.giving == Giving.LOAN}
    return render(request, f"donations/{page}.html", context, status=status)


def _managed(request: HttpRequest, ref: str) -> Offer:
    """An offer that this person manages: 404 where they see none, 403 where it is another's."""
    offer: Offer = get_object_or_404(Offer.objects.visible_to(request.user).for_list(), ref=ref)
    if not may_manage(request.user, offer):
        raise Forbidden
    return offer


def _writable(request: HttpRequest, ref: str) -> Offer:
    offer = _managed(request, ref)
    if not offer.is_writable:
        raise Http404
    return offer


def _check(request: HttpRequest, offer: Offer, reasons: list[Reason], status: int = 200) -> HttpResponse:
    urls = {task.name: f"{task.url}?check=1" for task in tasks_of(offer, KIND)}
    context = frame(offer, KIND) | {
        "offer": offer,
        "said": said_of(offer, url=lambda step: KIND.url("step", offer, step.name)),
        "photos": offer.photos.all(),
        "reasons": [(reason.message, urls.get(reason.code, "")) for reason in reasons],
        "is_refused": status != 200,
        "is_returned": offer.state == OfferState.RETURNED,
    }
    return render(request, "donations/offer_check.html", context, status=status)
