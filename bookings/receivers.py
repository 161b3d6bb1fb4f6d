"""What bookings do when a lower app announces something."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from bookings import notices
from bookings.actions.changes import cancel_booking
from bookings.actions.telling import tell_people
from bookings.models import Booking
from calls.models import Award
from calls.signals import award_revoked
from instruments.models import Instrument
from instruments.signals import instrument_suspended


@receiver(instrument_suspended)
def offer_a_way_out(sender: object, instrument: Instrument, **kwargs: Any) -> None:
    """A suspended instrument: everybody with a coming booking may move it or cancel it free of charge, and hears so."""
    for booking in _coming().filter(instrument=instrument):
        tell_people(booking, notices.SUSPENDED)


@receiver(award_revoked)
def cancel_what_is_left(sender: object, award: Award, **kwargs: Any) -> None:
    """A revoked award: what it has booked ahead is cancelled."""
    for booking in _coming().filter(award=award):
        cancel_booking(booking, by=None)


def _coming() -> Any:
    rows = Booking.objects.active().filter(period__startswith__gt=timezone.now())
    return rows.select_related("instrument__policy", "award__holder", "booked_by").order_by("instrument", "period")
