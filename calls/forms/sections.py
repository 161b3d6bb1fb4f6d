"""A draft of a call, section by section: texts, what it offers, its dates, who may apply."""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from calls.enums import CallKind
from calls.forms.fields import WallTimeField, moment_of, wall_of
from calls.models import Call
from instruments.enums import TrainingState
from instruments.models import Instrument, Technique, Training
from portal.accounts.enums import CareerStage, OrganisationState
from portal.accounts.zones import choices_of, countries_of_zones
from portal.core.forms import AddressField, DayField, HoursField, choose_from, offer
from portal.core.times import day_text

LONG_TEXT = 20_000
MOST_PLACES = 10_000
MOST_YEARS = 60


def _line(label: Any, *, longest: int = 160, lang: str = "", required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=required, widget=forms.TextInput({"lang": lang} if lang else {})
    )


def _text(label: Any, *, longest: int = LONG_TEXT, lang: str = "", rows: int = 8, hint: Any = "") -> forms.CharField:
    attrs: dict[str, Any] = {"rows": rows} | ({"lang": lang} if lang else {})
    if longest < LONG_TEXT:
        attrs["data-count"] = longest
    return forms.CharField(
        label=label, max_length=longest, required=False, help_text=hint, widget=forms.Textarea(attrs)
    )


def _several_countries(label: Any, hint: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, help_text=hint, widget=forms.SelectMultiple(attrs={"size": 10})
    )


def _several_stages(label: Any, hint: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        help_text=hint,
        choices=CareerStage.choices,
        widget=forms.CheckboxSelectMultiple,
    )


class SectionForm(forms.Form):
    """One section. Its fields are called as the columns they fill; `columns()` are arguments of the actions."""

    related: ClassVar[tuple[str, ...]] = ()  # fields that hold rows of other tables

    def __init__(self, *args: Any, call: Call, **options: Any) -> None:
        self.call = call
        options.setdefault("initial", self.stored())
        super().__init__(*args, **options)

    def stored(self) -> dict[str, Any]:
        """What the draft holds, as the fields show it."""
        values = {name: getattr(self.call, name, None) for name in self.base_fields if name not in self.related}
        for name in self.related:
            values[name] = list(getattr(self.call, name).values_list("pk", flat=True)) if self.call.pk else []
        return values

    def columns(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class TextsForm(SectionForm):
    title_en = _line(_("Title in English"), lang="en", required=True)
    title_fr = _line(_("Title in French"), lang="fr")
    summary_en = _text(_("Summary in English"), longest=300, rows=3, lang="en", hint=_("One or two sentences."))
    summary_fr = _text(_("Summary in French"), longest=300, rows=3, lang="fr", hint=_("One or two sentences."))
    description_en = _text(_("Description in English"), lang="en", hint=_("Markdown"))
    description_fr = _text(_("Description in French"), lang="fr", hint=_("Markdown"))
    covers_en = _text(_("What it covers, in English"), lang="en", rows=4, hint=_("Such as shipping or travel."))
    covers_fr = _text(_("What it covers, in French"), lang="fr", rows=4, hint=_("Such as shipping or travel."))
    contact = AddressField(label=_("Contact"), required=False, help_text=_("Shown on the page of the call."))


class TrainingField(forms.ModelChoiceField):
    """Several may have one title: the laboratory and the day tell them apart."""

    def label_from_instance(self, training: Any) -> str:
        return f"{training.title}, {training.organisation.name}, {day_text(training.starts_at, training.zone)}"


class OfferForm(SectionForm):
    """The kind, and what a call of that kind gives."""

    related = ("techniques", "instruments")

    kind = forms.ChoiceField(label=_("Kind"), choices=CallKind.choices, widget=forms.RadioSelect)
    minutes_offered = HoursField(
        label=_("Hours offered"),
        required=False,
        help_text=_("Of a remote access call: instrument time in all, such as 120 or 37.5"),
    )
    most_minutes = HoursField(
        label=_("Most hours an application may ask for"),
        required=False,
        help_text=_("Empty means as many as there are."),
    )
    places_offered = forms.IntegerField(
        label=_("Places or needs"),
        required=False,
        min_value=0,
        max_value=MOST_PLACES,
        help_text=_("Of a training: its places. Of an equipment call: how many needs it verifies."),
    )
    training: Any = TrainingField(
        label=_("Training"),
        queryset=Training.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("Of a training call: whose places it gives. Who accepts an award has one at once."),
    )
    techniques: Any = forms.ModelMultipleChoiceField(
        label=_("Techniques"), queryset=Technique.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    instruments: Any = forms.ModelMultipleChoiceField(
        label=_("Instruments"), queryset=Instrument.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose_from(self, "techniques", Technique.objects.order_by("path"))
        choose_from(self, "instruments", Instrument.objects.public().order_by("name"))
        choose_from(self, "training", self._trainings())

    def _trainings(self) -> QuerySet[Training]:
        """Those to come of verified laboratories, and the one that was chosen."""
        to_come = Training.objects.filter(
            state__in=[TrainingState.DRAFT, TrainingState.PUBLISHED],
            organisation__state=OrganisationState.VERIFIED,
            starts_at__gt=timezone.now(),
        )
        chosen = [self.call.training_id] if self.call.training_id else []
        rows = to_come | Training.objects.filter(pk__in=chosen)
        return rows.select_related("organisation").order_by("starts_at", "pk")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        kind = typed.get("kind")
        if kind in (CallKind.TRAINING, CallKind.EQUIPMENT) and (typed.get("minutes_offered") or 0):
            self.add_error(
                "minutes_offered", _("Only remote access gives hours: leave this empty, or change the kind.")
            )
        if kind == CallKind.REMOTE_ACCESS and (typed.get("places_offered") or 0):
            self.add_error("places_offered", _("Remote access gives hours, not places: leave this empty."))
        if kind != CallKind.TRAINING and typed.get("training"):
            self.add_error("training", _("Only a training call gives places on a training."))
        return typed

    def columns(self) -> dict[str, Any]:
        typed = super().columns()
        return typed | {name: typed[name] or 0 for name in ("minutes_offered", "places_offered")}


class DatesForm(SectionForm):
    """Moments on the clock of the call's own zone, and days."""

    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Opening and closing are on this clock."))
    opens = WallTimeField(label=_("Opens"))
    closes = WallTimeField(label=_("Closes"))
    review_on = DayField(label=_("Reviews due"), required=False)
    decision_on = DayField(label=_("Decision expected"), required=False)
    use_from = DayField(
        label=_("Use from"), required=False, help_text=_("First day on which what it gives can be used.")
    )
    use_until = DayField(label=_("Use until"), required=False, help_text=_("Last day."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        zones = choices_of(["UTC", *countries_of_zones()], timezone.now())
        offer(self, "time_zone", [(zone.name, zone.label) for zone in zones])

    def stored(self) -> dict[str, Any]:
        values = super().stored()
        if self.call.pk:
            zone = self.call.zone
            values |= {"opens": wall_of(self.call.opens_at, zone), "closes": wall_of(self.call.closes_at, zone)}
        return values

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        zone = typed.get("time_zone")
        for name in ("opens", "closes"):
            if zone and typed.get(name):
                typed[f"{name}_at"] = moment_of(self, name, typed[name], ZoneInfo(zone))
        opens, closes = typed.get("opens_at"), typed.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes", _("The call must close after it opens."))
        first, last = typed.get("use_from"), typed.get("use_until")
        if first and last and last < first:
            self.add_error("use_until", _("The last day of use comes before the first."))
        return typed

    def columns(self) -> dict[str, Any]:
        return {name: value for name, value in super().columns().items() if name not in ("opens", "closes")}


class NewCallForm(DatesForm):
    """What a draft cannot do without; the sections ask for the rest."""

    title_en = _line(_("Title in English"), lang="en", required=True)
    title_fr = _line(_("Title in French"), lang="fr")
    kind = forms.ChoiceField(label=_("Kind"), choices=CallKind.choices, widget=forms.RadioSelect)
    review_on = decision_on = use_from = use_until = None  # type: ignore[assignment]  # later, in their section
    field_order = ("title_en", "title_fr", "kind", "time_zone", "opens", "closes")

    def __init__(self, *args: Any, **options: Any) -> None:
        new = Call(time_zone=timezone.get_current_timezone_name(), kind=CallKind.REMOTE_ACCESS)
        super().__init__(*args, call=new, **options)


class WhoForm(SectionForm):
    """Who may apply, and who takes priority and why."""

    countries = _several_countries(
        _("Countries of work"), _("Where applicants work; none chosen means any. Hold Ctrl to choose several.")
    )
    career_stages = _several_stages(_("Career stages"), _("None chosen means any."))
    years_since_phd = forms.IntegerField(
        label=_("Most years since the doctorate"),
        required=False,
        min_value=0,
        max_value=MOST_YEARS,
        help_text=_("Counted to the year of closing. Those without a doctorate may apply, too."),
    )
    is_for_women = forms.BooleanField(
        label=_("For women only"), required=False, help_text=_("As they say in their profile; only staff see it.")
    )
    women_share = forms.IntegerField(
        label=_("Share kept for women, in per cent"),
        required=False,
        min_value=0,
        max_value=100,
        validators=[MaxValueValidator(100)],
    )
    priority_countries = _several_countries(
        _("Countries that take priority"), _("Applicants who work in one of them, or are at one of the stages below.")
    )
    priority_stages = _several_stages(_("Career stages that take priority"), "")
    priority_why_en = _line(_("Why they take priority, in English"), longest=300, lang="en")
    priority_why_fr = _line(_("Why they take priority, in French"), longest=300, lang="fr")
    needs_endorsement = forms.BooleanField(label=_("A focal point must endorse each application"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("countries", "priority_countries"):
            chosen = set(self[name].value() or [])
            offer(self, name, sorted(countries, key=lambda country: country[0] not in chosen))  # those in sight first

    def stored(self) -> dict[str, Any]:
        values = super().stored()
        for name in ("countries", "priority_countries"):
            codes: list[Any] = list(getattr(self.call, name))
            values[name] = [country.code for country in codes]
        return values

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("is_for_women") and typed.get("women_share"):
            self.add_error("women_share", _("A call for women only keeps no share: leave this empty."))
        within = set(typed.get("priority_countries") or [])
        allowed = set(typed.get("countries") or [])
        if allowed and not within <= allowed:
            self.add_error("priority_countries", _("People of some of these countries may not apply at all."))
        stages, allowed = set(typed.get("priority_stages") or []), set(typed.get("career_stages") or [])
        if allowed and not stages <= allowed:
            self.add_error("priority_stages", _("People at some of these stages may not apply at all."))
        return typed

    def columns(self) -> dict[str, Any]:
        typed = super().columns()
        return typed | {"women_share": typed["women_share"] or 0}


FORMS: dict[str, type[SectionForm]] = {"texts": TextsForm, "offer": OfferForm, "dates": DatesForm, "who": WhoForm}
