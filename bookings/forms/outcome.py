"""What people type about what came of an award."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.actions.outcome import STORY_CONSENT
from portal.core.dois import DoisField


class OutcomeForm(forms.Form):
    """What came of an award; zero is a good answer too."""

    summary = forms.CharField(
        label=_("What came of it"),
        max_length=4000,
        widget=forms.Textarea({"rows": 6, "data-count": 4000}),
        help_text=_("What you found, what did not work, what comes next"),
    )
    structures_solved = forms.IntegerField(label=_("Structures solved"), min_value=0, max_value=100_000, initial=0)
    dois = DoisField(
        label=_("DOIs of publications and data"), required=False, max_length=12_000, help_text=_("One a line")
    )
    theses = forms.IntegerField(label=_("Theses"), min_value=0, max_value=10_000, initial=0)
    people_trained = forms.IntegerField(label=_("People trained"), min_value=0, max_value=100_000, initial=0)
    women_trained = forms.IntegerField(label=_("Women among them"), min_value=0, max_value=100_000, initial=0)
    data_url = forms.URLField(
        label=_("Where the data are"), required=False, max_length=500, assume_scheme="https", help_text=_("An address")
    )
    may_become_story = forms.BooleanField(label=STORY_CONSENT, required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("women_trained", 0) > typed.get("people_trained", 0) and not self.errors:
            self.add_error("women_trained", _("There cannot be more women than people."))
        return typed
