"""An event as staff write it."""

from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries import countries

from calls.enums import CallKind
from calls.models import Call
from instruments.enums import TrainingState
from instruments.models import Technique, Training
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Organisation
from portal.accounts.zones import choices_of, countries_of_zones
from portal.core.forms import DayField, choose_from, offer
from portal.core.models import LinkField
from portal.core.times import LocalTimeError, day_text, local_moment
from portal.stories.enums import EventKind
from portal.stories.forms.page import MARKDOWN
from portal.stories.models import Event

LONG_TEXT = 20_000
RELATED = ("trainings", "techniques", "organisations")
MOST_TRAININGS = 100
LONGEST_DAYS = 366


def _line(label: Any, *, longest: int = 160, lang: str = "", required: bool = False, hint: Any = "") -> forms.CharField:
    widget = forms.TextInput({"lang": lang} if lang else {})
    return forms.CharField(label=label, max_length=longest, required=required, widget=widget, help_text=hint)


def _text(label: Any, *, longest: int = LONG_TEXT, lang: str = "", rows: int = 8, hint: Any = "") -> forms.CharField:
    attrs: dict[str, Any] = {"rows": rows} | ({"lang": lang} if lang else {})
    if longest < LONG_TEXT:
        attrs["data-count"] = longest
    return forms.CharField(
        label=label, max_length=longest, required=False, help_text=hint, widget=forms.Textarea(attrs)
    )


def _several(label: Any, model: Any, hint: Any = "", widget: Any = forms.CheckboxSelectMultiple) -> Any:
    return forms.ModelMultipleChoiceField(
        label=label, queryset=model.objects.none(), required=False, widget=widget, help_text=hint
    )


class TrainingsField(forms.ModelMultipleChoiceField):
    """Several may have one title: the laboratory and the day tell them apart."""

    def label_from_instance(self, training: Any) -> str:
        day = day_text(training.starts_at, training.zone)
        return f"{training.title}, {training.organisation.name}, {day}"


class HourField(forms.TimeField):
    """An hour of the day, chosen in the browser's own clock."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class EventForm(forms.Form):
    """Days are those of the event's own zone. `columns()` are arguments of the actions."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=EventKind.choices, widget=forms.RadioSelect)
    title_en = _line(_("Title in English"), lang="en", required=True)
    title_fr = _line(_("Title in French"), lang="fr")
    summary_en = _text(_("Summary in English"), longest=300, rows=3, lang="en", hint=_("One or two sentences."))
    summary_fr = _text(_("Summary in French"), longest=300, rows=3, lang="fr", hint=_("One or two sentences."))
    body_en = _text(_("Text in English"), lang="en", hint=MARKDOWN)
    body_fr = _text(_("Text in French"), lang="fr", hint=MARKDOWN)
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Days and hours are on this clock."))
    first_day = DayField(label=_("First day"))
    first_hour = HourField(label=_("Begins at"), required=False, help_text=_("Leave both hours empty for whole days."))
    last_day = DayField(label=_("Last day"), required=False, help_text=_("Empty: the first day."))
    last_hour = HourField(label=_("Ends at"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    place = _line(pgettext_lazy("where an event is", "Place"), hint=_("A town, a building, or that it is online."))
    link = cast(
        forms.URLField,
        LinkField(max_length=500).formfield(
            label=_("Link"), required=False, help_text=_("To join, or to more about it. Everybody sees it.")
        ),
    )
    call: Any = forms.ModelChoiceField(
        label=_("Call for its places"),
        queryset=Call.objects.none(),
        required=False,
        empty_label=pgettext_lazy("call", "None"),
        help_text=_("A training call through which people apply."),
    )
    trainings: Any = TrainingsField(
        label=_("Trainings"),
        queryset=Training.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where people get their places and pass. Who came is counted from them."),
    )
    techniques: Any = _several(_("Techniques"), Technique)
    organisations: Any = _several(
        _("Organisations of the network that hold it"),
        Organisation,
        _("Hold Ctrl to choose several."),
        forms.SelectMultiple(attrs={"size": 8}),
    )
    partners = _text(_("Other partners"), longest=1000, rows=3, hint=_("One a line."))

    def __init__(self, data: Any = None, *, event: Event | None = None) -> None:
        self.event = event
        super().__init__(data, initial=stored(event) if event else {"time_zone": timezone.get_current_timezone_name()})
        zones = choices_of(["UTC", *countries_of_zones()], timezone.now())
        offer(self, "time_zone", [(zone.name, zone.label) for zone in zones])
        offer(self, "country", [("", _("None, or online")), *countries])
        choose_from(self, "techniques", Technique.objects.order_by("path"))
        self._offer_rows()

    def _offer_rows(self) -> None:
        """What can be chosen, and whatever was chosen already."""
        own_trainings = self.initial.get("trainings", [])
        recent = Training.objects.exclude(state=TrainingState.CANCELLED).order_by("-starts_at", "-pk")
        chosen = [*recent.values_list("pk", flat=True)[:MOST_TRAININGS], *own_trainings]
        choose_from(self, "trainings", Training.objects.filter(pk__in=chosen).select_related("organisation"))
        calls = Call.objects.filter(kind=CallKind.TRAINING) | Call.objects.filter(
            pk__in=filter(None, [self.initial.get("call")])
        )
        choose_from(self, "call", calls.order_by("-closes_at", "-pk"))
        verified = Organisation.objects.filter(state=OrganisationState.VERIFIED)
        held_by = verified | Organisation.objects.filter(pk__in=self.initial.get("organisations", []))
        choose_from(self, "organisations", held_by.order_by("name", "pk"), attrgetter("known_as"))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        first, last = typed.get("first_day"), typed.get("last_day") or typed.get("first_day")
        if bool(typed.get("first_hour")) != bool(typed.get("last_hour")):
            self.add_error("last_hour", _("Give both hours, or none of them."))
        if first and last and typed.get("time_zone") and not self.errors:
            self._set_times(typed, first, last)
        return typed

    def _set_times(self, typed: dict[str, Any], first: date, last: date) -> None:
        """`starts_at`, `ends_at` and `has_hours`, or an error where the days make no sense."""
        if last < first:
            self.add_error("last_day", _("The last day comes before the first."))
            return
        if (last - first).days > LONGEST_DAYS:
            self.add_error("last_day", _("That is more than a year. Look at the days again."))
            return
        zone = ZoneInfo(typed["time_zone"])
        typed["has_hours"] = bool(typed["first_hour"])
        if typed["has_hours"]:
            typed["starts_at"] = self._moment("first_hour", first, typed["first_hour"], zone)
            typed["ends_at"] = self._moment("last_hour", last, typed["last_hour"], zone)
        else:
            typed["starts_at"] = datetime.combine(first, time(), zone).astimezone(UTC)
            typed["ends_at"] = datetime.combine(last + timedelta(1), time(), zone).astimezone(UTC)
        if not self.errors and typed["starts_at"] >= typed["ends_at"]:
            self.add_error("last_hour", _("It must end after it begins."))

    def _moment(self, name: str, day: date, hour: time, zone: ZoneInfo) -> datetime | None:
        try:
            return local_moment(datetime.combine(day, hour), zone).astimezone(UTC)
        except LocalTimeError as error:
            self.add_error(name, str(error))
            return None

    def columns(self) -> dict[str, Any]:
        beside = ("version", "first_day", "first_hour", "last_day", "last_hour")
        typed = {name: value for name, value in self.cleaned_data.items() if name not in beside}
        return typed | {name: list(typed[name]) for name in RELATED}


DIRECT = (
    "version", "kind", "title_en", "title_fr", "summary_en", "summary_fr", "body_en", "body_fr", "time_zone", "place",
    "link", "partners",
)  # fmt: skip


def stored(event: Event) -> dict[str, Any]:
    """What the event holds, as the fields show it."""
    start, end = event.starts_at.astimezone(event.zone), event.ends_at.astimezone(event.zone)
    values = {name: getattr(event, name) for name in DIRECT}
    values |= {name: list(getattr(event, name).values_list("pk", flat=True)) for name in RELATED}
    country: Any = event.country
    values |= {"country": country.code if country else "", "call": event.call_id}
    values |= {"first_day": event.first_day, "last_day": event.last_day}
    if event.has_hours:
        values |= {"first_hour": start.time(), "last_hour": end.time(), "last_day": end.date()}
    return values
