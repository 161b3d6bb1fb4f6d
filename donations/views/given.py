"""What became of gifts: the donor's page, and that of an organisation that received some."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from donations.enums import MatchState
from donations.gift_words import course_of, latest_answer
from donations.given import figures_of, given_by, received_by, with_course
from donations.models import Match
from donations.offer_words import giver
from portal.accounts.models import Organisation
from portal.core.paging import page_of

GIFTS = 8
SHOWN_ON_THE_WAY = 50


@require_safe
@login_required
def given(request: HttpRequest) -> HttpResponse:
    """Every gift of this person, and of organisations that they lead, with its course and what it did."""
    rows = given_by(request.user)
    page = page_of(request, with_course(rows), GIFTS)
    context = {
        "page_obj": page,
        "gifts": [(match, course_of(match), latest_answer(match.follow_ups.all())) for match in page],
        "figures": figures_of(rows),
    }
    return render(request, "donations/given.html", context)


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organisation has received and uses; to its people and staff what is on its way, and each answer too."""
    seen = Organisation.objects.visible_to(request.user)
    place = seen.filter(slug=slug).first() or get_object_or_404(seen.of_former(slug))
    if place.slug != slug:
        return redirect("gifts:organisation", place.slug, permanent=True)
    is_own = bool(request.user.is_authenticated and request.user.has_perm("donations.state_need", place))
    rows = received_by(place)
    page = page_of(request, with_course(rows))
    context = {
        "organisation": place,
        "is_own": is_own,
        "page_obj": page,
        "gifts": [_line(match) for match in page],
        "figures": figures_of(rows),
        "under_way": _under_way(place) if is_own else [],
    }
    return render(request, "donations/organisation.html", context)


def _line(match: Match) -> dict[str, Any]:
    follow_ups = list(match.follow_ups.all())
    return {
        "match": match,
        "giver": giver(match.offer),
        "last": latest_answer(follow_ups),
        "asked": next((row for row in follow_ups if row.state == "asked"), None),
    }


def _under_way(place: Organisation) -> list[Match]:
    """What was accepted and has not arrived yet."""
    rows = Match.objects.filter(need__organisation=place, state=MatchState.ACCEPTED)
    return list(rows.for_list().order_by("pk")[:SHOWN_ON_THE_WAY])
