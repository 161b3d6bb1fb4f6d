"""What bookings do when a lower app announces something."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_noop

from bookings import notices
from bookings.actions.changes import cancel_booking
from bookings.actions.telling import tell_people
from bookings.models import Booking
from calls.models import Award
from calls.signals import award_revoked
from instruments.models import Closure, Instrument
from instruments.signals import closure_added, instrument_retired, instrument_suspended


@receiver(instrument_suspended)
def offer_a_way_out(sender: object, instrument: Instrument, **kwargs: Any) -> None:
    """A suspended instrument: everybody with a coming booking may move it or cancel it free of charge, and hears so."""
    for booking in _coming().filter(instrument=instrument):
        tell_people(booking, notices.SUSPENDED)


@receiver(award_revoked)
def cancel_what_is_left(sender: object, award: Award, **kwargs: Any) -> None:
    """A revoked award: what it has booked ahead is cancelled."""
    for booking in _coming().filter(award=award):
        cancel_booking(booking, by=None, why=gettext_noop("The award was revoked."))


@receiver(instrument_retired)
def cancel_what_cannot_be_held(sender: object, instrument: Instrument, **kwargs: Any) -> None:
    """A retired instrument: its coming bookings are cancelled and all their hours return."""
    for booking in _coming().filter(instrument=instrument):
        cancel_booking(booking, by=None, why=gettext_noop("The instrument was retired."))


@receiver(closure_added)
def bookings_in_the_way(sender: object, closure: Closure, **kwargs: Any) -> list[Booking]:
    """The coming bookings that a new closure runs into: who closes is shown them, and moves or fails them."""
    rows = _coming().filter(instrument=closure.instrument, period__overlap=closure.period)
    return list(rows.filter(unit=closure.unit) if closure.unit_id else rows)


def _coming() -> Any:
    rows = Booking.objects.active().filter(period__startswith__gt=timezone.now())
    return rows.select_related("instrument__policy", "award__holder", "booked_by").order_by("instrument", "period")
