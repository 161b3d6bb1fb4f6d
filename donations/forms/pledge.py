"""What is typed about pledges."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from donations.enums import PledgeKind
from donations.models import Pledge
from donations.querysets.people import led_by
from portal.accounts.models import Organisation
from portal.core.forms import DayField, choose_from

MOST_EUR = 10_000_000
FIELDS = ("kind", "amount_eur", "words", "countries", "valid_until", "organisation")


class PledgeForm(forms.Form):
    """What somebody would give; `person` is the donor."""

    kind = forms.ChoiceField(
        label=_("What would you give?"),
        choices=PledgeKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose money, mobility or expertise.")},
    )
    amount_eur = forms.IntegerField(
        label=_("Amount in euros"),
        required=False,
        min_value=1,
        max_value=MOST_EUR,
        help_text=_("Asked for money; for the rest what it is worth, if you know. No payment is taken here."),
    )
    words = forms.CharField(
        label=_("In your words"),
        max_length=2000,
        help_text=_("Such as: the freight of one shipment a year; two weeks a year to service microscopes."),
        widget=forms.Textarea({"rows": 5, "dir": "auto", "data-count": 2000}),
        error_messages={"required": _("Say in a few words what you would give.")},
    )
    countries = forms.MultipleChoiceField(
        label=_("Only for these countries"),
        required=False,
        choices=lambda: list(countries),
        help_text=_("Choose none unless it matters to you: then it may help anywhere."),
        widget=forms.SelectMultiple({"size": 8}),
    )
    valid_until = DayField(
        label=_("Until"), required=False, help_text=_("The last day on which we may put it to use. Empty: no end.")
    )
    organisation: Any = forms.ModelChoiceField(
        label=_("In the name of"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("No organisation: I give it myself"),
    )

    def __init__(self, person: Any, data: Any = None, *, pledge: Pledge | None = None) -> None:
        super().__init__(data, initial={name: getattr(pledge, name) for name in FIELDS} if pledge else None)
        led = Organisation.objects.filter(pk__in=led_by(person))
        if led.exists():
            choose_from(self, "organisation", led)
        else:
            del self.fields["organisation"]

    def clean(self) -> dict[str, Any] | None:
        typed = self.cleaned_data
        if typed.get("kind") == PledgeKind.MONEY and "amount_eur" in typed and not typed["amount_eur"]:
            self.add_error("amount_eur", _("Say how many euros you pledge."))
        return typed

    def columns(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("What was settled"),
        required=False,
        max_length=2000,
        help_text=_("The donor reads it on the page of the pledge. Empty: what stands there stays."),
        widget=forms.Textarea({"rows": 4, "dir": "auto", "data-count": 2000}),
    )


class UseForm(forms.Form):
    used_for = forms.CharField(
        label=_("What it is used for"),
        max_length=300,
        help_text=_("The donor reads it."),
        widget=forms.Textarea({"rows": 3, "dir": "auto", "data-count": 300}),
        error_messages={"required": _("Say what it is used for; the donor is told.")},
    )
