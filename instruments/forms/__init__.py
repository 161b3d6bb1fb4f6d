"""What is typed about instruments: cleaned here, written by actions."""

from instruments.forms.closure import ClosureForm
from instruments.forms.describe import InstrumentForm, UnitsForm
from instruments.forms.hours import HoursForm
from instruments.forms.lists import FilterForm, StateFilterForm
from instruments.forms.policy import PolicyForm

__all__ = [
    "ClosureForm",
    "FilterForm",
    "HoursForm",
    "InstrumentForm",
    "PolicyForm",
    "StateFilterForm",
    "UnitsForm",
]
