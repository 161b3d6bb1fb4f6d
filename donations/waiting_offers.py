"""Offers that wait for their people: drafts and returned ones to complete, loans that are on their way back."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from donations.enums import OfferState
from donations.models import Offer
from portal.core.waiting import Lines, Waiting, each

SHOWN = 10
URGENT = timedelta(days=3)


def offers_waiting_for(user: Any, now: datetime) -> Lines:
    """In one question, those to be answered soonest first."""
    rows = Offer.objects.own(user).filter(state__in=[OfferState.DRAFT, OfferState.RETURNED, OfferState.RECALLED])
    return Lines(rows.order_by("answer_by", "pk")[:SHOWN], each(_line, now))


def _line(offer: Offer, now: datetime) -> Waiting:
    is_returned = offer.state == OfferState.RETURNED
    is_loan = offer.state == OfferState.RECALLED
    title = _("Is the loan back? %(title)s") if is_loan else _("Offer to complete: %(title)s")
    when = offer.answer_by if is_returned else None
    return Waiting(
        title=title % {"title": offer},
        url=offer.get_absolute_url(),
        when=when,
        is_urgent=when is not None and when - now < URGENT,
    )
