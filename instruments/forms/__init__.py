"""What is typed about instruments: cleaned here, written by actions."""

from instruments.forms.certificate import CertificateForm, CodeForm, GivenFilterForm, RenewForm
from instruments.forms.closure import ClosureForm
from instruments.forms.describe import InstrumentForm, UnitsForm
from instruments.forms.desktop import DesktopForm
from instruments.forms.hours import HoursForm
from instruments.forms.lists import FilterForm, StateFilterForm
from instruments.forms.policy import PolicyForm
from instruments.forms.training import ManagedFilterForm, ParticipantForm, ResultsForm, TrainingForm, WishForm

__all__ = [
    "CertificateForm",
    "ClosureForm",
    "CodeForm",
    "DesktopForm",
    "FilterForm",
    "GivenFilterForm",
    "HoursForm",
    "InstrumentForm",
    "ManagedFilterForm",
    "ParticipantForm",
    "PolicyForm",
    "RenewForm",
    "ResultsForm",
    "StateFilterForm",
    "TrainingForm",
    "UnitsForm",
    "WishForm",
]
