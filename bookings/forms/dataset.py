"""What people type about datasets."""

from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.models import Dataset
from portal.core.files import MOST_BYTES
from portal.core.forms import DayField


class DatasetForm(forms.ModelForm):
    class Meta:
        model = Dataset
        fields = ["title", "note"]
        widgets = {"note": forms.Textarea({"rows": 5, "data-count": 4000})}
        help_texts = {
            "title": _("Such as “Cu-1, full sphere at 100 K”."),
            "note": _("What the files are, and with which programs they open."),
        }


class KeepForm(forms.Form):
    """Until when a dataset is kept; the action checks the day."""

    until = DayField(label=_("Keep until"))


class SendForm(forms.Form):
    """One file in one go, for browsers without JavaScript; larger ones come in pieces."""

    file = forms.FileField(label=_("File"), allow_empty_file=True)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            most = {"most": filesizeformat(MOST_BYTES)}
            raise forms.ValidationError(
                gettext("Without JavaScript a file may have up to %(most)s.") % most, code="too_large"
            )
        return file
