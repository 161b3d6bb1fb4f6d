"""What the desk's list of awards is narrowed by."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.enums import AwardKind, AwardState
from calls.models import Award, Call
from instruments.models import Instrument
from portal.core.forms import choose_from, offer

ALL = ("", _("All"))


class AwardFilterForm(forms.Form):
    """Everything is optional; nonsense narrows nothing."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[])
    kind = forms.ChoiceField(label=_("What it gives"), required=False, choices=[])
    instrument: Any = forms.ModelChoiceField(
        label=_("Instrument"), queryset=Instrument.objects.none(), required=False, empty_label=_("All")
    )
    call: Any = forms.ModelChoiceField(
        label=_("Call"), queryset=Call.objects.none(), required=False, empty_label=_("All")
    )
    overdue = forms.BooleanField(label=_("Overdue reports only"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "state", [ALL, *AwardState.choices])
        offer(self, "kind", [ALL, *AwardKind.choices])
        choose_from(self, "instrument", Instrument.objects.filter(awards__isnull=False).distinct().order_by("name"))
        choose_from(self, "call", Call.objects.filter(awards__isnull=False).distinct().order_by("-closes_at"))

    def rows(self, day: date) -> Any:
        """The queryset of awards asked for; `day` is the one by which reports are overdue."""
        self.is_valid()  # what is no choice is missing from the cleaned input
        awards, typed = Award.objects.all(), self.cleaned_data
        for name in ("state", "kind", "instrument", "call"):
            if value := typed.get(name):
                awards = awards.filter(**{name: value})
        return awards.overdue_on(day) if typed.get("overdue") else awards
