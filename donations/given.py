"""Gifts: matches that both sides have accepted, and what became of them."""

from typing import Any

from django.db.models import Count, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from donations.enums import USED, FollowUpState, MatchState
from donations.models import FollowUp, Match, ShipmentMatch
from donations.querysets.people import own_offers

GIVEN = (MatchState.ACCEPTED, MatchState.COMPLETED, MatchState.FAILED)


def given_by(user: Any) -> QuerySet[Match]:
    """The gifts of a person and of organisations that they lead, newest first."""
    both = Match.objects.filter(need_accepted_at__isnull=False, offer_accepted_at__isnull=False, state__in=GIVEN)
    return both.filter(own_offers(user, "offer__")).order_by("-offer_accepted_at", "-pk")


def received_by(organisation: Any) -> QuerySet[Match]:
    """What arrived for an organisation, newest first."""
    arrived = Match.objects.filter(need__organisation=organisation, state=MatchState.COMPLETED)
    return arrived.order_by("-completed_at", "-pk")


def with_course(matches: QuerySet[Match]) -> QuerySet[Match]:
    """With all that `gift_words.course_of` reads: at most four statements more, however many there are."""
    follow_ups = Prefetch("follow_ups", queryset=FollowUp.objects.prefetch_related("photos"))
    places = Prefetch("places", queryset=ShipmentMatch.objects.select_related("shipment"))
    listed: QuerySet[Match] = matches.select_related(
        "need__organisation", "need__category", "offer__organisation", "offer__category", "offer__donor"
    )
    return listed.prefetch_related(follow_ups, places, "passed_on_as")


def figures_of(matches: QuerySet[Match]) -> dict[str, int]:
    """Of the gifts that arrived: pieces, gifts, laboratories, countries, those in use by the last word, their users.

    Each gift's people are the most that an answer named: they are counted since it came.
    """
    answered = FollowUp.objects.filter(state=FollowUpState.ANSWERED, match=OuterRef("pk"))
    by_match = answered.order_by().values("match")
    arrived = (
        matches.filter(state=MatchState.COMPLETED)
        .order_by()
        .annotate(
            last=Subquery(answered.order_by("-months").values("in_use")[:1]),
            most=Subquery(by_match.annotate(most=Max("people")).values("most")),
            most_women=Subquery(by_match.annotate(most=Max("women")).values("most")),
        )
    )
    found = arrived.aggregate(
        gifts=Count("pk"),
        pieces=Sum("quantity"),
        laboratories=Count("need__organisation", distinct=True),
        countries=Count(F("need__organisation__country"), distinct=True),
        in_use=Count("pk", filter=Q(last__in=USED)),
        people=Sum("most"),
        women=Sum("most_women"),
    )
    return {name: number or 0 for name, number in found.items()}
