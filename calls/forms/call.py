"""What is typed about calls: filters of the list, a draft, a later closing."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from calls.enums import CallKind, CallPhase
from calls.forms.fields import DayField, HoursField, WallTimeField
from calls.models import Call
from instruments.models import Instrument, Technique
from portal.accounts.zones import choices_of, countries_of_zones
from portal.core.forms import choose_from, offer
from portal.core.times import LocalTimeError, local_moment, zone_words

PHASES = [(phase.value, phase.label) for phase in CallPhase if phase != CallPhase.WITHDRAWN]
TEXTS = ("title", "summary", "description", "covers")
COLUMNS = ("kind", "time_zone", "minutes_offered", "countries", "decision_on", "contact")


class CallFilter(forms.Form):
    """The list's query parameters. `techniques` are the rows of the tree, which the page has loaded anyway."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *PHASES])
    technique = forms.ChoiceField(label=_("Technique"), required=False)
    country = forms.ChoiceField(label=_("Country of work"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *CallKind.choices])

    def __init__(self, *args: Any, techniques: list[Technique], **options: Any) -> None:
        super().__init__(*args, **options)
        tree = [(row.slug, "— " * row.path.count("/") + row.name) for row in sorted(techniques, key=_tree_order)]
        offer(self, "technique", [("", _("All")), *tree])
        offer(self, "country", [("", _("All")), *countries])


def _tree_order(technique: Technique) -> str:
    return technique.path


class CallForm(forms.Form):
    """A draft, in English and French, with moments on the clock of the call's own zone."""

    title_en = forms.CharField(label=_("Title in English"), max_length=160)
    title_fr = forms.CharField(label=_("Title in French"), max_length=160, required=False)
    summary_en = forms.CharField(label=_("Summary in English"), max_length=300, required=False, widget=forms.Textarea)
    summary_fr = forms.CharField(label=_("Summary in French"), max_length=300, required=False, widget=forms.Textarea)
    description_en = forms.CharField(label=_("Description in English"), required=False, widget=forms.Textarea)
    description_fr = forms.CharField(label=_("Description in French"), required=False, widget=forms.Textarea)
    covers_en = forms.CharField(label=_("What it covers, in English"), required=False, widget=forms.Textarea)
    covers_fr = forms.CharField(label=_("What it covers, in French"), required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(label=_("Kind"), choices=CallKind.choices)
    techniques: Any = forms.ModelMultipleChoiceField(
        label=_("Techniques"), queryset=Technique.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    instruments: Any = forms.ModelMultipleChoiceField(
        label=_("Instruments"), queryset=Instrument.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    minutes_offered = HoursField(
        label=_("Hours offered"), required=False, help_text=_("Instrument time in all, such as 120 or 37.5")
    )
    countries = forms.MultipleChoiceField(
        label=_("Countries of work"),
        required=False,
        help_text=_("Where applicants work; none chosen means any"),
        widget=forms.SelectMultiple(attrs={"size": 10}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Opening and closing are on this clock."))
    opens = WallTimeField(label=_("Opens"))
    closes = WallTimeField(label=_("Closes"))
    decision_on = DayField(label=_("Decision expected"), required=False)
    contact = forms.EmailField(label=_("Contact"), required=False)

    def __init__(self, *args: Any, call: Call | None = None, **options: Any) -> None:
        options["initial"] = _initial(call)
        super().__init__(*args, **options)
        choose_from(self, "techniques", Technique.objects.order_by("path"))
        choose_from(self, "instruments", Instrument.objects.public().order_by("name"))
        offer(self, "countries", list(countries))
        zones = choices_of(["UTC", *countries_of_zones()], timezone.now())
        offer(self, "time_zone", [(zone.name, zone.label) for zone in zones])

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        zone = typed.get("time_zone")
        for name in ("opens", "closes"):
            if zone and typed.get(name):
                typed[f"{name}_at"] = _moment(self, name, typed[name], ZoneInfo(zone))
        opens, closes = typed.get("opens_at"), typed.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes", _("The call must close after it opens."))
        return typed

    def columns(self) -> dict[str, Any]:
        """The cleaned input as arguments of the actions."""
        typed = self.cleaned_data
        texts = {f"{name}_{language}": typed[f"{name}_{language}"] for name in TEXTS for language in ("en", "fr")}
        rest = {name: typed[name] for name in ("techniques", "instruments", "opens_at", "closes_at", *COLUMNS)}
        return texts | rest | {"minutes_offered": typed["minutes_offered"] or 0}


class ExtendForm(forms.Form):
    """A later closing, on the call's own clock."""

    closes = WallTimeField(label=_("New closing"))

    def __init__(self, *args: Any, call: Call, **options: Any) -> None:
        options["initial"] = {"closes": _wall(call.closes_at, call.zone)}
        super().__init__(*args, **options)
        self.zone = call.zone
        self.fields["closes"].help_text = _("On the clock of the call: %(zone)s") % {"zone": zone_words(call.zone)}

    def clean_closes(self) -> datetime | None:
        return _moment(self, "closes", self.cleaned_data["closes"], self.zone)


def _moment(form: forms.Form, name: str, naive: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment of a typed wall time; an error on the field when the zone skips it or has it twice."""
    try:
        return local_moment(naive, zone)
    except LocalTimeError as error:
        form.add_error(name, str(error))
        return None


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _initial(call: Call | None) -> dict[str, Any]:
    if call is None:
        return {"time_zone": timezone.get_current_timezone_name(), "kind": CallKind.REMOTE_ACCESS}
    values = {f"{name}_{language}": getattr(call, f"{name}_{language}") for name in TEXTS for language in ("en", "fr")}
    values |= {name: getattr(call, name) for name in COLUMNS}
    codes: list[Any] = list(call.countries)
    values["countries"] = [country.code for country in codes]
    values["opens"], values["closes"] = _wall(call.opens_at, call.zone), _wall(call.closes_at, call.zone)
    for name in ("techniques", "instruments"):
        values[name] = list(getattr(call, name).values_list("pk", flat=True)) if call.pk else []
    return values
