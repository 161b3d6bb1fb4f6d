"""What is typed about an interest."""

from dataclasses import fields
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundWidget
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from calls.actions.interest import Consent, Criteria
from calls.enums import CallKind, Combine, Standing
from calls.matching import can_hear, topmost
from calls.models import Call, Interest
from instruments.models import EquipmentCategory, Technique
from portal.core.forms import AddressField
from portal.notifications.enums import Frequency

CONSENT_VERSION = "2"
CONSENT = format_lazy(
    _(
        "I agree that the {brand} keeps this address and these choices in order to write to me about calls, "
        "instruments and equipment that fit them. I can change or end this at any time through the link in every mail."
    ),
    brand=settings.BRAND_NAME,
)
NOTE_LENGTH = 1000
OFFERING_LENGTH = 2000
# What each door asks beside the country of work, the frequency and the language; about one call it asks no more.
ASKED = {
    Standing.BENEFICIARY: ("techniques", "categories", "kinds", "countries", "combine", "note"),
    Standing.CONTRIBUTOR: ("institution", "offering", "techniques"),
    Standing.DONOR: ("offering", "categories", "countries", "combine"),
}
ALL_ASKED = {name for names in ASKED.values() for name in names}
IMPOSSIBLE = _("Equipment is dealt with in calls of that kind alone: choose the kind Equipment too, or no kind.")


class CriteriaForm(forms.Form):
    """As whom, about what, how often, in which language; with `call` about that one call only.

    `door` is the standing whose questions are asked. `kept` is what an interest holds already: what this door does not
    ask stays as it is.
    """

    standing = forms.ChoiceField(
        label=_("You come as"),
        choices=Standing.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you need access, can open an instrument, or can give.")},
    )
    institution = forms.CharField(label=_("Your institution"), required=False, max_length=200)
    offering = forms.CharField(
        label=_("What you can offer"),
        required=False,
        max_length=OFFERING_LENGTH,
        help_text=_("Our staff read it; it goes into the form when you propose it."),
        widget=forms.Textarea(attrs={"rows": 4, "data-count": OFFERING_LENGTH, "dir": "auto"}),
    )
    techniques: "forms.ModelMultipleChoiceField[Technique]" = forms.ModelMultipleChoiceField(
        label=_("Techniques"),
        queryset=Technique.objects.order_by("path"),  # each branch before what lies on it
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A branch stands for all its techniques. None chosen means any."),
    )
    categories: "forms.ModelMultipleChoiceField[EquipmentCategory]" = forms.ModelMultipleChoiceField(
        label=_("Equipment"),
        queryset=EquipmentCategory.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Small equipment that changes laboratories."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of call"),
        choices=CallKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means any."),
    )
    countries = forms.MultipleChoiceField(
        label=_("Only of or for these countries"),
        choices=lambda: list(countries),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("Where an instrument stands or a call is for. None chosen means anywhere. Hold Ctrl for several."),
    )
    combine = forms.ChoiceField(
        label=_("What must fit"), choices=Combine.choices, required=False, widget=forms.RadioSelect
    )
    country = forms.ChoiceField(
        label=_("Country of work"),
        required=False,
        choices=lambda: [("", _("Not said")), *countries],
        help_text=_("Some calls are for researchers who work in certain countries. Left empty, you hear of all."),
    )
    frequency = forms.ChoiceField(
        label=_("How often"),
        choices=Frequency.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Once a day or week, in your morning, one mail tells all that is new."),
    )
    language = forms.ChoiceField(
        label=_("Language of the mails"),
        choices=settings.LANGUAGES,
        error_messages={"required": _("Choose the language of the mails.")},
    )
    note = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=NOTE_LENGTH,
        strip=True,
        help_text=_("What you would do with access. Our staff read it."),
        widget=forms.Textarea(attrs={"rows": 4, "data-count": NOTE_LENGTH, "dir": "auto"}),
    )

    def __init__(
        self,
        *args: Any,
        call: Call | None = None,
        door: str = Standing.BENEFICIARY,
        kept: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.call, self.door, self._kept = call, Standing(door), kept or {}
        for name in ALL_ASKED - set(("note",) if call is not None else ASKED[self.door]):
            del self.fields[name]
        if call is None:
            self.fields["standing"].widget = forms.HiddenInput()
            self.initial["standing"] = self.door
        for name, usual in (("frequency", Frequency.AT_ONCE), ("combine", Combine.ALL)):
            self.initial.setdefault(name, usual)

    def branches(self) -> list[list[BoundWidget]]:
        """Return the checkboxes of techniques by branch: the branch's own first, then those below it."""
        groups: list[list[BoundWidget]] = []
        for option in self["techniques"].subwidgets:
            if "/" not in option.data["value"].instance.path:
                groups.append([])
            groups[-1].append(option)
        return groups

    @property
    def is_narrowed(self) -> bool:
        """Whether what few people need has been used, or has a mistake in it."""
        if self.errors and {"countries", "combine"} & set(self.errors):
            return True
        return bool(self["countries"].value()) or self["combine"].value() == Combine.ANY

    def clean_techniques(self) -> list[Technique]:
        return topmost(self.cleaned_data["techniques"])

    def clean_categories(self) -> list[EquipmentCategory]:
        return list(self.cleaned_data["categories"])

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        about = {"has_techniques": bool(typed.get("techniques")), "has_categories": bool(typed.get("categories"))}
        if not can_hear(typed.get("kinds", []), **about, combine=typed.get("combine") or Combine.ALL):
            self.add_error("kinds", IMPOSSIBLE)
        return typed

    def criteria(self) -> Criteria:
        names = {field.name for field in fields(Criteria)} - {"call", "time_zone"}
        typed = {name: value for name, value in self.cleaned_data.items() if name in names}
        for name in ("frequency", "combine"):
            if not typed.get(name, ""):
                typed.pop(name, None)
        return Criteria(**{**self._kept, **typed}, time_zone=timezone.get_current_timezone_name(), call=self.call)


class DeclareForm(CriteriaForm):
    """The whole wish: the address first, consent last."""

    address = AddressField(
        label=_("Your email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Enter your email address."),
            "invalid": _("Enter an email address such as name@example.org."),
        },
    )
    agree = forms.BooleanField(
        label=CONSENT, error_messages={"required": _("Tick the box if you agree; without it we may not write to you.")}
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    field_order = ("address", "standing", "institution")

    @property
    def is_robot(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.cleaned_data.get("website"))


def consent_shown() -> Consent:
    """The wording of the checkbox in the active language."""
    return Consent(str(CONSENT), CONSENT_VERSION)


def first_words(user: Any, asked: Any) -> dict[str, Any]:
    """What the form begins with: known of `user`, and named in the query `asked` (`technique`, `category`, `kind`)."""
    start: dict[str, Any] = {"language": get_language(), "standing": Standing.BENEFICIARY}
    start["techniques"] = Technique.objects.filter(slug__in=_words(asked.getlist("technique")))
    start["categories"] = EquipmentCategory.objects.filter(slug__in=_words(asked.getlist("category")))
    start["kinds"] = asked.getlist("kind")
    if user.is_authenticated:
        start |= {"address": user.email, "country": user.country.code or "", "language": user.language}
    return start


def door_of(*named: str | None) -> Standing:
    """The first of `named` that is a standing; who names none needs access."""
    return next((Standing(name) for name in named if name in Standing.values), Standing.BENEFICIARY)


def words_of(interest: Interest) -> dict[str, Any]:
    """What an interest holds, as the form shows it and as `Criteria` takes it."""
    words = {field.name: getattr(interest, field.name) for field in fields(Criteria)}
    del words["call"], words["time_zone"]
    return words | {"techniques": list(interest.techniques.all()), "categories": list(interest.categories.all())}


def _words(values: list[str]) -> list[str]:
    """Drop what no database takes: PostgreSQL refuses the character NUL."""
    return [value for value in values if "\0" not in value]
