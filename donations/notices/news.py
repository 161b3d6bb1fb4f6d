"""What people who declared an interest are written of needs and offers."""

from typing import Any

from calls.notices.interest import unsubscribe_url
from donations.models import Need, Offer
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _need(data: dict[str, Any]) -> Context | None:
    """The need, while something of it is wanted."""
    need = Need.objects.open().for_list().filter(pk=data["need"]).first()
    return need and {"need": need, "organisation": need.organisation, "url": absolute(need.get_absolute_url())}


def _offer(data: dict[str, Any]) -> Context | None:
    """The offer, while something of it is to be had."""
    offer = Offer.objects.open().for_list().filter(pk=data["offer"]).first()
    return offer and {"offer": offer, "url": absolute(offer.get_absolute_url())}


NEED_NEWS = register(Kind("donations.need_news", _need, unsubscribe=unsubscribe_url, has_part=True))
OFFER_NEWS = register(Kind("donations.offer_news", _offer, unsubscribe=unsubscribe_url, has_part=True))
