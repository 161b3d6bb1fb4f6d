"""What a laboratory types when it proposes an instrument: where to begin, then a form for each step."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from instruments.actions.proposal import OFFER_LENGTH
from instruments.enums import AccessMode
from instruments.forms.describe import LONG_TEXT, TechniqueChoice, zones
from instruments.models import Instrument, Technique
from instruments.proposal_steps import Step, is_translated, language_of, stored, version_of
from portal.accounts.models import Organisation
from portal.core.forms import offer


def _words(label: Any, longest: int, hint: Any = "", *, rows: int = 4) -> forms.CharField:
    area = forms.Textarea({"rows": rows, "data-count": longest, "dir": "auto"})
    return _Words(label=label, help_text=hint, max_length=longest, widget=area)


class _Words(forms.CharField):
    """Long text, with line ends as one character, as in the page that counts them."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Name, town or country of the laboratory"), max_length=100, required=False)


class BeginForm(forms.Form):
    """`laboratories` are the ones on the page: the person's own and those that were found."""

    organisation = forms.ChoiceField(
        label=_("Laboratory"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the laboratory in which it stands, or look for it above.")},
    )
    name = forms.CharField(
        label=_("Name of the instrument"),
        max_length=160,
        help_text=_("As you would call it in a talk, such as “Single-crystal diffractometer”."),
        widget=forms.TextInput({"dir": "auto"}),
        error_messages={"required": _("Say what you call the instrument.")},
    )
    language = forms.ChoiceField(
        label=_("Language you write in"), choices=settings.LANGUAGES, help_text=_("One is enough. We translate.")
    )

    def __init__(self, data: Any, laboratories: list[Organisation]) -> None:
        super().__init__(data, initial={"language": get_language()})
        if len(laboratories) == 1:
            self.initial["organisation"] = laboratories[0].slug
        offer(self, "organisation", [(row.slug, _place_of(row)) for row in laboratories])


def _place_of(laboratory: Organisation) -> str:
    country = countries.name(str(laboratory.country))
    return ", ".join(str(part) for part in (laboratory.name, laboratory.city, country) if part)


class StepForm(forms.Form):
    """A step of a proposal. `later`: saved unfinished, so blanks are welcome. `version`: of the text people edit."""

    version = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, instrument: Instrument, step: Step, data: Any = None, *, later: bool = False) -> None:
        super().__init__(data, initial=stored(instrument, step) | {"version": version_of(instrument, step)})
        self.step = step
        for name in step.fields:
            self.fields[name].required = name in step.required and (not later or name == "name")
        self.prepare(instrument)
        self.order_fields([*step.fields, "version"])

    def prepare(self, instrument: Instrument) -> None:
        """What the fields offer; texts are written in the proposal's language."""
        for name in self.step.fields:
            if isinstance(self.fields[name].widget, forms.Textarea):
                self.fields[name].widget.attrs["lang"] = language_of(instrument)

    @property
    def values(self) -> dict[str, Any]:
        """What was understood, as `save_proposal` takes it; call it once the form was looked at."""
        typed = {name: self.cleaned_data[name] for name in self.step.fields if name in self.cleaned_data}
        if "techniques" in typed:
            typed["techniques"] = sorted(technique.pk for technique in typed["techniques"])
        blank = {
            name for name in ("access_mode", "language", "time_zone") if typed.get(name) == ""
        }  # they keep what they have
        return {name: value for name, value in typed.items() if name not in blank}


class AboutForm(StepForm):
    name = forms.CharField(label=_("Name of the instrument"), max_length=160, widget=forms.TextInput({"dir": "auto"}))
    language = forms.ChoiceField(
        label=_("Language you write in"),
        choices=settings.LANGUAGES,
        help_text=_("Of all three sections. Change it if you began in another one: what you wrote stays."),
    )
    techniques = TechniqueChoice(
        label=_("Techniques"),
        queryset=Technique.objects.order_by("path"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one technique.")},
    )
    maker = forms.CharField(label=_("Maker"), max_length=100)
    model = forms.CharField(label=_("Model"), max_length=100)
    access_mode = forms.ChoiceField(
        label=_("How will people work with it?"),
        choices=AccessMode.choices,
        widget=forms.RadioSelect,
        help_text=_("Many laboratories begin with observed sessions. It can be changed later."),
    )
    place = forms.CharField(label=_("Town in which it stands"), max_length=100, widget=forms.TextInput({"dir": "auto"}))
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Of the place where it stands. Opening hours are on its clock."),
        error_messages={"invalid_choice": _("Choose a time zone from the list.")},
    )

    def prepare(self, instrument: Instrument) -> None:
        super().prepare(instrument)
        offer(self, "time_zone", zones(instrument.time_zone))
        if is_translated(instrument):
            self.fields["language"].widget, self.fields["language"].disabled = forms.HiddenInput(), True


class SamplesForm(StepForm):
    summary = _words(_("In one sentence"), 300, _("What can one find out with it? It stands on its card."), rows=2)
    sample_requirements = _words(
        _("Samples it takes"), LONG_TEXT, _("Form, size, amount; hazards you refuse; whether they come back.")
    )
    specifications = _words(_("Specifications"), LONG_TEXT, _("One a line, such as “Resolution: 1.2 nm”"))
    description = _words(
        _("Description"), LONG_TEXT, _("What else a researcher wants to know before asking for time. Markdown."), rows=6
    )


class OfferForm(StepForm):
    proposal = _words(
        _("What your laboratory offers"),
        OFFER_LENGTH,
        _(
            "How many hours a month, on which days; who is at the instrument then; what it costs you and what you need "
            "from us. Only staff and your laboratory read it."
        ),
        rows=8,
    )


FORMS: dict[str, type[StepForm]] = {"instrument": AboutForm, "samples": SamplesForm, "offer": OfferForm}
