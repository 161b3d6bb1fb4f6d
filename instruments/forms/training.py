"""Trainings as they are typed: the course, results, who takes part."""

from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from instruments.actions.training import version_of_result, version_of_training
from instruments.enums import InstrumentState, TrainingResult, TrainingState
from instruments.forms.closure import WallTimeField
from instruments.models import Instrument, Technique, Training, TrainingPlace
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Organisation
from portal.core.forms import AddressField, choose_from
from portal.core.models import LinkField

SUMMARY = 2000
OFFERED = (InstrumentState.LISTED, InstrumentState.SUSPENDED)


class TechniqueField(forms.ModelChoiceField):
    """A technique of the tree, those below a branch set off from it."""

    def label_from_instance(self, technique: Any) -> str:
        return f"— {technique.name}" if technique.parent_id else technique.name


class SubjectForm(forms.Form):
    """An instrument or a technique, and the laboratory where that does not follow from it."""

    instrument: Any = forms.ModelChoiceField(
        label=_("Instrument"), queryset=Instrument.objects.none(), required=False, empty_label=_("No single one")
    )
    technique = TechniqueField(
        label=_("Or technique"),
        queryset=Technique.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("A certificate for a technique opens every instrument of it, and of what is below it."),
    )
    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("Laboratory"),
        queryset=Organisation.objects.none(),
        required=False,
        help_text=_("Needed with a technique alone."),
    )

    def __init__(self, user: Any, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        run = Instrument.objects.managed_by(user).filter(state__in=OFFERED)
        laboratories = Organisation.objects.filter(pk__in=run.values("organisation"), state=OrganisationState.VERIFIED)
        techniques = Technique.objects.all()
        if not user.is_staff:
            techniques = techniques.filter(instruments__in=run).distinct()
        choose_from(self, "instrument", run.order_by("name", "pk"))
        choose_from(self, "technique", techniques)
        choose_from(self, "organisation", laboratories)
        self.laboratories = list(laboratories[:2])
        if len(self.laboratories) == 1:
            del self.fields["organisation"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        instrument, technique = cleaned.get("instrument"), cleaned.get("technique")
        if bool(instrument) == bool(technique) and not self.errors:
            self.add_error("instrument", _("Choose one instrument or one technique."))
        cleaned["organisation"] = self._laboratory(instrument)
        if cleaned["organisation"] is None and not self.errors:
            self.add_error("organisation" if "organisation" in self.fields else None, _("Choose the laboratory."))
        return cleaned

    def _laboratory(self, instrument: Instrument | None) -> Organisation | None:
        """Where the instrument stands, else what was chosen, else the only one there is."""
        if instrument is not None:
            return instrument.organisation
        if len(self.laboratories) == 1:
            return self.laboratories[0]
        return cast(Organisation | None, self.cleaned_data.get("organisation"))


class TrainingForm(SubjectForm):
    """A training, its times on the clock of the laboratory."""

    title = forms.CharField(label=_("Title"), max_length=160)
    summary = forms.CharField(
        label=_("What is taught"),
        max_length=SUMMARY,
        required=False,
        widget=forms.Textarea({"rows": 5, "data-count": SUMMARY}),
    )
    starts = WallTimeField(label=_("Begins"), help_text=_("On the laboratory’s clock."))
    ends = WallTimeField(label=_("Ends"), help_text=_("On the laboratory’s clock."))
    place = forms.CharField(
        label=pgettext_lazy("where a training is", "Place"),
        max_length=160,
        required=False,
        help_text=_("A room, or that it is online."),
    )
    link = cast(
        forms.URLField,
        LinkField(max_length=500).formfield(
            label=_("Meeting link"), required=False, help_text=_("Shown to those who have a place.")
        ),
    )
    capacity = forms.IntegerField(label=_("Places"), min_value=1, max_value=500, initial=10)
    certificate_months = forms.IntegerField(
        label=_("Certificate valid for"),
        min_value=1,
        max_value=120,
        required=False,
        initial=24,
        help_text=_("Months. Leave it empty for certificates without end."),
    )
    version = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)
    field_order = ["title", "instrument", "technique", "organisation"]

    def __init__(self, user: Any, data: Any = None, training: Training | None = None, **kwargs: Any) -> None:
        self.training = training
        super().__init__(user, data, initial=(_initial(training) if training else {}) | kwargs.pop("initial", {}))
        if training is not None:
            self._keep_subject(training)

    def _keep_subject(self, training: Training) -> None:
        """The laboratory of a training stays, and what it teaches once it is published."""
        self.laboratories = [training.organisation]
        self.fields.pop("organisation", None)
        instruments = cast(forms.ModelChoiceField, self.fields["instrument"])
        instruments.queryset = Instrument.objects.filter(organisation=training.organisation, state__in=OFFERED)
        if training.state != TrainingState.DRAFT:
            del self.fields["instrument"], self.fields["technique"]

    def clean_summary(self) -> str:
        """The field before the times: what was chosen above it says on which clock they are."""
        subject = self.cleaned_data.get("instrument") or (self.training and self.training.instrument)
        laboratory = self._laboratory(None)
        place = subject or laboratory
        for name in ("starts", "ends"):
            cast(WallTimeField, self.fields[name]).zone = ZoneInfo(place.time_zone if place else "UTC")
        return str(self.cleaned_data["summary"])

    def clean(self) -> dict[str, Any]:
        if self.training is not None and "instrument" not in self.fields:
            self.cleaned_data |= {"instrument": self.training.instrument, "technique": self.training.technique}
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and starts >= ends:
            self.add_error("ends", _("The training must end after it begins."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """Columns of the model; call it on a valid form."""
        names = {"starts": "starts_at", "ends": "ends_at"}
        typed = self.cleaned_data.items()
        return {names.get(name, name): value for name, value in typed if name != "version"}


class ParticipantForm(forms.Form):
    email = AddressField(
        label=_("Address of their account"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
        help_text=_("They are told at once."),
    )


class WishForm(forms.Form):
    note = forms.CharField(
        label=_("What for"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2, "data-count": 300}),
        help_text=_("Optional: what you want to do, when it would suit you."),
    )


class ResultsForm(forms.Form):
    """How it ended for each participant; what is left open can be entered later.

    `seen_…` is the version of what stood there: colleagues who each enter some of them do not undo one another.
    """

    def __init__(self, places: list[TrainingPlace], own: int, data: Any = None) -> None:
        super().__init__(data)
        self.places = places
        for place in places:
            is_own = place.user_id == own
            name = str(place.user)
            self.fields[f"result_{place.pk}"] = forms.ChoiceField(
                label=_("Result of %(name)s") % {"name": name},
                choices=[("", _("Still open")), *TrainingResult.choices],
                required=False,
                initial=place.result,
                disabled=is_own,
                help_text=_("Nobody enters their own result: ask a colleague, or staff.") if is_own else "",
            )
            self.fields[f"note_{place.pk}"] = forms.CharField(
                label=_("Note for %(name)s") % {"name": name},
                max_length=300,
                required=False,
                initial=place.note,
                disabled=is_own,
            )
            self.fields[f"seen_{place.pk}"] = forms.CharField(
                max_length=16,
                required=False,
                initial=version_of_result(place.result, place.note),
                widget=forms.HiddenInput,
                disabled=is_own,
            )

    @property
    def seen(self) -> dict[int, str]:
        """The version of what stood there, by the place's primary key; call it on a valid form."""
        return {place.pk: self.cleaned_data[f"seen_{place.pk}"] for place in self.places}

    @property
    def results(self) -> dict[int, tuple[str, str]]:
        """(result, note) by the place's primary key, of those that were changed; call it on a valid form."""
        seen, found = self.seen, {}
        for place in self.places:
            typed = self.cleaned_data[f"result_{place.pk}"], self.cleaned_data[f"note_{place.pk}"]
            if version_of_result(*typed) != seen[place.pk]:
                found[place.pk] = typed
        return found

    def rows(self) -> list[tuple[TrainingPlace, Any, Any, Any]]:
        return [
            (place, self[f"result_{place.pk}"], self[f"note_{place.pk}"], self[f"seen_{place.pk}"])
            for place in self.places
        ]


class ManagedFilterForm(forms.Form):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *TrainingState.choices])


def _initial(training: Training) -> dict[str, Any]:
    own = ("title", "summary", "instrument", "technique", "place", "link", "capacity", "certificate_months")
    times = {"starts": training.starts_at, "ends": training.ends_at}
    here = {name: moment.astimezone(training.zone) for name, moment in times.items()}
    return {name: getattr(training, name) for name in own} | here | {"version": version_of_training(training)}
