"""A loan is asked back, comes home, or is about to be due."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from donations import notices
from donations.actions.follow_up import cancel_follow_ups
from donations.actions.moving import locked, move
from donations.actions.offer.end import withdraw_offer
from donations.enums import Giving, MatchState, OfferState
from donations.models import Match, Offer
from donations.people import people_of_need, people_of_offer
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.retry import in_transaction
from portal.notifications.actions import notify, reader

REMIND_BEFORE = timedelta(days=30)
LENT = (OfferState.VETTED, OfferState.MATCHED, OfferState.HANDED_OVER)  # laboratories may have all of it or some


def recall_loan(offer: Offer, *, by: Any, why: str) -> Offer:
    """Ask a loan back; the laboratories that have it are told why. What nobody has of it yet is no longer offered.

    Raises Forbidden, WrongState; Refused `no_loan`, `no_reason`, and `under_way` while other pieces of it are promised
    or travel.
    """
    _check_lent(offer, by)
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why; the laboratory that has it is told.")))
    return in_transaction(lambda: _recall(offer, by, why.strip()))


def is_lent_in_part(offer: Offer) -> bool:
    """Whether laboratories have some of it while the rest is still to be had or promised."""
    is_partial = offer.state in (OfferState.VETTED, OfferState.MATCHED)
    return is_partial and bool(offer.matches.filter(state=MatchState.COMPLETED).exists())


def _recall(offer: Offer, by: Any, why: str) -> Offer:
    """The rest is withdrawn before the offer is locked: that locks the needs which were to have it first."""
    if is_lent_in_part(Offer.objects.get(pk=offer.pk)):
        if offer.matches.filter(state=MatchState.ACCEPTED).exists():
            sentence = _("Other pieces of it are promised or on their way. Recall it once they have arrived.")
            raise Refused(Reason("under_way", sentence))
        withdraw_offer(offer, by=by, why=why)
    row = locked(offer)
    move(row, "recall", by=by, why=why)
    for match in _lendings(row):
        people = [reader(person) for person in people_of_need(match.need)]
        data = {"offer": row.pk, "match": match.pk, "why": why}
        notify(notices.LOAN_RECALLED, f"match:{match.pk}", people, data)
    return row


@transaction.atomic
def give_back_loan(offer: Offer, *, by: Any) -> Offer:
    """Note that a recalled loan is with its donor again: both sides hear it, and nobody is asked after it any more.

    Raises Forbidden, Refused, WrongState.
    """
    _check_lent(offer, by)
    row = locked(offer)
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
        offer__state__in=LENT, offer__giving=Giving.LOAN,
    )  # fmt: skip
    matches = list(due.for_list().order_by("pk"))
    for match in matches:
        people = {reader(person) for person in [*people_of_need(match.need), *people_of_offer(match.offer)]}
        with transaction.atomic():
            notify(notices.LOAN_DUE, f"match:{match.pk}:{match.back_on}", people, {"match": match.pk})
    return len(matches)


def _check_lent(offer: Offer, by: Any) -> None:
    if not by.has_perm("donations.manage_offer", offer):
        raise Forbidden
    if offer.giving != Giving.LOAN:
        raise Refused(Reason("no_loan", _("This is a gift: only a loan comes back.")))


def _lendings(offer: Offer) -> list[Match]:
    """What laboratories received of it, with their needs."""
    matches = offer.matches.filter(state=MatchState.COMPLETED).select_related("need__asked_by", "need__organisation")
    return list(matches.order_by("pk"))
