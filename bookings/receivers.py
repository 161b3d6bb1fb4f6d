"""What bookings do when a lower app announces something."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_noop

from bookings import news
from bookings.actions.changes import cancel_booking
from bookings.actions.dataset import keep_run
from bookings.actions.disturbance import nothing_new, reconsider
from bookings.actions.upheaval import (
    after_closure,
    after_new_hours,
    after_new_policy,
    after_new_units,
    after_suspension,
)
from bookings.enums import SessionState
from bookings.models import Booking, Session
from calls.models import Award
from calls.signals import award_revoked
from instruments.models import Closure, Instrument, Policy, Unit
from instruments.signals import (
    closure_added,
    closure_removed,
    desktop_changed,
    hours_changed,
    instrument_resumed,
    instrument_retired,
    instrument_suspended,
    policy_changed,
    run_finished,
    units_changed,
)
from portal.accounts.models import Membership, User
from portal.accounts.signals import membership_ended, standing_changed


@receiver(instrument_suspended)
def offer_a_way_out(sender: object, instrument: Instrument, by: User, **kwargs: Any) -> list[Booking]:
    """A suspended instrument: everybody with a coming booking may move it or cancel it free of charge, and hears so."""
    _open_sessions_changed(booking__instrument=instrument)
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


@receiver(run_finished)
def data_of_a_run(
    sender: object, unit: Unit, files: Iterable[tuple[str, bytes]], began: datetime, moment: datetime, **kwargs: Any
) -> None:
    """What the practice instrument measured becomes a dataset of the booking in whose session the run began."""
    keep_run(unit, files, began, moment)


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


@receiver(desktop_changed)
def sessions_on_the_unit(sender: object, unit: Unit, **kwargs: Any) -> None:
    """The screen of a unit is reached in another way, or not at all: relays look again."""
    _open_sessions_changed(booking__unit=unit)


@receiver(membership_ended)
def may_do_less(sender: object, membership: Membership, **kwargs: Any) -> None:
    news.user_changed(membership.user_id)


@receiver(standing_changed)
def stands_otherwise(sender: object, user: User, **kwargs: Any) -> None:
    news.user_changed(user.pk)


@receiver([user_logged_out, password_changed, password_reset])
def signed_out(sender: object, user: User | None, **kwargs: Any) -> None:
    """Signed out here, or with the password everywhere: lines to desktops are cut at once, not at the next look."""
    if user is not None:
        news.user_changed(user.pk)


def _open_sessions_changed(**which: Any) -> None:
    for pk in Session.objects.filter(**which, state=SessionState.LIVE).values_list("pk", flat=True):
        news.session_changed(pk)


def _coming() -> Any:
    rows = Booking.objects.active().filter(period__startswith__gt=timezone.now())
    return rows.select_related("instrument__policy", "award__holder", "booked_by").order_by("instrument", "period")
