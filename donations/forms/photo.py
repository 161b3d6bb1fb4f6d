"""A photograph and what it shows."""

from django import forms
from django.utils.translation import gettext_lazy as _

from donations.forms.section import check_public
from portal.core.files import PICTURE, CheckedFileField


class PhotoForm(forms.Form):
    file = CheckedFileField(
        kinds=(PICTURE,),
        label=_("Photograph"),
        help_text=_("JPEG, PNG or WebP, up to 10 MB. Where and with what it was taken is removed."),
        error_messages={"required": _("Choose a picture."), "empty": _("This file is empty.")},
    )
    alt = forms.CharField(
        label=_("What it shows"),
        max_length=200,
        validators=[check_public],
        help_text=_("In a few words, for those who do not see it: “The centrifuge, lid open, rotor inside”."),
        widget=forms.TextInput({"dir": "auto"}),
        error_messages={"required": _("Say in a few words what the picture shows.")},
    )
