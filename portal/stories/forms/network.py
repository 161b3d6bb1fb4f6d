"""The filters of the directory, and asking to join."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import OrganisationKind, Role
from portal.core.countries import by_name
from portal.core.forms import offer
from portal.core.search import LONGEST


class NetworkFilter(forms.Form):
    """What makes no sense is said and finds nothing."""

    q = forms.CharField(label=_("Name, place or ROR id"), max_length=LONGEST, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All kinds")), *OrganisationKind.choices], required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    hosts = forms.BooleanField(label=_("Hosts an instrument"), required=False)

    def __init__(self, data: Any, codes: Iterable[str]) -> None:
        super().__init__(data)
        offer(self, "country", [("", _("All countries")), *by_name(codes, self.data.get("country", ""))])


class JoinForm(forms.Form):
    role = forms.ChoiceField(label=_("What are you there?"), choices=Role.choices, widget=forms.RadioSelect)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])
