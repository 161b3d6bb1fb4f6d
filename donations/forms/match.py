"""What is typed about matches."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from donations.enums import MatchState
from donations.models import Offer
from donations.models.thing import MOST_PIECES
from portal.core.forms import choose_from


class MatchFilter(forms.Form):
    """Matches in one state, or in any."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any")), *MatchState.choices])


class ProposeForm(forms.Form):
    """An offer for a need, which the address names: which, how many, and why where it breaks a condition."""

    offer: "forms.ModelChoiceField[Offer]" = forms.ModelChoiceField(
        Offer.objects.none(), to_field_name="ref", widget=forms.HiddenInput
    )
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST_PIECES)
    override_why = forms.CharField(
        label=_("Reason to match them all the same"),
        required=False,
        max_length=300,
        help_text=_("Only where a condition is not met; it is kept with the match."),
        widget=forms.Textarea({"rows": 2, "data-count": 300}),
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose_from(self, "offer", Offer.objects.open())


class FailForm(forms.Form):
    """Why a match comes to nothing, and how many pieces are no more."""

    why = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 3, "data-count": 500}),
        error_messages={"required": _("Say why; both sides are told.")},
    )
    lost = forms.IntegerField(
        label=_("How many pieces are lost for good"), min_value=0, max_value=MOST_PIECES, initial=0
    )
