"""What lower apps announce and interests act on."""

from typing import Any

from django.dispatch import receiver

from calls.actions import interest
from calls.enums import Standing
from calls.models import Interest
from instruments.models import Instrument
from instruments.signals import instrument_listed, proposal_begins
from portal.notifications.signals import address_suppressed


@receiver(instrument_listed)
def tell_listed(sender: Any, instrument: Instrument, **kwargs: Any) -> None:
    interest.tell_listed(instrument)


@receiver(proposal_begins)
def say_what_is_offered(sender: Any, token: str, **kwargs: Any) -> dict[str, Any] | None:
    """What somebody who can open an instrument said of it already goes into their proposal; the link is the key."""
    known = Interest.objects.filter(token=token, standing=Standing.CONTRIBUTOR).prefetch_related("techniques").first()
    if known is None:
        return None
    techniques = [technique.pk for technique in known.techniques.all()]
    return {"institution": known.institution, "offering": known.offering, "techniques": techniques}


@receiver(address_suppressed)
def end_interests(sender: Any, address: str, cause: str, by: Any, **kwargs: Any) -> None:
    """Nothing more is written to an address that bounced or complained, and its owner's wish is over."""
    interest.end_suppressed(address, cause, by=by)
