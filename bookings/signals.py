"""What bookings announce; sent inside the action's transaction."""

from django.dispatch import Signal

booking_released = Signal()  # booking: its time is free again
