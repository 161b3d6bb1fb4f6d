"""A file that goes with a call."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.files import PDF, CheckedFileField


class DocumentForm(forms.Form):
    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("What readers see, such as: Rules of the call.")
    )
    file = CheckedFileField(
        label=_("File"), kinds=(PDF,), help_text=_("A PDF of up to 10 MB, without scripts or password.")
    )
