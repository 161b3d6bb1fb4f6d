"""What is said of an instrument, and the units it has."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from instruments.actions.edit import UnitLine
from instruments.models import Instrument, Technique, Unit
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Organisation
from portal.accounts.zones import UTC, zone_groups
from portal.core.drafting import theirs
from portal.core.forms import choose_from, offer

LONG_TEXT = 20_000
NEW_UNITS = 3
NAME_OF_UNIT = re.compile(r"(unit-[0-9]+)-name")  # the field of one that was stored when the form was made


class TechniqueChoice(forms.ModelMultipleChoiceField):
    """Techniques as check boxes, those below a branch set off from it."""

    def label_from_instance(self, technique: Any) -> str:
        return f"— {technique.name}" if technique.parent_id else technique.name


class InstrumentForm(forms.ModelForm):
    """All that is said of an instrument, in each language. Staff say where it stands, too (`for_staff`)."""

    techniques = TechniqueChoice(
        label=_("Techniques"), queryset=Technique.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Of the place where it stands. Opening hours are on its clock."),
        error_messages={"invalid_choice": _("Choose a time zone from the list.")},
    )
    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("Host laboratory"), queryset=Organisation.objects.none()
    )

    class Meta:
        model = Instrument
        fields = [
            "name_en", "name_fr", "summary_en", "summary_fr", "organisation", "place", "time_zone", "access_mode",
            "link", "techniques", "description_en", "description_fr", "sample_requirements_en",
            "sample_requirements_fr", "maker", "model", "specifications_en", "specifications_fr", "pidinst", "ship_to",
        ]  # fmt: skip
        labels = {
            "name_en": _("Name in English"),
            "name_fr": _("Name in French"),
            "summary_en": _("Summary in English"),
            "summary_fr": _("Summary in French"),
            "description_en": _("Description in English"),
            "description_fr": _("Description in French"),
            "sample_requirements_en": _("Samples it takes, in English"),
            "sample_requirements_fr": _("Samples it takes, in French"),
            "specifications_en": _("Specifications in English"),
            "specifications_fr": _("Specifications in French"),
        }
        help_texts = {
            "summary_en": _("One sentence."),
            "summary_fr": _("One sentence."),
        }
        widgets = {
            "summary_en": forms.Textarea({"rows": 2, "data-count": 300}),
            "summary_fr": forms.Textarea({"rows": 2, "data-count": 300}),
            "access_mode": forms.RadioSelect,
        }

    def __init__(self, *args: Any, for_staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.CharField) and field.max_length is None:
                field.max_length = LONG_TEXT
                field.validators.append(MaxLengthValidator(LONG_TEXT))
            if name.endswith("_fr"):
                field.required = False
                field.widget.attrs["lang"] = "fr"
        self.fields["name_en"].required = True  # a draft has one name at least
        offer(self, "time_zone", zones(self.instance.time_zone))
        if for_staff:
            laboratories = Organisation.objects.filter(state=OrganisationState.VERIFIED)
            choose_from(self, "organisation", laboratories)
        else:
            del self.fields["organisation"]

    def _post_clean(self) -> None:
        """Leave the row alone: the action writes it and asks the model's own validation."""


def zones(own: str) -> list[tuple[Any, Any]]:
    """The zone it has, those of laboratories and institutes here, then all others, as people call them."""
    verified = Organisation.objects.filter(state=OrganisationState.VERIFIED)
    near = {own, UTC, *verified.values_list("time_zone", flat=True)} - {""}
    return [("", _("Choose a time zone")), *zone_groups(near, timezone.now())]


class UnitForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    is_active = forms.BooleanField(label=_("In service"), required=False, initial=True)
    remove = forms.BooleanField(label=_("Remove"), required=False)


class UnitsForm:
    """The units as rows of one form each, and a few empty rows for new ones.

    A unit that came meanwhile stays as it is stored; one that went is a new one again if it is saved as typed.
    """

    def __init__(self, held: list[Unit], data: Any = None) -> None:
        names = [f"unit-{unit.pk}" for unit in held]
        typed = [name[1] for key in data or () if (name := NAME_OF_UNIT.fullmatch(key))]
        self.gone = [name for name in typed if name not in names]
        new = [*self.gone, *(f"new-{number}" for number in range(NEW_UNITS))]
        self.rows: list[tuple[Unit | None, UnitForm]] = [
            *((unit, self._form(f"unit-{unit.pk}", data, unit)) for unit in held),
            *((None, self._form(name, data)) for name in new),
        ]
        self.forms = [form for _unit, form in self.rows]
        self.fields: dict[str, forms.Field] = {}
        self.messages: list[str] = []

    def _form(self, prefix: str, data: Any, unit: Unit | None = None) -> UnitForm:
        initial = {"name": unit.name, "is_active": unit.is_active} if unit else {}
        if data is not None and unit and f"{prefix}-name" not in data:
            data = {f"{prefix}-{name}": value for name, value in initial.items()}
        return UnitForm(data, prefix=prefix, initial=initial)

    def fieldsets(self, *, both: bool = False) -> Iterator[tuple[Unit | None, list[tuple[forms.BoundField, str]]]]:
        """(the unit, its fields as `drafting.both` gives them); with what is stored of those that were stored once."""
        for unit, form in self.rows:
            held = UnitForm(prefix=form.prefix, initial=form.initial)
            shown = [form[name] for name in ("name", "is_active", *(["remove"] if unit else []))]
            beside = {"name", "is_active"} if both and (unit or form.prefix in self.gone) else set()
            yield unit, [(field, theirs(field, held[field.name]) if field.name in beside else "") for field in shown]

    def is_valid(self) -> bool:
        for unit, form in self.rows:
            if form.is_valid() and unit and not form.cleaned_data["name"].strip():
                form.add_error("name", _("Give this unit a name, or tick Remove."))
        return all(not form.errors for form in self.forms)

    def non_form_errors(self) -> list[str]:
        return self.messages

    def add_error(self, field: None, message: str) -> None:
        """Note what an action found wrong with the units together."""
        self.messages.append(message)

    @property
    def errors(self) -> bool:
        return bool(self.messages) or any(form.errors for form in self.forms if form.is_bound)

    @property
    def lines(self) -> list[UnitLine]:
        """The rows that say something; call it on a valid form."""
        return [
            UnitLine(unit.pk if unit else None, form.cleaned_data["name"].strip(), is_active, remove)
            for unit, form in self.rows
            for is_active, remove in [(form.cleaned_data["is_active"], form.cleaned_data["remove"])]
            if unit or form.cleaned_data["name"].strip()
        ]
