"""What lower apps announce and interests act on."""

from typing import Any

from django.dispatch import receiver

from calls.actions import interest
from instruments.models import Instrument
from instruments.signals import instrument_listed
from portal.notifications.signals import address_suppressed


@receiver(instrument_listed)
def tell_listed(sender: Any, instrument: Instrument, **kwargs: Any) -> None:
    interest.tell_listed(instrument)


@receiver(address_suppressed)
def end_interests(sender: Any, address: str, cause: str, by: Any, **kwargs: Any) -> None:
    """Nothing more is written to an address that bounced or complained, and its owner's wish is over."""
    interest.end_suppressed(address, cause, by=by)
