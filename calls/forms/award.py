"""What is typed about awards."""

from operator import attrgetter
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.enums import AwardKind
from calls.models import Call
from instruments.models import Instrument
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Organisation, User
from portal.core.forms import AddressField, DayField, HoursField, choose_from


class GrantForm(forms.Form):
    """Hours, a place or a need for somebody; the action says what does not fit together."""

    kind = forms.ChoiceField(label=_("What it gives"), choices=AwardKind.choices, required=False)

    title = forms.CharField(label=_("Title"), max_length=160, help_text=_("The project, as its people call it"))
    holder = AddressField(label=_("Holder's email address"))
    organisation: Any = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    instrument: Any = forms.ModelChoiceField(
        label=_("Instrument"), queryset=Instrument.objects.none(), required=False, help_text=_("Of instrument time")
    )
    call: Any = forms.ModelChoiceField(label=_("Call"), queryset=Call.objects.none(), required=False)
    hours = HoursField(label=_("Hours"), required=False, help_text=_("Of instrument time"))
    valid_from = DayField(label=_("First day"))
    valid_until = DayField(label=_("Last day"), help_text=_("On the instrument's clock, this day included"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        verified = Organisation.objects.filter(state=OrganisationState.VERIFIED)
        choose_from(self, "organisation", verified, attrgetter("known_as"))
        choose_from(self, "instrument", Instrument.objects.public())
        choose_from(self, "call", Call.objects.listed())

    def clean_holder(self) -> User:
        holder = User.objects.filter(email__iexact=self.cleaned_data["holder"], is_active=True).first()
        if holder is None:
            raise forms.ValidationError(_("Nobody has an account under this address."), code="unknown")
        return holder

    def arguments(self) -> dict[str, Any]:
        """The cleaned input as arguments of the action."""
        typed = dict(self.cleaned_data)
        minutes = typed.pop("hours") or 0
        kind = typed["kind"] or AwardKind.HOURS
        if kind != AwardKind.HOURS:
            return typed | {"kind": kind, "minutes": 0, "instrument": None}
        return typed | {"kind": kind, "minutes": minutes}


class MemberForm(forms.Form):
    email = AddressField(label=_("Email address of the researcher"))


class AdjustForm(forms.Form):
    """Hours more or less, and why."""

    hours = HoursField(
        label=_("Hours to add"), min_value=-100_000, help_text=_("With a minus sign to take hours away, such as -1.5")
    )
    why = forms.CharField(
        label=_("Reason"), max_length=200, error_messages={"required": _("Say why; the holder reads it in the ledger.")}
    )


class PriorityForm(forms.Form):
    """How soon the award is served from the waiting list, and why."""

    priority = forms.IntegerField(label=_("Priority"), min_value=0, max_value=9, help_text=_("0 to 9; most have 0"))
    why = forms.CharField(label=_("Reason"), max_length=200, error_messages={"required": _("Say why.")})
