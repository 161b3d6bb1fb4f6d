"""What people type about what came of an award."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bookings.actions.outcome import STORY_CONSENT


class DoisField(forms.CharField):
    """DOIs one a line, as a name or as an address; cleaned to a list of names such as `10.1107/S2052252526001234`.

    Source of the form: https://www.crossref.org/blog/dois-and-matching-regular-expressions/
    """

    widget = forms.Textarea({"rows": 3})
    SHAPE = re.compile(r"^10\.\d{4,9}/[^\s<>\"]{1,180}$")
    BEFORE = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
    MOST = 50

    def clean(self, value: Any) -> list[str]:
        names = [self.BEFORE.sub("", line.strip()) for line in super().clean(value).splitlines() if line.strip()]
        if wrong := next((name for name in names if not self.SHAPE.match(name)), None):
            sentence = _("“%(line)s” is no DOI. Write one a line, such as 10.1107/S2052252526001234.")
            raise ValidationError(sentence, code="doi", params={"line": wrong[:60]})
        if len(names) > self.MOST:
            raise ValidationError(_("Name at most %(number)s DOIs."), code="many", params={"number": self.MOST})
        return list({name.lower(): name for name in names}.values())


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
