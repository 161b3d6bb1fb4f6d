"""The sections of a need, and which organisation it is for. Forms clean what was typed; actions write."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from donations.actions.need.requirements import Wanted, drop_strangers, set_requirements
from donations.features import Feature, features_of
from donations.forms.section import LanguageField, SectionForm
from donations.models.thing import MOST_PIECES
from donations.need_steps import MAINS, is_plugged
from donations.offer_bounds import FREQUENCIES, PLUGS
from instruments.models import EquipmentCategory
from portal.accounts.models import Organisation

MOST_PEOPLE = 1_000_000
VALUES = (Decimal(-999_999), Decimal(999_999_999))  # of the columns that keep them


PARTS = ("least", "most", "must")


class StartForm(forms.Form):
    organisation: Any = forms.ModelChoiceField(
        label=_("Who needs it?"),
        queryset=Organisation.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the organisation that needs it.")},
    )

    def __init__(self, data: Any, organisations: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["organisation"]
        field.queryset = organisations
        if len(rows := list(organisations[:2])) == 1:
            self.initial["organisation"] = rows[0].pk


class WhatForm(SectionForm):
    category: Any = forms.ModelChoiceField(
        label=_("Category"),
        queryset=EquipmentCategory.objects.all(),
        empty_label=_("Choose a category"),
        error_messages={"required": _("Choose a category.")},
    )
    language = LanguageField()
    sentences = {
        "title": _("Name it in a few words, such as “Two bench centrifuges for teaching”."),
        "quantity": _("Say how many you need."),
    }
    hints = {"title": _("In a few words, such as “Two bench centrifuges for teaching”.")}
    limits = {"quantity": (1, MOST_PIECES)}

    def beside(self) -> Callable[[Any], bool]:
        """Another category has other features: what was asked of the old one goes."""
        return drop_strangers


class WhyForm(SectionForm):
    widgets = {"purpose": forms.RadioSelect}
    sentences = {
        "purpose": _("Choose what it is used for."),
        "why": _("Say what you would do with it."),
        "people": _("Say how many people would use it in a year."),
    }
    hints = {
        "why": _("What you would do with it, and what you do without it today. Donors read this."),
        "people": _("Students, researchers and technicians together; an estimate will do."),
    }
    limits = {"people": (1, MOST_PEOPLE), "women": (0, MOST_PEOPLE)}

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        people, women = typed.get("people"), typed.get("women")
        if women is not None and people is None:
            self.add_error("people", gettext("Say how many people it is of whom so many are women."))
        elif women is not None and women > people:
            self.add_error("women", gettext("There cannot be more women than people."))
        return typed

    def columns(self) -> dict[str, Any]:
        """The two numbers go together: where one cannot be understood, both stay as they were."""
        typed, together = super().columns(), {"people", "women"}
        return {name: value for name, value in typed.items() if not (name in together and together & set(self.errors))}


class MustForm(SectionForm):
    """What can be compared, feature by feature of the category, and the rest in words."""

    def prepare(self, need: Any) -> None:
        self.features = features_of(need.category.slug) if need.category else []
        self.held = {row.feature: row for row in need.requirements.all()}
        for feature in self.features:
            self._add(feature, self.held.get(feature.key))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for feature in self.features:
            least, most = typed.get(f"least_{feature.key}"), typed.get(f"most_{feature.key}")
            if least is not None and most is not None and least > most:
                self.add_error(f"most_{feature.key}", gettext("This is less than the number before it."))
        return typed

    def beside(self) -> Callable[[Any], bool]:
        wanted = [each for feature in self.features if (each := self._wanted(feature)) is not None]
        return lambda need: set_requirements(need, wanted)

    def groups(self) -> list[tuple[Feature, list[Any]]]:
        """Each feature with its fields, as the page draws them."""
        return [
            (feature, [self[f"{part}_{feature.key}"] for part in PARTS if f"{part}_{feature.key}" in self.fields])
            for feature in self.features
        ]

    def words(self) -> list[Any]:
        """The fields that belong to no feature."""
        return [self[name] for name in ("version", *self.step.fields)]

    def _add(self, feature: Feature, held: Any) -> None:
        weight = ("must" if held.is_must else "nice") if held else ""
        self.fields[f"must_{feature.key}"] = forms.ChoiceField(
            label=_("How much it matters"),
            choices=[("", _("Not asked for")), ("nice", _("Good to have")), ("must", _("A must"))],
            required=False,
            initial=weight,
        )
        if feature.is_number:
            for part, label in (("least", _("At least")), ("most", _("At most"))):
                self.fields[f"{part}_{feature.key}"] = forms.DecimalField(
                    label=f"{label} ({feature.unit})",
                    min_value=VALUES[0],
                    max_value=VALUES[1],
                    max_digits=12,
                    decimal_places=3,
                    required=False,
                    localize=True,
                    initial=_plain(getattr(held, part, None)),
                    widget=forms.TextInput({"inputmode": "decimal"}),
                )

    def _wanted(self, feature: Feature) -> Wanted | None:
        """What was said of a feature; where it cannot be understood, what it said before.

        A number without a weight is a must; a weight without a number asks nothing.
        """
        typed, held = self.cleaned_data, self.held.get(feature.key)
        if any(f"{part}_{feature.key}" in self.errors for part in PARTS):
            return Wanted(feature.key, held.least, held.most, held.is_must) if held else None
        weight = typed.get(f"must_{feature.key}", "")
        least, most = typed.get(f"least_{feature.key}"), typed.get(f"most_{feature.key}")
        if feature.is_number and least is None and most is None:
            return None
        if not feature.is_number and not weight:
            return None
        return Wanted(feature.key, least, most, weight != "nice")


class PlaceForm(SectionForm):
    frequency = forms.TypedChoiceField(
        label=_("Frequency of the mains"),
        choices=[(hertz, f"{hertz} Hz") for hertz in FREQUENCIES],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the frequency of your mains.")},
    )
    plugs = forms.MultipleChoiceField(
        label=_("Plug types"),
        choices=[(letter, letter) for letter in PLUGS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The letters of the IEC's World Plugs; all that fit your sockets."),
        error_messages={"required": _("Tick the plugs that fit your sockets.")},
    )
    sentences = {
        "voltage": _("Say the voltage of your mains, such as 230."),
        "room_words": _("Say where it would stand."),
    }
    hints = {
        "voltage": _("Volts, such as 230; for three phases 400."),
        "power_words": _("Such as how often it fails, and whether there is a stabiliser or a generator."),
        "room_words": _("Such as “Bench of the teaching laboratory, second floor, no lift”."),
        "door_width_cm": _("Centimetres."),
        "door_height_cm": _("Centimetres."),
        "most_kg": _("Kilograms."),
    }
    limits = {"voltage": (90, 480), "door_width_cm": (20, 1000), "door_height_cm": (20, 1000), "most_kg": (1, 20_000)}

    def prepare(self, need: Any) -> None:
        """Where something is plugged in, the mains have to be known."""
        for name in MAINS:
            self.fields[name].required = is_plugged(need)


class KeepingForm(SectionForm):
    sentences = {
        "run_by": _("Say who will run it."),
        "maintained_by": _("Say who will maintain it."),
        "budget_eur": _("Say what you can spend on it in a year; 0 is an answer too."),
    }
    hints = {
        "run_by": _("By their function, such as “Two technicians of the teaching laboratory”. Everybody reads this."),
        "maintained_by": _("Such as “The workshop of the faculty”. Everybody reads this."),
        "budget_eur": _("Euros a year, for consumables, power and service."),
    }
    limits = {"budget_eur": (0, 10_000_000)}


class DeliveryForm(SectionForm):
    widgets = {"customs": forms.RadioSelect}
    sentences = {
        "customs_contact": _("Say whom the carrier calls about customs."),
        "deliver_to": _("Say where it is delivered."),
        "end_use": _("Say what it is used for, as customs ask it."),
        "end_user": _("Say who uses it, as customs ask it."),
    }
    hints = {
        "customs_contact": _("Name, telephone, e-mail. Only the donor of what is sent to you sees this."),
        "deliver_to": _("As it stands on a parcel. Only the donor of what is sent to you sees this."),
        "end_use": _("Such as “Teaching of biochemistry to students”. Staff alone read this."),
        "end_user": _("Such as “Faculty of Science, Department of Biology”. Staff alone read this."),
    }


def _plain(value: Decimal | None) -> Decimal | None:
    """Without the zeros that the column adds."""
    return None if value is None else Decimal(f"{value.normalize():f}")


FORMS: dict[str, type[SectionForm]] = {
    "what": WhatForm,
    "why": WhyForm,
    "must": MustForm,
    "place": PlaceForm,
    "keeping": KeepingForm,
    "delivery": DeliveryForm,
}
