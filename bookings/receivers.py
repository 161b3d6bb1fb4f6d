"""What bookings do when a lower app announces something."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_noop

from bookings.actions.changes import cancel_booking
from bookings.actions.disturbance import nothing_new, reconsider
from bookings.actions.upheaval import (
    after_closure,
    after_new_hours,
    after_new_policy,
    after_new_units,
    after_suspension,
)
from bookings.models import Booking
from calls.models import Award
from calls.signals import award_revoked
from instruments.models import Closure, Instrument, Policy
from instruments.signals import (
    closure_added,
    closure_removed,
    hours_changed,
    instrument_resumed,
    instrument_retired,
    instrument_suspended,
    policy_changed,
    units_changed,
)
from portal.accounts.models import User


@receiver(instrument_suspended)
def offer_a_way_out(sender: object, instrument: Instrument, by: User, **kwargs: Any) -> list[Booking]:
    """A suspended instrument: everybody with a coming booking may move it or cancel it free of charge, and hears so."""
    return after_suspension(instrument, by=by)


@receiver(instrument_resumed)
def bookings_stand_again(sender: object, instrument: Instrument, by: User, **kwargs: Any) -> None:
    reconsider(instrument, nothing_new, by=by)


@receiver(closure_added)
def bookings_in_the_way(sender: object, closure: Closure, by: User, **kwargs: Any) -> list[Booking]:
    """The coming bookings that a new closure runs into; a session under way refuses it."""
    return after_closure(closure, by=by)


@receiver(closure_removed)
def bookings_out_of_the_way(sender: object, instrument: Instrument, by: User, **kwargs: Any) -> None:
    reconsider(instrument, nothing_new, by=by)


@receiver(hours_changed)
def bookings_outside_hours(sender: object, instrument: Instrument, before: Any, by: User, **kwargs: Any) -> Any:
    return after_new_hours(instrument, before, by=by)


@receiver(policy_changed)
def bookings_too_near(sender: object, instrument: Instrument, before: Policy, by: User, **kwargs: Any) -> Any:
    return after_new_policy(instrument, before, by=by)


@receiver(units_changed)
def bookings_without_a_unit(sender: object, instrument: Instrument, by: User, **kwargs: Any) -> list[Booking]:
    return after_new_units(instrument, by=by)


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


def _coming() -> Any:
    rows = Booking.objects.active().filter(period__startswith__gt=timezone.now())
    return rows.select_related("instrument__policy", "award__holder", "booked_by").order_by("instrument", "period")
