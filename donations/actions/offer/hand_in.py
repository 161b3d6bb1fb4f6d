"""Hand an offer in for vetting, for the first time or after staff asked for changes."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations import notices
from donations.actions.moving import locked, move
from donations.actions.offer.draft import may_give_for
from donations.actions.offer.features import forget_foreign
from donations.enums import OfferState
from donations.models import Offer
from donations.offer_steps import STEPS
from donations.people import people_of_offer
from donations.states import OFFER_MOVES
from donations.steps import missing
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import next_state
from portal.notifications.actions import notify, reader


@transaction.atomic
def hand_in_offer(offer: Offer, *, by: Any, is_told: bool = True) -> Offer:
    """Staff vet it from now on; twice is once. `is_told`: a receipt goes to its people.

    Raises Forbidden, WrongState, and Refused with a reason for everything that is missing; its code is the section,
    or `too_late` when the day to answer has passed.
    """
    row = locked(offer)
    if not by.has_perm("donations.manage_offer", row):
        raise Forbidden
    if row.state == OfferState.VETTING:
        return row
    verb = "resubmit" if row.state == OfferState.RETURNED else "offer"
    next_state(OFFER_MOVES, verb, row.state)
    if row.state == OfferState.RETURNED and row.answer_by is not None and row.answer_by <= timezone.now():
        raise Refused(Reason("too_late", _("The day to answer has passed. Write to us if it still suits you.")))
    if lacks := against(row):
        raise Refused(*lacks)
    forget_foreign(row)
    row.submitted_at, row.answer_by = timezone.now(), None
    move(row, verb, by=by, fields=("submitted_at", "answer_by"))
    if is_told:
        people = [reader(person) for person in people_of_offer(row)]
        moment = row.submitted_at.isoformat()
        notify(notices.OFFER_RECEIVED, f"offer:{row.pk}:{moment}", people, {"offer": row.pk})
    return row


def against(offer: Offer) -> list[Reason]:
    """Everything that stands between an offer and its being handed in."""
    lacks = [Reason(step.name, sentence) for step, sentence in missing(offer, STEPS)]
    if offer.organisation is not None and not may_give_for(offer.donor, offer.organisation):
        sentence = _("The donor does not speak for %(name)s: only its focal points give in its name.")
        lacks.append(Reason("rights", sentence % {"name": offer.organisation}))
    return lacks
