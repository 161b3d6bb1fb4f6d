"""What a browser measured of its line."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking
from portal.core.dates import date_format

MOST = 10_000_000
ALONE = "none"
FIGURES = ("latency", "jitter", "down", "up", "picture")


class CheckForm(forms.Form):
    """Milliseconds and kbit/s; what is missing got no result. `bookings`: those that it may be kept with."""

    booking = forms.ChoiceField(
        label=_("Keep the result with"),
        help_text=_("The laboratory of a booking sees the result too."),
    )
    latency = forms.IntegerField(min_value=0, max_value=MOST, required=False, widget=forms.HiddenInput)
    jitter = forms.IntegerField(min_value=0, max_value=MOST, required=False, widget=forms.HiddenInput)
    down = forms.IntegerField(min_value=0, max_value=MOST, required=False, widget=forms.HiddenInput)
    up = forms.IntegerField(min_value=0, max_value=MOST, required=False, widget=forms.HiddenInput)
    picture = forms.IntegerField(min_value=0, max_value=MOST, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, bookings: Iterable[Booking], **options: Any):
        super().__init__(*args, **options)
        self.bookings = {row.ref: row for row in bookings}
        choice = cast("forms.ChoiceField", self.fields["booking"])
        named = ((ref, _named(row)) for ref, row in self.bookings.items())
        choice.choices = [*named, (ALONE, _("no booking: it is for me alone"))]
        if not self.bookings:
            choice.widget, choice.initial = forms.HiddenInput(), ALONE

    def clean(self) -> dict[str, Any]:
        """Something was measured; `booking` is a row or None."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and all(cleaned.get(name) is None for name in FIGURES):
            raise forms.ValidationError(_("Nothing was measured."))
        return cleaned | {"booking": self.bookings.get(cleaned.get("booking", ""))}


def _named(booking: Booking) -> str:
    start = timezone.localtime(booking.start)
    return f"{booking.instrument.name}, {date_format(start, 'j F Y, H:i')}"
