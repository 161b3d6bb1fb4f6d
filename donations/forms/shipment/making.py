"""What is in a shipment, in which parcels, under which terms, and who pays."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from donations.actions.shipment import Packed
from donations.actions.shipment.making import DETAILS
from donations.enums import Incoterm, Payer
from donations.models import Match, Parcel, Pledge, Quotation, Shipment
from portal.core.forms import DayField, choose_from

HEAVIEST_KG, LONGEST_CM = Decimal(20_000), 1_500
MOST_EUR = 1_000_000


class MatchChoices(forms.ModelMultipleChoiceField):
    """Accepted matches by what is given, how many, and for which need."""

    def label_from_instance(self, obj: Match) -> str:
        return f"{obj.quantity} × {obj.offer} → {obj.need}"


class MakeForm(forms.Form):
    """Which of the accepted matches between a donor and an organisation go together."""

    matches = MatchChoices(
        Match.objects.none(),
        label=_("What is in it"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what is in the shipment.")},
    )

    def __init__(self, rows: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "matches", rows)


class DetailsForm(forms.ModelForm):
    """Addresses, terms and the carrier; an action writes them."""

    incoterm = forms.ChoiceField(
        label=_("Incoterm"),
        choices=[("", _("Not agreed yet")), *Incoterm.choices],
        required=False,
        help_text=_("Who carries the cost and the risk up to which place: Incoterms 2020."),
    )
    hs_code = forms.CharField(
        label=_("HS code"),
        required=False,
        max_length=12,
        validators=[RegexValidator(r"^\d{4,10}(\.\d{2}){0,3}$", _("An HS code is 6 to 10 digits, such as 8421.19."))],
        help_text=_("Of the customs tariff, such as 8421.19 for a centrifuge."),
    )
    expected_on = DayField(label=_("Expected on"), required=False)

    class Meta:
        model = Shipment
        fields = DETAILS
        help_texts = {"dangerous": _("Such as lithium batteries or gas under pressure. Empty: none.")}
        widgets = {
            "pick_up": forms.Textarea({"rows": 3, "dir": "auto"}),
            "deliver_to": forms.Textarea({"rows": 3, "dir": "auto"}),
        }

    def columns(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in DETAILS}


class ParcelForm(forms.Form):
    """A parcel on the scales, and how many pieces of each match are in it."""

    packing = forms.CharField(
        label=_("Packing"), required=False, max_length=60, help_text=_("Such as wooden crate or carton on a pallet.")
    )
    weight_kg = forms.DecimalField(
        label=_("Weight, packed, in kilograms"), min_value=Decimal("0.01"), max_value=HEAVIEST_KG, decimal_places=2
    )
    length_cm = forms.IntegerField(label=_("Length in centimetres"), min_value=1, max_value=LONGEST_CM)
    width_cm = forms.IntegerField(label=_("Width in centimetres"), min_value=1, max_value=LONGEST_CM)
    height_cm = forms.IntegerField(label=_("Height in centimetres"), min_value=1, max_value=LONGEST_CM)

    def __init__(self, matches: list[Match], *args: Any, parcel: Parcel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = {line.match_id: line.quantity for line in parcel.lines.all()} if parcel else {}
        if parcel:
            self.initial = {name: getattr(parcel, name) for name in self.fields}
        for match in matches:
            self.fields[f"line_{match.pk}"] = forms.IntegerField(
                label=_("Pieces of “%(thing)s”") % {"thing": match.offer},
                help_text=_("Of %(number)d") % {"number": match.quantity},
                min_value=0,
                max_value=match.quantity,
                required=False,
                initial=lines.get(match.pk, 0 if parcel else match.quantity),
            )

    def packed(self) -> Packed:
        typed = self.cleaned_data
        lines = {
            int(name.removeprefix("line_")): number or 0 for name, number in typed.items() if name.startswith("line_")
        }
        sizes = {name: typed[name] for name in ("weight_kg", "length_cm", "width_cm", "height_cm", "packing")}
        return Packed(lines=lines, **sizes)


class QuotationForm(forms.ModelForm):
    amount_eur = forms.IntegerField(label=_("Price in euros"), min_value=0, max_value=MOST_EUR)
    days = forms.IntegerField(label=_("Days on the way"), required=False, min_value=0, max_value=365)
    valid_until = DayField(label=_("Valid until"), required=False)

    class Meta:
        model = Quotation
        fields = ["carrier", "amount_eur", "days", "valid_until", "note"]


class FundForm(forms.Form):
    """Who pays the freight; its price is asked for where no quotation says it."""

    payer = forms.ChoiceField(
        label=_("Who pays the freight"),
        choices=[choice for choice in Payer.choices if choice[0] != Payer.OPEN],
        widget=forms.RadioSelect,
    )
    pledge: "forms.ModelChoiceField[Pledge]" = forms.ModelChoiceField(
        Pledge.objects.none(),
        label=_("Pledge"),
        required=False,
        empty_label=_("No pledge"),
        help_text=_("Only where a pledge pays: its price is allotted to this shipment."),
    )
    cost_eur = forms.IntegerField(label=_("Price in euros"), required=False, min_value=0, max_value=MOST_EUR)

    def __init__(self, *args: Any, is_quoted: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "pledge", Pledge.objects.to_pay_with().select_related("donor"))
        self.fields["pledge"].label_from_instance = _pledge_in_words  # type: ignore[attr-defined]
        if is_quoted:
            del self.fields["cost_eur"]


def _pledge_in_words(pledge: Pledge) -> str:
    return f"{pledge.donor}, {pledge.left_eur} EUR ({pledge.ref})"
