"""The samples of a booking, as its page shows them."""

from typing import Any

from django import template

from bookings.models import Booking, Sample

register = template.Library()


@register.inclusion_tag("bookings/_samples.html", takes_context=True)
def samples_of(context: template.Context, booking: Booking) -> dict[str, Any]:
    """What is declared for `booking`, or of its award for no booking yet; whether the reader may declare more."""
    rows = Sample.objects.filter(award=booking.award_id)
    asks = booking.is_active and booking.instrument.policy.needs_sample
    return {
        "booking": booking,
        "samples": rows.of_booking(booking),
        "can_declare": booking.is_active and context["user"].has_perm("bookings.declare_sample", booking.award),
        "is_missing": asks and not rows.at_the_laboratory().exists(),
    }
