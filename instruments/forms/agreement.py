"""What is typed about agreements: their words and days by staff, the signature by the laboratory."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from instruments.actions.agreement import FIELDS, version_of
from instruments.agreement_words import usual_gifts
from instruments.enums import AgreementState
from instruments.models import Agreement, Instrument
from portal.core.forms import DayField, HoursField

TEXT_LENGTH = 4000
YEAR = timedelta(days=365)
HOURS_OF_A_YEAR = 8784


class AgreementForm(forms.Form):
    """The words and days of a draft; for a new one what the laboratory proposed and a year from today stand in it."""

    laboratory_gives = forms.CharField(
        label=_("What the laboratory provides"),
        max_length=TEXT_LENGTH,
        help_text=_("Hours, who is there, consumables, what it asks of users."),
        widget=forms.Textarea({"rows": 6, "data-count": TEXT_LENGTH, "dir": "auto"}),
    )
    programme_gives = forms.CharField(
        label=_("What the programme provides"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 6, "data-count": TEXT_LENGTH, "dir": "auto"}),
    )
    minutes_a_year = HoursField(
        label=_("Hours a year"),
        required=False,
        min_value=1,
        max_value=HOURS_OF_A_YEAR,
        help_text=_("Leave it empty where no number is agreed."),
    )
    starts_on = DayField(label=_("From"))
    ends_on = DayField(
        label=_("Until and including"),
        help_text=_("Both sides are reminded 90 and 30 days before, on the laboratory’s calendar."),
    )
    version = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, agreement: Agreement | None = None, instrument: Instrument) -> None:
        super().__init__(data, initial=_held(agreement) if agreement else _new(instrument))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and first >= last:
            self.add_error("ends_on", _("The last day comes after the first."))
        return values

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, as the actions take it."""
        return {name: self.cleaned_data[name] for name in FIELDS}


def _held(agreement: Agreement) -> dict[str, Any]:
    return {name: getattr(agreement, name) for name in FIELDS} | {"version": version_of(agreement)}


def _new(instrument: Instrument) -> dict[str, Any]:
    today = timezone.now().astimezone(instrument.zone).date()
    gifts = {"laboratory_gives": instrument.proposal, "programme_gives": usual_gifts()}
    return gifts | {"starts_on": today, "ends_on": today + YEAR}


class SignForm(forms.Form):
    """An operator agrees in somebody's name."""

    signatory = forms.CharField(
        label=_("Who signs for the laboratory"),
        max_length=200,
        help_text=_("Name and function of the person who may bind it, such as the head of the institute."),
        widget=forms.TextInput({"dir": "auto"}),
        error_messages={"required": _("Say who signs for the laboratory.")},
    )
    is_entitled = forms.BooleanField(
        label=_("This person has read the agreement and agrees, and I may say so for the laboratory."),
        error_messages={"required": _("Confirm that this person agrees.")},
    )


class AgreementFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *AgreementState.choices]
    )
    ending = forms.BooleanField(label=_("Only those that end within 90 days"), required=False)
