"""What people type about bookings, samples and outcomes; nothing here writes."""

from bookings.forms.booking import BookingForm, InstantField, SlotForm
from bookings.forms.outcome import DoisField, OutcomeForm

__all__ = ["BookingForm", "DoisField", "InstantField", "OutcomeForm", "SlotForm"]
