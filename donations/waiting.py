"""What waits for somebody about needs, offers and gifts."""

from typing import Any

from django.utils import timezone

from donations.waiting_gate import gate_waiting_for
from donations.waiting_gifts import gifts_waiting_for
from donations.waiting_match import matches_waiting_for
from donations.waiting_needs import needs_waiting_for
from donations.waiting_offers import offers_waiting_for
from donations.waiting_shipments import shipments_waiting_for
from portal.core.waiting import Waiting


def waiting_for(user: Any) -> list[Waiting]:
    if not user.is_authenticated:
        return []
    now = timezone.now()
    return [
        *(gate_waiting_for(now) if user.is_staff else []),
        *matches_waiting_for(user, now),
        *shipments_waiting_for(user),
        *gifts_waiting_for(user),
        *offers_waiting_for(user, now),
        *needs_waiting_for(user, now),
    ]
