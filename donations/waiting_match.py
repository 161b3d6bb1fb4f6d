"""Matches that wait for somebody: to be accepted by a side, to be approved by staff."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from donations.enums import MatchState
from donations.models import Match
from donations.querysets.people import own_needs, own_offers
from portal.core.waiting import Lines, Waiting, each

SHOWN = 10
URGENT = timedelta(days=4)


def matches_waiting_for(user: Any, now: datetime) -> Lines:
    """In one question: what the person's own side has not answered; to staff what is proposed as well."""
    theirs = Q(state=MatchState.APPROVED, answer_by__gt=now) & (
        Q(own_needs(user, "need__"), need_accepted_at=None) | Q(own_offers(user, "offer__"), offer_accepted_at=None)
    )
    if user.is_staff:
        theirs |= Q(state=MatchState.PROPOSED)
    rows = Match.objects.filter(theirs).select_related("need__organisation", "offer").order_by("answer_by", "pk")
    return Lines(rows[:SHOWN], each(_line, now))


def _line(match: Match, now: datetime) -> Waiting:
    titles = {
        MatchState.PROPOSED: _("Approve or take back: %(offer)s for %(organisation)s"),
        MatchState.APPROVED: _("Say yes or no: %(offer)s for %(organisation)s"),
    }
    return Waiting(
        title=titles[MatchState(match.state)] % {"offer": match.offer, "organisation": match.need.organisation},
        url=match.get_absolute_url(),
        detail=str(match.need),
        when=match.answer_by if match.state == MatchState.APPROVED else None,
        is_urgent=match.state == MatchState.APPROVED and match.answer_by is not None and match.answer_by - now < URGENT,
    )
