"""What people type about bookings, samples and outcomes; nothing here writes."""

from bookings.forms.booking import BookingForm, InstantField, OverrideForm, ParticipantsForm, SlotForm
from bookings.forms.dataset import DatasetForm, KeepForm, SendForm
from bookings.forms.free import FreeTimeForm
from bookings.forms.outcome import DoisField, OutcomeForm
from bookings.forms.room import GuestForm, ReportForm, ReturnForm, SayForm
from bookings.forms.sample import SampleForm, ShipForm
from bookings.forms.series import ChosenForm, RepeatForm
from bookings.forms.standby import StandbyForm
from bookings.forms.waitlist import WaitForm

__all__ = [
    "BookingForm",
    "ChosenForm",
    "DatasetForm",
    "DoisField",
    "FreeTimeForm",
    "GuestForm",
    "InstantField",
    "KeepForm",
    "OutcomeForm",
    "OverrideForm",
    "ParticipantsForm",
    "RepeatForm",
    "ReportForm",
    "ReturnForm",
    "SampleForm",
    "SayForm",
    "SendForm",
    "ShipForm",
    "SlotForm",
    "StandbyForm",
    "WaitForm",
]
