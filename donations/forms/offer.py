"""The sections of an offer. They clean what was typed; actions write."""

from collections.abc import Callable
from copy import copy
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from donations import offer_bounds as bounds
from donations.actions.offer.features import category_of, write_features
from donations.features import Feature, features_of
from donations.forms.section import LanguageField, SectionForm
from donations.models import Offer
from donations.offer_steps import lacks_of
from donations.offer_words import PIECES, tongues
from donations.querysets.people import led_by
from donations.steps import Step
from portal.accounts.models import Organisation
from portal.core.forms import choose_from

PREFIX = "feature_"
VOLTAGES = ("voltage_low", "voltage_high")
CHOOSE = _("Choose")


class OfferSection(SectionForm):
    limits = {
        "quantity": (1, 1000),
        "voltage_low": bounds.VOLTS,
        "voltage_high": bounds.VOLTS,
        "power_watts": bounds.WATTS,
        "length_cm": bounds.CENTIMETRES,
        "width_cm": bounds.CENTIMETRES,
        "height_cm": bounds.CENTIMETRES,
        "value_eur": bounds.EUROS,
        "running_eur": bounds.EUROS,
        "loan_months": bounds.MONTHS,
    }

    def __init__(self, thing: Offer, step: Step, data: Any = None, *, later: bool = False) -> None:
        self.is_later = later
        super().__init__(thing, step, data, later=later)

    def clean(self) -> dict[str, Any]:
        """What cannot be true together is said at its field, and left out of what is saved while typing.

        What one answer asks of another is said where the section is to be finished.
        """
        for name, sentence in bounds.contradictions(self.cleaned_data):
            self.add_error(name, sentence)
        if not self.is_later:
            for name, sentence in lacks_of(self._as_typed(), self.step.name):
                if name not in self.errors:
                    self.add_error(name, sentence)
        return self.cleaned_data

    def _as_typed(self) -> Offer:
        """The offer as it would be, for questions about it; never saved."""
        offer = copy(self.thing)
        for name, value in self.columns().items():
            setattr(offer, name, value)
        return offer

    def columns(self) -> dict[str, Any]:
        """Without voltages that would contradict what is stored of the other one."""
        typed = super().columns()
        held = {name: getattr(self.thing, name) for name in VOLTAGES}
        if any(name in VOLTAGES for name, _sentence in bounds.contradictions(held | typed)):
            return {name: value for name, value in typed.items() if name not in VOLTAGES}
        return typed


class ThingForm(OfferSection):
    language = LanguageField()
    sentences = {
        "category": _("Choose a category."),
        "title": _("Say in a few words what it is."),
    }
    hints = {
        "title": _("Such as “Bench centrifuge, 24 places”. Everybody reads it."),
        "serials": _("One a line. Only our staff, and customs when it travels, read them."),
        "quantity": _("How many of the same. Different ones are offers of their own."),
    }

    def prepare(self, thing: Offer) -> None:
        first, last = bounds.year_bounds()
        self.fields["year"] = forms.IntegerField(
            label=self.fields["year"].label, required=False, min_value=first, max_value=last
        )
        self.fields["category"].empty_label = CHOOSE  # type: ignore[attr-defined] # a choice of rows

    def clean_language(self) -> str:
        """Always one: where nothing was chosen, the one it had."""
        return self.cleaned_data["language"] or self.thing.language


class ConditionForm(OfferSection):
    """With what can be compared, which depends on the category; what cannot be understood stays as it was."""

    widgets = {"condition": forms.RadioSelect}
    sentences = {"condition": _("Choose what comes closest.")}
    hints = {
        "faults": _("What does not work, or not as it should. Be frank: it decides who can use it."),
        "description": _("What a laboratory has to know that is not asked elsewhere."),
    }

    def prepare(self, thing: Offer) -> None:
        kept = dict(thing.features.values_list("feature", "value")) if thing.pk else {}
        for feature in self.own_features():
            self.fields[PREFIX + feature.key] = _field_of(feature)
            if feature.key in kept:
                self.initial[PREFIX + feature.key] = kept[feature.key] if feature.is_number else True

    def own_features(self) -> list[Feature]:
        return features_of(category_of(self.thing))

    def beside(self) -> Callable[[Offer], bool]:
        said: dict[str, Decimal | None] = {}
        for feature in self.own_features():
            name = PREFIX + feature.key
            typed = (self.initial if name in self.errors else self.cleaned_data).get(name)
            if typed not in (None, False):
                said[feature.key] = typed if feature.is_number else None
        return lambda offer: write_features(offer, said)


class TestForm(OfferSection):
    widgets = {"decontaminated": forms.RadioSelect, "data_wiped": forms.RadioSelect}
    sentences = {
        "decontaminated": _("Say whether it is decontaminated."),
        "data_wiped": _("Say whether data are wiped from it."),
    }
    hints = {
        "tested_on": _("The day on which somebody last saw it do what it is for. What is new needs no test."),
        "test_method": _("What was measured, and how. A certificate can be added under papers."),
        "data_wiped": _("Results, names, passwords. Most small equipment holds none."),
    }


class SupplyForm(OfferSection):
    frequencies = forms.TypedMultipleChoiceField(
        label=_("Mains frequencies"),
        choices=[(value, f"{value} Hz") for value in bounds.FREQUENCIES],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    plug = forms.ChoiceField(
        label=_("Plug type"),
        choices=[("", _("Not known")), *((letter, letter) for letter in bounds.PLUGS)],
        help_text=_("The letter of the IEC: A and B in North America, C, E and F in Europe, G in Britain."),
    )
    weight_kg = forms.DecimalField(
        label=_("Weight"),
        min_value=bounds.KILOGRAMS[0],
        max_value=bounds.KILOGRAMS[1],
        decimal_places=2,
        widget=forms.NumberInput({"step": "any"}),
    )
    sentences = {"weight_kg": _("Say what one piece weighs; a bathroom scale will do.")}
    hints = {
        "needs_mains": _("If not, the next four questions do not matter."),
        "voltage_low": _("In volts, from the plate on its back: 220–240 V is 220 here and 240 below."),
        "weight_kg": _("In kilograms, of one piece without packing."),
        "length_cm": _("In centimetres, as are width and height."),
    }


class ExtrasForm(OfferSection):
    manual_languages = forms.MultipleChoiceField(
        label=_("Languages of the manuals"), choices=tongues, widget=forms.CheckboxSelectMultiple
    )


class PlaceForm(OfferSection):
    widgets = {"giving": forms.RadioSelect}
    countries = forms.MultipleChoiceField(
        label=_("Only to these countries"),
        choices=lambda: list(countries),
        help_text=_("Choose none unless your rules ask for it: then it may go anywhere."),
        widget=forms.SelectMultiple({"size": 8}),
    )
    sentences = {
        "country": _("Choose the country where it stands."),
        "city": _("Say in which town it stands."),
        "pick_up": _("Say where a carrier fetches it."),
    }
    hints = {
        "pick_up": _("The address and what a carrier has to know. Only the people of its shipment read it."),
        "available_until": _("The offer expires then, a year after vetting at the latest; you are reminded before."),
        "freight": _("What you can say today. It is settled before anything is sent."),
    }


class RightsForm(OfferSection):
    is_owner = forms.BooleanField(label=_("I may give it away: it is mine, or its owner has agreed"))
    sentences = {
        "value_eur": _("Say what it is worth today; customs ask for it."),
        "running_eur": _("Say what a year of running it costs; zero where it costs nothing."),
    }
    hints = {
        "organisation": _("Leave it empty if you give it yourself."),
        "value_eur": _("In euros, one piece as it is."),
        "running_eur": _("In euros: service, consumables and power, about."),
        "export_class": _("Such as EAR99 or a number of the EU’s dual-use list, if you know it. Only staff read it."),
        "end_use": _("What it may not be used for, if your rules say so. Only staff read it."),
    }

    def prepare(self, thing: Offer) -> None:
        led = Organisation.objects.filter(pk__in=led_by(thing.donor))
        choose_from(self, "organisation", led | Organisation.objects.filter(pk=thing.organisation_id or 0))
        self.fields["organisation"].empty_label = _("No organisation")  # type: ignore[attr-defined] # as above


def _field_of(feature: Feature) -> forms.Field:
    label = capfirst(str(feature.label))
    if not feature.is_number:
        return forms.BooleanField(label=label, required=False)
    least, most = bounds.FEATURE_VALUES
    return forms.DecimalField(
        label=label if feature.unit == PIECES else f"{label} ({feature.unit})",
        required=False,
        min_value=least,
        max_value=most,
        decimal_places=3,
        widget=forms.NumberInput({"step": "any"}),
    )


FORMS: dict[str, type[SectionForm]] = {
    "thing": ThingForm,
    "condition": ConditionForm,
    "test": TestForm,
    "supply": SupplyForm,
    "extras": ExtrasForm,
    "place": PlaceForm,
    "rights": RightsForm,
}
