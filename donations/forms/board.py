"""Filters of the desk's boards."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.core.countries import by_name
from portal.core.forms import offer


class BoardFilter(forms.Form):
    """`categories`: rows with `slug` and `name`, None where the board has none; `codes` of the countries that occur."""

    state = forms.ChoiceField(label=_("State"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, data: Any, states: Any, categories: Iterable[Any] | None, codes: Iterable[str]) -> None:
        super().__init__(data)
        named = by_name(codes)
        offer(self, "state", [("", _("All that is open")), *((s.value, capfirst(s.label)) for s in states)])
        offer(self, "country", [("", _("All countries")), *named])
        if categories is None:
            del self.fields["category"]
        else:
            offer(self, "category", [("", _("All categories")), *((row.slug, row.name) for row in categories)])
