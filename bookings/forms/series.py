"""The same time every week: how often, and which of the times."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.booking import InstantField, SlotForm
from bookings.series import LEAST, MOST


class RepeatForm(SlotForm):
    """A slot of the week page and how many weeks it is booked for."""

    times = forms.IntegerField(
        min_value=LEAST,
        max_value=MOST,
        label=_("How many weeks"),
    )


class InstantsField(forms.Field):
    """Several instants, each once, in order."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[datetime]:
        one = InstantField()
        return sorted({one.clean(text) for text in (value or [])[: MOST + 1]})


class ChosenForm(forms.Form):
    """The boxes of the series page."""

    chosen = InstantsField(error_messages={"required": _("Choose at least one of the times.")})
