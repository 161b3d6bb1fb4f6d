"""Time that fell free goes on to those who wait for it, in the transaction of the deed that freed it."""

from bookings.signals import booking_released
from bookings.slots import Span
from instruments.models import Instrument


def pass_on(instrument: Instrument, freed: Span) -> None:
    """Announce the time; call it last, under `lock_instrument`."""
    booking_released.send(Instrument, instrument=instrument, freed=freed)
