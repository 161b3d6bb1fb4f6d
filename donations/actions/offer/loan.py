"""A loan is asked back, comes home, or is about to be due."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from donations import notices
from donations.actions.follow_up import cancel_follow_ups
from donations.actions.moving import locked, move
from donations.enums import Giving, MatchState, OfferState
from donations.models import Match, Offer
from donations.people import people_of_need, people_of_offer
from portal.core.errors import Forbidden, Reason, Refused
from portal.notifications.actions import notify, reader

REMIND_BEFORE = timedelta(days=30)


@transaction.atomic
def recall_loan(offer: Offer, *, by: Any, why: str) -> Offer:
    """Ask a loan back; the laboratories that have it are told why. Raises Forbidden, Refused, WrongState."""
    row = _lent(offer, by)
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why; the laboratory that has it is told.")))
    move(row, "recall", by=by, why=why.strip())
    for match in _lendings(row):
        people = [reader(person) for person in people_of_need(match.need)]
        data = {"offer": row.pk, "match": match.pk, "why": why.strip()}
        notify(notices.LOAN_RECALLED, f"match:{match.pk}", people, data)
    return row


@transaction.atomic
def give_back_loan(offer: Offer, *, by: Any) -> Offer:
    """Note that a recalled loan is with its donor again: both sides hear it, and nobody is asked after it any more.

    Raises Forbidden, Refused, WrongState.
    """
    row = _lent(offer, by)
    move(row, "give_back", by=by)
    own = [person for person in people_of_offer(row) if person.pk != by.pk]
    for match in _lendings(row):
        cancel_follow_ups(match, by=by, why=_("The loan went back."))
        people = {reader(person) for person in [*people_of_need(match.need), *own]}
        notify(notices.LOAN_GIVEN_BACK, f"match:{match.pk}", people, {"offer": row.pk, "match": match.pk})
    return row


def remind_of_loans(now: datetime) -> int:
    """Tell both sides once, a month before, that a loan is due back; return how many loans are due so soon."""
    today = now.date()
    due = Match.objects.filter(
        state=MatchState.COMPLETED, back_on__gte=today, back_on__lte=today + REMIND_BEFORE,
        offer__state=OfferState.HANDED_OVER, offer__giving=Giving.LOAN,
    )  # fmt: skip
    matches = list(due.for_list().order_by("pk"))
    for match in matches:
        people = {reader(person) for person in [*people_of_need(match.need), *people_of_offer(match.offer)]}
        with transaction.atomic():
            notify(notices.LOAN_DUE, f"match:{match.pk}:{match.back_on}", people, {"match": match.pk})
    return len(matches)


def _lent(offer: Offer, by: Any) -> Offer:
    row = locked(offer)
    if not by.has_perm("donations.manage_offer", row):
        raise Forbidden
    if row.giving != Giving.LOAN:
        raise Refused(Reason("no_loan", _("This is a gift: only a loan comes back.")))
    return row


def _lendings(offer: Offer) -> list[Match]:
    """What laboratories received of it, with their needs."""
    matches = offer.matches.filter(state=MatchState.COMPLETED).select_related("need__asked_by", "need__organisation")
    return list(matches.order_by("pk"))
