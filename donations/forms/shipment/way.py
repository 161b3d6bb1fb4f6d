"""On the way: sent, seen, given up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.forms import DayField

LONGEST_REASON = 500


def reason(hint: str = "") -> forms.CharField:
    """Why: read by everybody concerned."""
    return forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=hint,
        widget=forms.Textarea({"rows": 3, "data-count": LONGEST_REASON, "dir": "auto"}),
        error_messages={"required": _("Say why; those concerned are told.")},
    )


class SendForm(forms.Form):
    sent_on = DayField(label=_("Sent on"))
    carrier = forms.CharField(label=_("Carrier"), max_length=100, required=False)
    tracking = forms.CharField(label=_("Tracking number"), max_length=100, required=False)
    expected_on = DayField(label=_("Expected on"), required=False)


class EventForm(forms.Form):
    """A line of tracking, on the reader's clock."""

    at = forms.DateTimeField(
        label=_("When"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    place = forms.CharField(
        label=pgettext_lazy("on the map", "Place"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"dir": "auto"}),
    )
    words = forms.CharField(label=_("What happened"), max_length=300, widget=forms.TextInput({"dir": "auto"}))


class TrackingFileForm(forms.Form):
    """A carrier's CSV; `leave_out` takes the good lines of a file with faults."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Columns when, place, what; up to 500 lines. Times without an offset are on your clock."),
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
        error_messages={"empty": _("This file is empty.")},
    )
    leave_out = forms.BooleanField(label=_("Leave out lines with faults"), required=False)


class AbandonForm(forms.Form):
    """Why it is given up; of what is held on its way also where it goes."""

    def __init__(self, *args: Any, is_held: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_held:
            self.fields["goes_back"] = forms.ChoiceField(
                label=_("What becomes of it"),
                choices=[("yes", _("It goes back to the donor")), ("no", _("It is lost for good"))],
                widget=forms.RadioSelect,
            )
        self.fields["why"] = reason(str(_("Both sides read it.")))

    @property
    def goes_back(self) -> bool:
        return bool(self.cleaned_data.get("goes_back") == "yes")
