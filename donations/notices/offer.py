"""Messages about offers of equipment."""

from typing import Any

from django.urls import reverse

from donations.enums import OfferState
from donations.models import Batch, Match, Offer
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about(data: dict[str, Any], *states: OfferState) -> Context | None:
    """What the words need; None when the offer has left the states in which the message makes sense."""
    offer = Offer.objects.for_list().filter(pk=data["offer"]).first()
    if offer is None or (states and offer.state not in states):
        return None
    return {"offer": offer, "url": absolute(offer.get_absolute_url()), "why": data.get("why", "")}


def _while_vetting(data: dict[str, Any]) -> Context | None:
    return _about(data, OfferState.VETTING)


def _while_vetted(data: dict[str, Any]) -> Context | None:
    found = _about(data, OfferState.VETTED)
    return found and found | {"extend_url": absolute(reverse("offers:extend", args=[found["offer"].ref]))}


def _lent(data: dict[str, Any], *states: OfferState) -> Context | None:
    """A loan that is no longer public: both sides read of it at their match."""
    found = _about(data, *states)
    match = Match.objects.filter(pk=data.get("match", 0)).first()
    return found | {"url": absolute(match.get_absolute_url())} if found and match else found


def _while_recalled(data: dict[str, Any]) -> Context | None:
    return _lent(data, OfferState.RECALLED)


def _while_back(data: dict[str, Any]) -> Context | None:
    return _lent(data, OfferState.GIVEN_BACK)


def _loan(data: dict[str, Any]) -> Context | None:
    """A loan that is still away."""
    match = Match.objects.for_list().filter(pk=data["match"], offer__state=OfferState.HANDED_OVER).first()
    if match is None or match.back_on is None:
        return None
    return {"match": match, "offer": match.offer, "need": match.need, "url": absolute(match.get_absolute_url())}


def _batch(data: dict[str, Any]) -> Context | None:
    batch = Batch.objects.filter(pk=data["batch"]).first()
    if batch is None:
        return None
    good, handed = batch.rows - batch.faulty, data.get("handed_in", 0)
    numbers = {"good": good, "faulty": batch.faulty, "handed_in": handed, "drafts": good - handed}
    return {"batch": batch, "url": absolute(reverse("offers:mine")), **numbers}


OFFER_RECEIVED = register(Kind("donations.offer_received", _while_vetting))
OFFER_EXPIRING = register(Kind("donations.offer_expiring", _while_vetted))
OFFER_EXPIRED = register(Kind("donations.offer_expired", _about))
OFFER_WITHDRAWN = register(Kind("donations.offer_withdrawn", _about))
LOAN_DUE = register(Kind("donations.loan_due", _loan))
LOAN_RECALLED = register(Kind("donations.loan_recalled", _while_recalled))
LOAN_GIVEN_BACK = register(Kind("donations.loan_given_back", _while_back))
BATCH_TAKEN = register(Kind("donations.batch_taken", _batch))
