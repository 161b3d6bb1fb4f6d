"""What came, counted by those who opened the parcels."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from donations.actions.shipment import Short
from donations.models import Match
from portal.core.files import PICTURE, CheckedFileField
from portal.core.forms import DayField

LONGEST_WORDS = 500


class CountForm(forms.Form):
    """Of each match, what is missing and what is broken; nothing typed means that all of it is whole."""

    words = forms.CharField(
        label=_("What came, and in which condition"),
        required=False,
        max_length=LONGEST_WORDS,
        help_text=_("Needed where something is missing or broken; the donor and we read it."),
        widget=forms.Textarea({"rows": 4, "data-count": LONGEST_WORDS, "dir": "auto"}),
    )

    def __init__(self, matches: list[Match], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matches = matches
        for match in matches:
            for name, label in (("missing", _("Missing pieces")), ("broken", _("Pieces broken beyond repair"))):
                self.fields[f"{name}_{match.pk}"] = forms.IntegerField(
                    label=label, required=False, min_value=0, max_value=match.quantity, initial=0
                )

    def lines(self) -> list[tuple[Match, forms.BoundField, forms.BoundField]]:
        return [(match, self[f"missing_{match.pk}"], self[f"broken_{match.pk}"]) for match in self.matches]

    def short(self) -> dict[int, Short]:
        typed = self.cleaned_data
        return {
            match.pk: Short(typed.get(f"missing_{match.pk}") or 0, typed.get(f"broken_{match.pk}") or 0)
            for match in self.matches
        }


class ReceiptForm(CountForm):
    received_on = DayField(label=_("Received on"))
    file = CheckedFileField(
        kinds=(PICTURE,),
        label=_("Photograph"),
        required=False,
        help_text=_("JPEG, PNG or WebP, up to 10 MB. You can add more afterwards."),
    )
    alt = forms.CharField(
        label=_("What the photograph shows"), required=False, max_length=200, widget=forms.TextInput({"dir": "auto"})
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("file") and not typed.get("alt", "").strip():
            self.add_error("alt", _("Say in a few words what the picture shows."))
        return typed


class RepairForm(CountForm):
    pass
