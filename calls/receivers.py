"""What lower apps announce and interests act on."""

from typing import Any

from django.dispatch import receiver

from calls.actions import call_training, interest
from calls.enums import Standing
from calls.models import Interest
from instruments.models import Instrument, Training
from instruments.signals import instrument_listed, proposal_begins, training_cancelled, training_changed
from portal.notifications.actions import Recipient
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


@receiver(training_changed)
def keep_promises(sender: Any, training: Training, changed: frozenset[str], **kwargs: Any) -> list[Recipient]:
    """A training begins after the calls that give its places are decided; who was offered one hears of new times."""
    call_training.check_training(training, changed)
    return call_training.offered_places(training)


@receiver(training_cancelled)
def tell_of_cancelled(sender: Any, training: Training, by: Any, why: str, **kwargs: Any) -> list[Recipient]:
    """Staff look after the calls that gave its places; who was offered one hears that it is off."""
    call_training.tell_staff_of_cancelled(training, by=by, why=why)
    return call_training.offered_places(training)


@receiver(address_suppressed)
def end_interests(sender: Any, address: str, cause: str, by: Any, **kwargs: Any) -> None:
    """Nothing more is written to an address that bounced or complained, and its owner's wish is over."""
    interest.end_suppressed(address, cause, by=by)
