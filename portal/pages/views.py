"""The pages above all apps: home, about, a person's own page, the desk."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.models import Booking
from portal.accounts.requests import SignedInRequest
from portal.accounts.standing import read_memberships, remember
from portal.core.access import staff_only
from portal.core.kept import public_page
from portal.core.waiting import Waiting
from portal.pages import querysets
from portal.pages.desk import counts, desk_rooms
from portal.pages.impact import headline
from portal.pages.waiting import waiting_for


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    story, opening = querysets.story_at_home()
    context = {
        "calls": querysets.calls_at_home(now),
        "events": querysets.events_at_home(now),
        "story": story,
        "opening": opening,
        "techniques": querysets.main_techniques(),
        "figures": headline(),
    }
    return render(request, "pages/home.html", context)


@login_required
@require_safe
def me(request: SignedInRequest) -> HttpResponse:
    """What waits for this person, their next sessions, applications and awards; for a new one, where to begin."""
    memberships = read_memberships(request.user)
    remember(request, memberships)  # somebody may have been confirmed since sign-in
    reviews_anything = querysets.reviews_anything(request.user)
    coming = querysets.coming_bookings(request.user, timezone.now())
    applications, awards = querysets.own_applications(request.user), querysets.own_awards(request.user)
    waiting = waiting_for(request.user, coming, applications, awards)
    context = {
        "waiting": waiting,
        "bookings": _not_said_yet(coming, waiting),
        "has_coming": bool(coming),
        "applications": applications,
        "awards": awards,
        "memberships": memberships,
        "reviews_anything": reviews_anything,
    }
    return render(request, "pages/me.html", context)


def _not_said_yet(coming: Iterable[Booking], waiting: list[Waiting]) -> list[Booking]:
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
