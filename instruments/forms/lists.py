"""Filters of the lists."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from instruments.enums import InstrumentState
from instruments.models import Technique
from portal.core.countries import by_name
from portal.core.forms import offer


class FilterForm(forms.Form):
    """The filters of the list; what makes no sense finds nothing and is said."""

    q = forms.CharField(label=_("Keywords"), required=False, max_length=200, widget=forms.TextInput({"type": "search"}))
    technique = forms.ChoiceField(label=_("Technique"), required=False)
    country = forms.ChoiceField(label=_("Country of the laboratory"), required=False)

    def __init__(self, data: Any, techniques: QuerySet[Technique], codes: list[str]) -> None:
        super().__init__(data)
        rows = [(row.slug, f"— {row.name}" if row.parent_id else row.name) for row in techniques]
        named = by_name(codes, self.data.get("country", ""))
        offer(self, "technique", [("", _("All techniques")), *rows])
        offer(self, "country", [("", _("All countries")), *named])


class StateFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *InstrumentState.choices]
    )
    q = forms.CharField(label=_("Name or laboratory"), required=False, max_length=100)
