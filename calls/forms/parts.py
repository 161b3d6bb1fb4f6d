"""What is typed about samples, co-applicants, files and endorsements of an application."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.enums import Hazard, TeamRole
from calls.models import ApplicationSample
from portal.core.files import CheckedFileField
from portal.core.forms import AddressField


class SampleForm(forms.ModelForm):
    """The columns of a declared sample; an action writes them."""

    hazards = forms.MultipleChoiceField(
        label=_("Hazards"),
        choices=Hazard.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick all that apply; none ticked means that you know of none."),
    )

    class Meta:
        model = ApplicationSample
        fields = ["label", "composition", "form", "quantity", "hazards", "hazard_words", "is_return_wanted"]
        help_texts = {
            "label": _("As it is written on the container."),
            "composition": _("Formula or what it consists of."),
            "quantity": _("Such as “3 crystals, 0.1 mm”."),
        }

    def clean(self) -> dict[str, Any]:
        """Words about hazards stand beside a hazard."""
        typed = super().clean() or self.cleaned_data
        if typed.get("hazard_words") and not typed.get("hazards"):
            self.add_error("hazards", forms.ValidationError(_("Tick the hazard that you describe."), code="required"))
        return typed

    def columns(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class InviteForm(forms.Form):
    address = AddressField(label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "off"}))
    role = forms.ChoiceField(
        label=_("This person"), choices=TeamRole.choices, initial=TeamRole.VIEW, widget=forms.RadioSelect
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=TeamRole.choices)


class UploadForm(forms.Form):
    file = CheckedFileField(
        label=_("File"),
        help_text=_("PDF, JPEG, PNG or WebP, up to 10 MB."),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )


class EndorseForm(forms.Form):
    """Yes or no, and words to the applicant; the action asks for them with a no."""

    is_given = forms.TypedChoiceField(
        label=_("Does your institution stand behind this application?"),
        choices=[("True", _("Yes, we endorse it")), ("False", _("No, not as it is"))],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    note = forms.CharField(
        label=_("Words to the applicant"),
        required=False,
        max_length=1000,
        help_text=_("Needed with a no: what should change."),
        widget=forms.Textarea({"rows": 4, "data-count": 1000, "dir": "auto"}),
    )
