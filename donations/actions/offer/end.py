"""An offer ends before it is given: its donor takes it back, or its day has passed.

What is accepted or has arrived stays: then only the rest ends, and the offer goes on with so many pieces.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from donations import notices
from donations.actions.moving import locked, move
from donations.actions.undone import undo_matches
from donations.enums import MatchState, OfferState
from donations.models import Need, Offer
from donations.people import people_of_offer
from portal.audit.actions import record
from portal.core.errors import Forbidden
from portal.core.retry import in_transaction
from portal.notifications.actions import notify, reader

PENDING = (MatchState.PROPOSED, MatchState.APPROVED)


def withdraw_offer(offer: Offer, *, by: Any, why: str = "") -> Offer:
    """Take an offer back, or what of it is not promised; laboratories that were to have it are told.

    Raises Forbidden and WrongState.
    """
    if not by.has_perm("donations.manage_offer", offer):
        raise Forbidden
    return in_transaction(lambda: _withdraw(offer, by, why.strip()))


def can_withdraw(offer: Offer) -> bool:
    """Whether something of it can be taken back: all of it may be in matches that nobody has accepted yet."""
    if offer.state == OfferState.MATCHED:
        return bool(offer.matches.filter(state__in=PENDING).exists())
    return offer.state in (OfferState.DRAFT, OfferState.VETTING, OfferState.RETURNED, OfferState.VETTED)


def expire_offers(now: datetime) -> int:
    """End vetted offers whose last day has passed and tell their people; return how many.

    While somebody is asked about a match of one, it waits: that is answered within two weeks.
    """
    due = Offer.objects.expiring(now.date()).exclude(matches__state__in=PENDING).order_by("pk")
    return sum(_expire(offer, now) for offer in due)


def _withdraw(offer: Offer, by: Any, why: str) -> Offer:
    wanted = offer.matches.filter(state__in=PENDING).values("need")
    list(Need.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
    row = locked(offer)
    if row.state in (OfferState.VETTED, OfferState.MATCHED):
        undo_matches(row, by=by, why=why or _("The donor has taken the offer back."))
        row = locked(row)
    _end(row, "withdraw", by=by, why=why)
    if row.state == OfferState.WITHDRAWN:
        people = [reader(person) for person in people_of_offer(row) if person.pk != by.pk]
        notify(notices.OFFER_WITHDRAWN, f"offer:{row.pk}", people, {"offer": row.pk, "why": why})
    return row


@transaction.atomic
def _expire(offer: Offer, now: datetime) -> bool:
    row = locked(offer)
    if row.state != OfferState.VETTED or row.expires_on is None or row.expires_on >= now.date():
        return False
    _end(row, "expire", by=None, why="")
    people = [reader(person) for person in people_of_offer(row)]
    notify(notices.OFFER_EXPIRED, f"offer:{row.pk}:{row.expires_on}", people, {"offer": row.pk})
    return True


def _end(offer: Offer, verb: str, *, by: Any, why: str) -> None:
    """Move a locked offer along `verb`, or keep what is promised of it and end the rest. Raises WrongState."""
    if not offer.quantity_matched:
        move(offer, verb, by=by, why=why)
        return
    before, offer.quantity = offer.quantity, offer.quantity_matched + offer.quantity_lost
    move(offer, "match", by=by, why=why, fields=["quantity"])
    record(
        offer, f"{verb}_rest", by=by, before=offer.state, after=offer.state, why=why, quantity=[before, offer.quantity]
    )
    if not offer.matches.filter(state__in=[*PENDING, MatchState.ACCEPTED]).exists():
        move(offer, "hand_over", by=by)
