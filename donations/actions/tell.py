"""Telling people whom a need or an offer speaks to; each function is one statement, however many they are."""

from calls.enums import CallKind, Standing
from calls.matching import Subject
from calls.models import Interest
from donations import notices
from donations.models import Need, Offer
from portal.notifications.fanout import notify_all


def tell_need_open(need: Need) -> int:
    """Write to donors of such equipment that `need` is open; return how many messages are new."""
    readers = Interest.objects.hearing(about_need(need))
    return notify_all(notices.NEED_NEWS, f"need:{need.pk}", readers, {"need": need.pk})


def tell_offer_vetted(offer: Offer) -> int:
    """Write to those who need such equipment that `offer` is to be had; return how many messages are new."""
    readers = Interest.objects.hearing(about_offer(offer))
    return notify_all(notices.OFFER_NEWS, f"offer:{offer.pk}", readers, {"offer": offer.pk})


def about_need(need: Need) -> Subject:
    """News of an open need, for donors: of its category and its laboratory's country."""
    return Subject(
        kind=CallKind.EQUIPMENT,
        standings={Standing.DONOR},
        techniques=None,
        categories=_category(need),
        countries=[str(need.organisation.country)],
    )


def about_offer(offer: Offer) -> Subject:
    """News of a vetted offer, for those who need it: of its category, for the countries to which it is given."""
    return Subject(
        kind=CallKind.EQUIPMENT,
        standings={Standing.BENEFICIARY},
        techniques=None,
        categories=_category(offer),
        countries=offer.countries,
        open_to=offer.countries,
    )


def _category(thing: Need | Offer) -> list[int]:
    return [thing.category_id] if thing.category_id is not None else []
