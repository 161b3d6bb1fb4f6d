"""Filters of the public lists of needs and of offers."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from donations.enums import Purpose
from portal.core.countries import by_name
from portal.core.forms import offer


class FilterForm(forms.Form):
    """`categories`: rows with `slug` and `name`; `codes`: ISO codes of the countries that occur."""

    q = forms.CharField(label=_("Keywords"), required=False, max_length=200, widget=forms.TextInput({"type": "search"}))
    category = forms.ChoiceField(label=_("Category"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, data: Any, categories: Iterable[Any], codes: Iterable[str]) -> None:
        super().__init__(data)
        named = by_name(codes, self.data.get("country", ""))
        offer(self, "category", [("", _("All categories")), *((row.slug, row.name) for row in categories)])
        offer(self, "country", [("", _("All countries")), *named])


class NeedFilterForm(FilterForm):
    purpose = forms.ChoiceField(
        label=_("Used for"), required=False, choices=[("", _("Teaching or research")), *Purpose.choices]
    )
