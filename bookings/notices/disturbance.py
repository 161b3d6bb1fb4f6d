"""What people are told of a booking that something came in the way of, and of one that could not be held."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from bookings.enums import Disturbance
from bookings.free import alternatives
from bookings.models import Booking
from bookings.slots import MINUTE, Span
from instruments.models import Closure
from portal.notifications.kinds import Context
from portal.notifications.links import absolute


def ways_out(booking: Booking, data: dict[str, Any]) -> Context | None:
    """What is in its way, and three times that are free now; None when the way is clear again."""
    if not booking.disturbances:
        return None
    free = alternatives(
        booking.instrument,
        booking.span,
        timezone.now(),
        leaving_out=booking,
        suits=lambda slot: slot != booking.span and _within_award(booking, slot),
    )
    address = reverse("bookings:move_check", args=[booking.ref])
    return {"causes": causes_in_words(booking), "instead": [(slot, _link(address, booking, slot)) for slot in free]}


def undisturbed(booking: Booking, data: dict[str, Any]) -> Context | None:
    """None when something else is in its way meanwhile."""
    return None if booking.disturbances else {}


def instead_of_failed(booking: Booking, data: dict[str, Any]) -> Context:
    """Three other times, for those who may book them (`instead` in the data)."""
    if not data.get("instead"):
        return {}
    free = alternatives(
        booking.instrument,
        booking.span,
        timezone.now(),
        suits=lambda slot: not slot.overlaps(booking.span) and _within_award(booking, slot),
    )
    address = reverse("booking_instruments:check", args=[booking.instrument.slug])
    return {"instead": [(slot, _link(address, booking, slot)) for slot in free]}


def causes_in_words(booking: Booking) -> list[str]:
    """A sentence for each thing that is in the way."""
    return [_SENTENCES[Disturbance(cause)](booking) for cause in booking.disturbances]


def _closures(booking: Booking) -> str:
    rows = Closure.objects.filter(instrument=booking.instrument_id, period__overlap=booking.period)
    reasons = [row.reason for row in rows.order_by("period") if row.unit_id in (None, booking.unit_id) and row.reason]
    if not reasons:
        return _("The instrument is closed during this time.")
    return _("The instrument is closed during this time: %(reason)s.") % {
        "reason": "; ".join(dict.fromkeys(reasons)).rstrip(".")
    }


def _suspension(booking: Booking) -> str:
    note = booking.instrument.state_note.strip().rstrip(".")
    if not note:
        return _("The instrument takes no sessions at present.")
    return _("The instrument takes no sessions at present: %(reason)s.") % {"reason": note}


def _hours(booking: Booking) -> str:
    return _("The laboratory has changed its opening hours and is not open during the whole of this time.")


def _unit(booking: Booking) -> str:
    return _("The unit that was booked is out of service.")


def _change_over(booking: Booking) -> str:
    return _("The laboratory needs longer between two bookings now, and the next one is too near.")


_SENTENCES: dict[Disturbance, Callable[[Booking], str]] = {
    Disturbance.CLOSED: _closures,
    Disturbance.SUSPENDED: _suspension,
    Disturbance.HOURS: _hours,
    Disturbance.UNIT: _unit,
    Disturbance.CHANGE_OVER: _change_over,
}


def _within_award(booking: Booking, slot: Span) -> bool:
    """Whether the award can be used on every day of the slot, on the laboratory's calendar."""
    zone, award = booking.instrument.zone, booking.award
    first, last = slot.start.astimezone(zone).date(), (slot.end - MINUTE).astimezone(zone).date()
    return bool(award.valid_from <= first and last <= award.valid_until)


def _link(address: str, booking: Booking, slot: Span) -> str:
    """The page that asks once more before the time is booked."""
    start = slot.start.strftime("%Y-%m-%dT%H:%MZ")
    query: dict[str, str | int] = {"award": booking.award.ref, "slot": start, "length": booking.minutes}
    return absolute(f"{address}?{urlencode(query)}")
