"""Messages about what staff say of needs and offers before they go on, and what staff themselves are told."""

from typing import Any

from django.db.models import Count, Min
from django.urls import reverse

from donations.enums import NeedState, OfferState
from donations.models import Need, Offer
from donations.notices.moments import moment_in_words
from portal.core.dates import date_format
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about(data: dict[str, Any], *states: str) -> Context | None:
    """What the words need; None when the need or offer has left the states in which the message makes sense."""
    is_offer = "offer" in data
    rows: Any = Offer.objects if is_offer else Need.objects
    thing = rows.for_list().filter(pk=data["offer" if is_offer else "need"], state__in=states).first()
    return thing and {
        "thing": thing,
        "is_offer": is_offer,
        "note": thing.note,
        "answer_by": thing.answer_by and moment_in_words(thing.answer_by),
        "until": thing.expires_on and date_format(thing.expires_on),
        "url": absolute(thing.get_absolute_url()),
    }


def _verified(data: dict[str, Any]) -> Context | None:
    return _about(data, NeedState.OPEN, NeedState.MATCHED)


def _vetted(data: dict[str, Any]) -> Context | None:
    return _about(data, OfferState.VETTED, OfferState.MATCHED)


def _returned(data: dict[str, Any]) -> Context | None:
    return _about(data, NeedState.RETURNED, OfferState.RETURNED)


def _refused(data: dict[str, Any]) -> Context | None:
    return _about(data, NeedState.REFUSED, OfferState.REFUSED)


def _lapsed(data: dict[str, Any]) -> Context | None:
    return _about(data, NeedState.EXPIRED, OfferState.EXPIRED)


def _waiting(data: dict[str, Any]) -> Context | None:
    """How much waits at the gate, and since when; None when somebody has dealt with all of it."""
    numbers = {"number": Count("pk"), "oldest": Min("submitted_at")}
    needs = Need.objects.filter(state=NeedState.SUBMITTED).aggregate(**numbers)
    offers = Offer.objects.filter(state=OfferState.VETTING).aggregate(**numbers)
    since = [found["oldest"] for found in (needs, offers) if found["oldest"]]
    if not since:
        return None
    return {
        "needs": needs["number"],
        "offers": offers["number"],
        "oldest": moment_in_words(min(since)),
        "url": absolute(reverse("desk_donations:index")),
    }


NEED_VERIFIED = register(Kind("donations.need_verified", _verified))
OFFER_VETTED = register(Kind("donations.offer_vetted", _vetted))
THING_RETURNED = register(Kind("donations.returned", _returned))
THING_REFUSED = register(Kind("donations.refused", _refused))
RETURN_ENDING = register(Kind("donations.return_ending", _returned))
RETURN_LAPSED = register(Kind("donations.return_lapsed", _lapsed))
GATE_WAITING = register(Kind("donations.gate_waiting", _waiting))
