"""Checks of the lines of those of a booking, as its pages show them."""

from typing import Any

from django import template
from django.utils import timezone

from bookings.door import desktop_of
from bookings.enums import BookingState
from bookings.lines import speed as speed_of
from bookings.lines import told_for
from bookings.models import Booking

register = template.Library()


@register.filter
def speed(rate: int) -> str:
    """kbit/s in words."""
    return speed_of(rate)


@register.inclusion_tag("bookings/_lines.html", takes_context=True)
def lines_of(context: template.Context, booking: Booking) -> dict[str, Any]:
    """Until a session with a screen is over: everybody's last check for the laboratory, one's own for others.

    The way to a new check is there before the day only.
    """
    user, now = context["user"], timezone.now()
    if desktop_of(booking) is None or booking.state != BookingState.CONFIRMED or booking.end <= now:
        return {"is_shown": False}
    told = told_for([booking.pk]).get(booking.pk, [])
    sees_all = user.has_perm("bookings.check_in_session", booking)
    shown = told if sees_all else [(check, verdict) for check, verdict in told if check.user_id == user.pk]
    is_before = now < booking.start
    return {
        "is_shown": is_before or bool(shown),
        "is_before": is_before,
        "booking": booking,
        "told": shown,
        "sees_all": sees_all,
        "user": user,
    }
