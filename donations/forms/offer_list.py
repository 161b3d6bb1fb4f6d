"""What is typed around offers: filters of the lists, a file of many, a paper, a later day."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from donations.enums import Giving, OfferState
from donations.forms.need_filter import FilterForm
from donations.querysets.people import led_by
from portal.accounts.models import Organisation
from portal.core.files import CheckedFileField
from portal.core.forms import DayField, choose_from
from portal.core.sheets import MOST_BYTES, TOO_LARGE


class OfferFilter(FilterForm):
    """Filters of the public list; what makes no sense finds nothing and is said."""

    giving = forms.ChoiceField(label=_("Gift or loan"), required=False, choices=[("", _("Either")), *Giving.choices])


class OwnOfferFilter(forms.Form):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *OfferState.choices])


class ManyForm(forms.Form):
    """A file of many offers."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Up to 500 rows and 1 MB, in UTF-8; commas, semicolons or tabs between the cells."),
        widget=forms.ClearableFileInput({"accept": ".csv,text/csv"}),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )
    organisation: Any = forms.ModelChoiceField(
        label=_("In the name of"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("No organisation: I give it myself"),
    )

    def __init__(self, person: Any, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        choose_from(self, "organisation", Organisation.objects.filter(pk__in=led_by(person)))

    def clean_file(self) -> Any:
        """Refused before it is read where it is too large."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE, code="too_large")
        return file


class PaperForm(forms.Form):
    title = forms.CharField(
        label=_("What it is"),
        max_length=120,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=_("Such as “Certificate of the functional test”."),
        error_messages={"required": _("Say what the file is.")},
    )
    file = CheckedFileField(
        label=_("File"),
        help_text=_("PDF, JPEG, PNG or WebP, up to 10 MB. Only our staff read it."),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )


class ExtendForm(forms.Form):
    until = DayField(label=_("It can be had until"), error_messages={"required": _("Choose a day.")})
