"""Filters of the lists of events."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.countries import by_name
from portal.core.forms import offer
from portal.stories.enums import EventKind


class EventFilter(forms.Form):
    """The public list's query parameters; `years` and `countries` are those in which there are any."""

    q = forms.CharField(label=_("Keywords"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *EventKind.choices])
    country = forms.ChoiceField(label=_("Country"), required=False)
    year = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, *args: Any, years: Iterable[int], countries: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "country", [("", _("All")), *by_name(countries, self.data.get("country", ""))])
        offer(self, "year", [("", pgettext_lazy("year", "All")), *((str(year), str(year)) for year in years)])
