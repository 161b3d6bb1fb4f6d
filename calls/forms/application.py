"""The sections of an application, each a form of what its step writes. They clean what was typed; actions write."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from calls.actions.application.parts import instruments_to_choose, most_minutes
from calls.models import Application
from calls.steps import Step, stored
from instruments.models import Instrument
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Organisation
from portal.core.forms import HoursField, choose_from
from portal.core.times import hours_text


class WordsField(forms.CharField):
    """Long text, with line ends as one character as on the page that counts them."""

    def __init__(self, longest: int, *, rows: int = 8, **options: Any) -> None:
        widget = forms.Textarea({"rows": rows, "data-count": longest, "dir": "auto"})
        super().__init__(max_length=longest, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class StepForm(forms.Form):
    """`later`: saved without being finished, so blanks are welcome. `version` is that of the text people edit."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, application: Application, step: Step, data: Any = None, *, later: bool = False) -> None:
        typed = stored(application, step) | {"version": application.version_of(step.name)}
        super().__init__(data, initial=typed)
        self.application, self.step = application, step
        self.prepare(application)
        if later:
            for field in self.fields.values():
                field.required = False

    def prepare(self, application: Application) -> None:
        """What the fields offer."""

    def columns(self) -> dict[str, Any]:
        """The cleaned columns of the step, without those that could not be understood."""
        return {name: self.cleaned_data[name] for name in self.step.fields if name in self.cleaned_data}

    @property
    def typed_version(self) -> int:
        return self.cleaned_data.get("version") or 0


class ProjectForm(StepForm):
    title = forms.CharField(
        label=_("Title"),
        max_length=160,
        widget=forms.TextInput({"dir": "auto"}),
        error_messages={"required": _("Give your project a title.")},
    )
    question = WordsField(
        6000,
        rows=12,
        label=_("What do you want to find out?"),
        help_text=_("The question, what is known, and what an answer would change. Reviewers read this first."),
        error_messages={"required": _("Say what you want to find out.")},
    )
    language = forms.ChoiceField(label=_("Language you write in"), choices=settings.LANGUAGES)

    def clean_language(self) -> str:
        """Always one: where nothing was chosen, the one it had."""
        return self.cleaned_data["language"] or self.application.language


class InstrumentForm(StepForm):
    instrument: Any = forms.ModelChoiceField(
        label=_("Instrument"),
        queryset=Instrument.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an instrument.")},
    )
    why_instrument = WordsField(
        3000,
        label=_("Why this instrument?"),
        help_text=_("What it can do for you that what you have cannot."),
        error_messages={"required": _("Say why you need this instrument.")},
    )
    minutes_requested = HoursField(
        label=_("Hours you ask for"), error_messages={"required": _("Enter the hours you need, such as 12 or 12.5.")}
    )

    def prepare(self, application: Application) -> None:
        choose_from(self, "instrument", instruments_to_choose(application.call).select_related("organisation"))
        if (most := most_minutes(application)) is not None:
            self.fields["minutes_requested"].help_text = _("At most %(hours)s.") % {"hours": hours_text(most)}
        if not application.minutes_requested:
            self.initial["minutes_requested"] = None

    def clean_minutes_requested(self) -> int:
        """Bounded by what the call gives."""
        minutes: int = self.cleaned_data["minutes_requested"] or 0
        if not minutes and self.fields["minutes_requested"].required:
            raise forms.ValidationError(self.fields["minutes_requested"].error_messages["required"], code="required")
        most = most_minutes(self.application)
        if most is not None and minutes > most:
            sentence = _("This call gives at most %(hours)s to one application.") % {"hours": hours_text(most)}
            raise forms.ValidationError(sentence, code="too_much")
        return minutes


class SamplesForm(StepForm):
    has_samples = forms.TypedChoiceField(
        label=_("Will you send samples?"),
        choices=[("True", _("Yes")), ("False", _("No"))],
        coerce=lambda value: value == "True",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you will send samples.")},
    )
    safety_words = WordsField(
        3000,
        label=_("How are they handled safely?"),
        required=False,
        help_text=_("Hazards, what protects people, how they travel and what becomes of them."),
    )


class TeamForm(StepForm):
    team_words = WordsField(
        3000,
        label=_("Who does what?"),
        help_text=_("The people who take part, what each brings and what each will do."),
        error_messages={"required": _("Say who takes part and what each will do.")},
    )


class PlanForm(StepForm):
    plan = WordsField(
        3000,
        label=_("What becomes of the results?"),
        help_text=_("Publications, open data, teaching, and when."),
        error_messages={"required": _("Say what becomes of the results.")},
    )


class OrganisationForm(StepForm):
    organisation: Any = forms.ModelChoiceField(
        label=_("Organisation you apply from"),
        queryset=Organisation.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the organisation you apply from.")},
    )

    def prepare(self, application: Application) -> None:
        held = Organisation.objects.where(application.applicant).filter(state=OrganisationState.VERIFIED)
        choose_from(self, "organisation", held)


FORMS: dict[str, type[StepForm]] = {
    "project": ProjectForm,
    "instrument": InstrumentForm,
    "samples": SamplesForm,
    "team": TeamForm,
    "plan": PlanForm,
    "organisation": OrganisationForm,
}
