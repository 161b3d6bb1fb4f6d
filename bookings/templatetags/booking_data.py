"""The data of a booking, as its pages show them."""

from typing import Any

from django import template
from django.utils import timezone

from bookings.actions.dataset.sets import WITH_DATA
from bookings.models import Booking, Dataset

register = template.Library()


@register.inclusion_tag("bookings/_datasets.html", takes_context=True)
def datasets_of(context: template.Context, booking: Booking) -> dict[str, Any]:
    """Its datasets as far as the reader may see them; whether the reader may send some, once it has begun."""
    user = context["user"]
    has_begun = booking.state in WITH_DATA and booking.start <= timezone.now()
    return {
        "booking": booking,
        "datasets": Dataset.objects.visible_to(user).filter(booking=booking).for_page(),
        "can_send": has_begun and user.has_perm("bookings.manage_data", booking),
    }
