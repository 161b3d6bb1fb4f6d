"""Who is shown in a story, and whether they agreed."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.forms import DayField
from portal.stories.enums import ConsentForm

ELSEWHERE = [(form.value, form.label) for form in (ConsentForm.SIGNED, ConsentForm.MAIL)]


class AddConsentForm(forms.Form):
    """Somebody shown. The day may follow later."""

    name = forms.CharField(label=_("Name"), max_length=150)
    is_minor = forms.BooleanField(label=_("Under 18"), required=False)
    guardian = forms.CharField(
        label=_("Guardian who agrees"), max_length=150, required=False, help_text=_("For somebody under 18.")
    )
    form = forms.ChoiceField(
        label=_("How they agree"), choices=ELSEWHERE, widget=forms.RadioSelect, initial=ConsentForm.SIGNED
    )
    given_on = DayField(label=_("Agreed on"), required=False, help_text=_("Leave it empty until they have."))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("is_minor") and not typed.get("guardian", "").strip():
            self.add_error("guardian", _("For somebody under 18 name the guardian who agrees."))
        return typed


class GiveConsentForm(forms.Form):
    """How and when somebody named before agreed."""

    form = forms.ChoiceField(label=_("How they agreed"), choices=ELSEWHERE, initial=ConsentForm.SIGNED)
    given_on = DayField(label=_("Agreed on"))

    def __init__(self, data: Any = None, **options: Any) -> None:
        options.setdefault("initial", {"given_on": timezone.localdate()})
        super().__init__(data, **options)
