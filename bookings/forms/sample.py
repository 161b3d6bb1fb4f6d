"""What people type about samples."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.actions.sample import COLUMNS
from bookings.models import Booking, Sample
from calls.enums import Hazard
from calls.models import Award
from portal.core import times
from portal.core.forms import choose_from


class BookingChoiceField(forms.ModelChoiceField):
    """A booking by its time on the reader's clock."""

    def label_from_instance(self, obj: Booking) -> str:
        zone = timezone.get_current_timezone()
        return f"{times.day_text(obj.start, zone)}, {times.span_text(obj.start, obj.end, zone)} ({obj.ref})"


class SampleForm(forms.ModelForm):
    """The columns of a sample, and the booking in which it is measured; an action writes them."""

    hazards = forms.MultipleChoiceField(
        label=_("Hazards"),
        choices=Hazard.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick all that apply; none ticked means that you know of none."),
    )
    booking = BookingChoiceField(
        Booking.objects.none(), label=_("Booking"), required=False, empty_label=_("No booking yet")
    )

    class Meta:
        model = Sample
        fields = [*COLUMNS, "booking"]
        help_texts = {
            "label": _("As it is written on the container."),
            "composition": _("Formula or what it consists of."),
            "quantity": _("Such as “3 crystals, 0.1 mm”."),
        }

    def __init__(self, award: Award, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = award.bookings.active().in_order()
        if self.instance.booking_id:
            rows = rows | award.bookings.filter(pk=self.instance.booking_id)
        choose_from(self, "booking", rows)

    def columns(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in COLUMNS}


class ShipForm(forms.Form):
    carrier = forms.CharField(label=_("Carrier"), max_length=100, required=False)
    tracking = forms.CharField(label=_("Tracking number"), max_length=100, required=False)
    expected_on = forms.DateField(
        label=_("Expected on"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
