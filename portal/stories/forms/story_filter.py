"""Filters of the public list of stories."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.countries import by_name
from portal.core.forms import offer
from portal.stories.enums import StoryKind


class StoryFilter(forms.Form):
    """The list's query parameters. `techniques`: rows of the tree; `codes`: ISO codes of the countries that occur."""

    q = forms.CharField(label=_("Keywords"), required=False, max_length=200, widget=forms.TextInput({"type": "search"}))
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *StoryKind.choices])
    technique = forms.ChoiceField(label=_("Technique"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, data: Any, techniques: Iterable[Any], codes: Iterable[str]) -> None:
        super().__init__(data)
        tree = sorted(techniques, key=lambda row: row.path)
        named = by_name(codes, self.data.get("country", ""))
        branches = [(row.slug, "— " * row.path.count("/") + row.name) for row in tree]
        offer(self, "technique", [("", pgettext_lazy("technique", "All")), *branches])
        offer(self, "country", [("", _("All")), *named])
