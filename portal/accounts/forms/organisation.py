"""What is typed about organisations: entering one, and what staff do to the directory."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.forms.fields import WORDS, NameField, NamesField, country_choices
from portal.accounts.identifiers import clean_ror
from portal.accounts.models import Organisation
from portal.accounts.organisation_csv import LONGEST_SUMMARY
from portal.accounts.zones import UTC, zone_groups, zone_of_country
from portal.core.forms import choose_from, offer
from portal.core.sheets import MOST_BYTES, TOO_LARGE


class OrganisationForm(forms.Form):
    """A new organisation and what the proposer is there."""

    name = NameField(label=_("Name"), max_length=200, help_text=_("In full, as on its letterhead."))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose a kind")), *OrganisationKind.choices])
    country = forms.ChoiceField(label=_("Country"), choices=lambda: country_choices(_("Choose a country")))
    city = NameField(label=_("Town"), max_length=100, required=False)
    ror = forms.CharField(
        label=_("ROR id"),
        help_text=_(
            "Find it at ror.org. It looks like https://ror.org/03yrm5c26 and keeps one place from two entries."
        ),
        max_length=60,
        required=False,
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https", max_length=200)
    role = forms.ChoiceField(label=_("What are you there?"), choices=Role.choices, widget=forms.RadioSelect)
    is_new = forms.BooleanField(label=_("It is none of these: enter a new one"), required=False)

    def clean_ror(self) -> str:
        text = self.cleaned_data["ror"]
        return clean_ror(text) if text else ""

    def clean(self) -> dict[str, Any]:
        """Add the time zone of the country: staff correct it where a country has several."""
        values = super().clean() or {}
        if values.get("country"):
            values["time_zone"] = zone_of_country(values["country"])
        return values


class EntryForm(forms.Form):
    """All that the directory says of an organisation; `seen` is the moment of the entry that was read."""

    name = NameField(label=_("Name"), max_length=200)
    former_names = NamesField(
        label=_("Former names"),
        help_text=_("One a line. When its name changes, write the old one here: it is still found by it."),
        longest=200,
        widget=forms.Textarea({"rows": 3}),
    )
    other_names = NamesField(
        label=_("Other names and acronyms"),
        help_text=_("One a line, in any language."),
        longest=200,
        widget=forms.Textarea({"rows": 3}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    country = forms.ChoiceField(label=_("Country"), choices=lambda: country_choices(_("Choose a country")))
    city = NameField(label=_("Town"), max_length=100, required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), error_messages={"invalid_choice": _("Choose a time zone from the list.")}
    )
    ror = forms.CharField(
        label=_("ROR id"), help_text=_("It looks like https://ror.org/03yrm5c26."), max_length=60, required=False
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https", max_length=200)
    summary_en = forms.CharField(
        label=_("About it, in English"),
        help_text=_("What it does in the network, in a few sentences."),
        max_length=LONGEST_SUMMARY,
        required=False,
        widget=forms.Textarea({"rows": 5, "data-count": LONGEST_SUMMARY, "lang": "en"}),
    )
    summary_fr = forms.CharField(
        label=_("About it, in French"),
        max_length=LONGEST_SUMMARY,
        required=False,
        widget=forms.Textarea({"rows": 5, "data-count": LONGEST_SUMMARY, "lang": "fr"}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    def __init__(self, organisation: Organisation, data: Any = None) -> None:
        names = [name for name in self.base_fields if name != "seen"]
        initial = {name: getattr(organisation, name) or "" for name in names}
        super().__init__(data, initial=initial | {"seen": organisation.updated_at.isoformat()})
        offer(self, "time_zone", [*zone_groups({organisation.time_zone, UTC}, timezone.now())])

    def clean_ror(self) -> str:
        text = self.cleaned_data["ror"]
        return clean_ror(text) if text else ""


class PairForm(forms.Form):
    """Two organisations that look like one, by the address parts of their pages."""

    one: Any = forms.ModelChoiceField(queryset=Organisation.objects.all(), to_field_name="slug")
    other: Any = forms.ModelChoiceField(queryset=Organisation.objects.all(), to_field_name="slug")


class KeptForm(forms.Form):
    """Which organisation a duplicate is merged into."""

    q = forms.CharField(label=_("Name, place or ROR id"), max_length=WORDS, required=False)
    into: Any = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        to_field_name="slug",
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("Choose an organisation of the list that is verified.")},
    )

    def __init__(self, duplicate: Organisation, data: Any) -> None:
        super().__init__(data)
        choose_from(self, "into", Organisation.objects.verified().exclude(pk=duplicate.pk))


class FileForm(forms.Form):
    """A file of organisations."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Up to 2,000 rows and 1 MB, in UTF-8; commas, semicolons or tabs between the cells."),
        widget=forms.ClearableFileInput({"accept": ".csv,text/csv"}),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )
    replaces = forms.BooleanField(
        label=_("Replace what is filled already, too"),
        help_text=_("Without it, only empty fields of organisations that are entered already are filled."),
        required=False,
    )

    def clean_file(self) -> Any:
        """Refused before it is read where it is too large."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE, code="too_large")
        return file
