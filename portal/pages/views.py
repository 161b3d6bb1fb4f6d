"""The pages above all apps: home, search, about, a person's own page, the desk."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from bookings.models import Booking
from calls.models import Call
from instruments.models import Instrument
from portal.accounts.requests import SignedInRequest
from portal.accounts.standing import read_memberships, remember
from portal.core.access import staff_only
from portal.core.paging import page_of
from portal.core.search import LONGEST, query
from portal.core.waiting import Waiting
from portal.pages import querysets
from portal.pages.desk import counts, desk_rooms
from portal.pages.waiting import waiting_for

SHOWN_OF_EACH = 5  # results of each kind, before "all of them"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "calls": querysets.calls_at_home(timezone.now()),
        "instruments": querysets.instruments_at_home(),
        "techniques": querysets.main_techniques(),
    }
    return render(request, "pages/home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/about.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The best few calls and instruments for `?q=`; all of one kind, paged, with `in=calls` or `in=instruments`."""
    question = request.GET.get("q", "").replace("\x00", " ").strip()[:LONGEST]
    chosen = request.GET.get("in", "")
    kinds = results(question, request.user) if query(question, "en") else {}
    context = {"question": question, "has_words": bool(kinds), "total": 0}
    if chosen in kinds:
        context |= {"chosen": chosen, "page_obj": page_of(request, kinds[chosen])}
    else:
        pages = {kind: Paginator(rows, SHOWN_OF_EACH).page(1) for kind, rows in kinds.items()}
        context |= {"pages": pages, "total": sum(page.paginator.count for page in pages.values())}
    return render(request, "pages/search.html", context)


def results(question: str, user: Any) -> dict[str, QuerySet[Any]]:
    """What this person may see that speaks to the question, by kind, best first."""
    language = get_language() or "en"
    return {
        "calls": Call.objects.visible_to(user).matching(question, language),
        "instruments": Instrument.objects.visible_to(user).matching(question, language).for_cards(),
    }


@login_required
@require_safe
def me(request: SignedInRequest) -> HttpResponse:
    """What waits for this person, their next sessions, applications and awards; for a new one, where to begin."""
    memberships = read_memberships(request.user)
    remember(request, memberships)  # somebody may have been confirmed since sign-in
    reviews_anything = querysets.reviews_anything(request.user)
    waiting = waiting_for(request.user)
    coming = list(querysets.coming_bookings(request.user, timezone.now()))
    context = {
        "waiting": waiting,
        "bookings": _not_said_yet(coming, waiting),
        "has_coming": bool(coming),
        "applications": list(querysets.own_applications(request.user)),
        "awards": list(querysets.own_awards(request.user)),
        "memberships": memberships,
        "reviews_anything": reviews_anything,
    }
    return render(request, "pages/me.html", context)


def _not_said_yet(coming: list[Booking], waiting: list[Waiting]) -> list[Booking]:
    """These bookings but those whose session, or whose request, already stands among what waits."""
    said = {line.url for line in waiting}
    return [row for row in coming if said.isdisjoint(_addresses(row))]


def _addresses(booking: Booking) -> list[str]:
    session = [booking.session.get_absolute_url()] if hasattr(booking, "session") else []
    return [booking.get_absolute_url(), *session]


@staff_only
@require_safe
def desk(request: SignedInRequest) -> HttpResponse:
    """The staff's work list, how much of everything there is, and the way to each room of the desk."""
    read_memberships(request.user)  # what waits for them goes by their roles
    context = {
        "waiting": waiting_for(request.user),
        "counts": counts(request.user, timezone.now()),
        "rooms": desk_rooms(),
    }
    return render(request, "pages/desk.html", context)
