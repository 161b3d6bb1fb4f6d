"""What people type about bookings, samples and outcomes; nothing here writes."""

from bookings.forms.booking import BookingForm, InstantField, OverrideForm, SlotForm
from bookings.forms.free import FreeTimeForm
from bookings.forms.outcome import DoisField, OutcomeForm
from bookings.forms.sample import SampleForm, ShipForm
from bookings.forms.waitlist import WaitForm

__all__ = [
    "BookingForm",
    "DoisField",
    "FreeTimeForm",
    "InstantField",
    "OutcomeForm",
    "OverrideForm",
    "SampleForm",
    "ShipForm",
    "SlotForm",
    "WaitForm",
]
