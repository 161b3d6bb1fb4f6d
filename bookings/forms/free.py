"""The search for free time on any of some instruments."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.policy import in_words
from portal.core.forms import DayField


class FreeTimeForm(forms.Form):
    """A technique, a length, and days `from` and `until` on the reader's calendar, both included."""

    LENGTHS = (30, 60, 120, 180, 240, 360, 480, 720, 1440, 2880, 4320, 7200)
    MOST_DAYS = 31

    def __init__(self, data: Any, techniques: Any, today: date) -> None:
        super().__init__(data)
        self.today = today
        rows = [(row.slug, f"— {row.name}" if row.parent_id else row.name) for row in techniques]
        lengths = [(str(minutes), in_words(minutes)) for minutes in self.LENGTHS]
        self.fields["technique"] = forms.ChoiceField(
            label=_("Technique"), required=False, choices=[("", _("All techniques")), *rows]
        )
        self.fields["length"] = forms.TypedChoiceField(label=_("How long"), choices=lengths, coerce=int)
        self.fields["from"] = DayField(label=_("From"))
        self.fields["until"] = DayField(label=_("Until"))
        self.fields["mine"] = forms.BooleanField(label=_("Only where I have hours"), required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        first, last = typed.get("from"), typed.get("until")
        if not first or not last:
            return typed
        if last < self.today:
            self.add_error("until", _("These days are over. Choose later ones."))
        elif last < first:
            self.add_error("until", _("The last day must not come before the first."))
        elif (last - first).days >= self.MOST_DAYS:
            self.add_error("until", _("Search at most 31 days at a time."))
        return typed
