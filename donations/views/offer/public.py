"""Offers as everybody sees them, and one of them as its people and staff do."""

from typing import Any

from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from donations.actions.offer import is_lent_in_part
from donations.actions.offer.end import can_withdraw
from donations.enums import Giving, MatchState, OfferState
from donations.forms.offer_list import OfferFilter
from donations.models import Match, Offer
from donations.offer_words import course_of, giver, said_of
from donations.views.drafting import tasks_of
from donations.views.offer.sections import KIND
from instruments.models import EquipmentCategory
from portal.core.kept import public_page
from portal.core.paging import page_of

CARDS = 12
SHOWN_MATCHES = 50
LISTED = ("photos", "papers")  # sections that the page shows in lists of their own


@require_safe
@public_page
def offer_list(request: HttpRequest) -> HttpResponse:
    """Cards, what can be had first; by `category`, `country`, `giving` and words `q`. Nonsense is answered 400."""
    public = Offer.objects.public()
    categories = EquipmentCategory.objects.filter(pk__in=public.values("category"))
    codes = list(public.order_by("country").values_list("country", flat=True).distinct())
    form = OfferFilter(request.GET, categories, codes)
    is_valid = form.is_valid()
    rows = _filtered(public, form.cleaned_data) if is_valid else public.none()
    open_first = Case(When(state=OfferState.VETTED, then=Value(0)), default=Value(1))
    shown = rows.for_list().prefetch_related("photos").order_by(open_first, "-public_at", "-pk")
    page = page_of(request, shown, CARDS)
    context = {
        "page_obj": page,
        "cards": [(offer, giver(offer)) for offer in page],
        "filter": form,
        "is_filtered": any(form.cleaned_data.values()),
    }
    if not is_valid:
        context["form"] = form  # its errors head the page
    response = render(request, "donations/offer_list.html", context, status=200 if is_valid else 400)
    patch_cache_control(response, no_cache=True)  # kept by browsers, who ask whether it is still so
    return response


def _filtered(rows: Any, wanted: dict[str, Any]) -> Any:
    if wanted["category"]:
        rows = rows.of_category(wanted["category"])
    if wanted["country"]:
        rows = rows.in_country(wanted["country"])
    if wanted["giving"]:
        rows = rows.filter(giving=wanted["giving"])
    return rows.matching(wanted["q"], get_language() or "en") if wanted["q"] else rows


@require_safe
@public_page
def offer_detail(request: HttpRequest, ref: str) -> HttpResponse:
    """A draft or returned one as a list of tasks to its people; else what it says, to them with its course."""
    rows = Offer.objects.visible_to(request.user).for_list().prefetch_related("photos", "features")
    offer = get_object_or_404(rows, ref=ref)
    is_own = may_manage(request.user, offer)
    context = {
        "offer": offer,
        "thing": offer,
        "giver": giver(offer),
        "is_own": is_own,
        "said": [part for part in said_of(offer, is_public=not is_own) if part[0].name not in LISTED],
        "photos": offer.photos.all(),
        **(_own(request, offer) if is_own else {}),
    }
    return render(request, "donations/offer_detail.html", context)


def may_manage(person: Any, offer: Offer) -> bool:
    return bool(person.is_authenticated and person.has_perm("donations.manage_offer", offer))


def _own(request: HttpRequest, offer: Offer) -> dict[str, Any]:
    """What its people and staff see and may do."""
    is_loan = offer.giving == Giving.LOAN
    return {
        "tasks": tasks_of(offer, KIND) if offer.is_writable else [],
        "check_url": KIND.url("check", offer),
        "papers": offer.papers.all(),
        "matches": _matches(request, offer),
        "history": course_of(offer),
        "can_withdraw": can_withdraw(offer),
        "can_extend": offer.state == OfferState.VETTED,
        "can_recall": is_loan and (offer.state == OfferState.HANDED_OVER or is_lent_in_part(offer)),
        "can_give_back": is_loan and offer.state == OfferState.RECALLED,
        "today": timezone.now().date(),
    }


def _matches(request: HttpRequest, offer: Offer) -> list[Match]:
    """The offer's matches that the person may see, newest first."""
    rows = Match.objects.visible_to(request.user).filter(offer=offer).exclude(state=MatchState.REJECTED)
    return list(rows.for_list().order_by("-pk")[:SHOWN_MATCHES])
