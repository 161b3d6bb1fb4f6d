"""What waits for somebody about needs, offers and gifts."""

from typing import Any

from django.db.models import Exists
from django.utils import timezone

from donations.models import Need, Offer, Shipment
from donations.waiting_gate import gate_waiting_for
from donations.waiting_gifts import gifts_waiting_for
from donations.waiting_match import matches_waiting_for
from donations.waiting_needs import needs_waiting_for
from donations.waiting_offers import offers_waiting_for
from donations.waiting_shipments import shipments_waiting_for
from portal.accounts.models import User
from portal.core.waiting import Lines


def waiting_for(user: Any) -> list[Lines]:
    """Most people neither ask nor give: one statement tells, and nothing else is asked for them."""
    if not user.is_authenticated:
        return []
    asks, gives, sends = _stands(user)
    now = timezone.now()
    return [
        *(gate_waiting_for(now) if user.is_staff else []),
        *([matches_waiting_for(user, now)] if user.is_staff or asks or gives else []),
        *(shipments_waiting_for(user) if user.is_staff or asks or sends else []),
        *(gifts_waiting_for(user) if user.is_staff or asks else []),
        *([offers_waiting_for(user, now)] if gives else []),
        *([needs_waiting_for(user, now)] if asks else []),
    ]


def _stands(user: Any) -> tuple[bool, bool, bool]:
    """Whether the person has needs, offers, shipments to send."""
    found = User.objects.filter(pk=user.pk).values_list(
        Exists(Need.objects.own(user)), Exists(Offer.objects.own(user)), Exists(Shipment.objects.filter(donor=user))
    )
    asks, gives, sends = found.get()
    return asks, gives, sends
