"""Certificates as they are typed: given, renewed, looked up by their code."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from instruments.forms.training import SubjectForm
from portal.core.forms import AddressField


class UntilField(forms.DateField):
    """The last day on which a certificate holds; empty: without end."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Valid until"),
            required=False,
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            help_text=_("The last day. Leave it empty for a certificate without end."),
        )


class CertificateForm(SubjectForm):
    """A certificate without a training: for people whom the laboratory knows to be able."""

    email = AddressField(
        label=_("Address of the person’s account"), max_length=254, widget=forms.EmailInput({"autocomplete": "off"})
    )
    valid_until = UntilField()
    field_order = ["email", "instrument", "technique", "organisation", "valid_until"]


class RenewForm(forms.Form):
    valid_until = UntilField()


class CodeForm(forms.Form):
    """A code as somebody reads it off a certificate: blanks and small letters do no harm."""

    code = forms.CharField(
        label=_("Code of the certificate"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).replace("-", "").upper()


class GivenFilterForm(forms.Form):
    """Which of the certificates that a laboratory gave."""

    standing = forms.ChoiceField(
        label=_("Which"),
        required=False,
        choices=[
            ("", _("All")),
            ("valid", _("Valid")),
            ("ending", _("Ending within 30 days")),
            ("ended", _("Ended")),
            ("revoked", _("Revoked")),
        ],
    )
    q = forms.CharField(label=_("Name or code"), required=False, max_length=150)

    @property
    def wanted(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else {}
