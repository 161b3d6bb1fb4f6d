"""What is typed about an interest."""

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
from calls.enums import CallKind, Standing
from calls.matching import topmost
from calls.models import Call, Interest
from instruments.models import Technique

CONSENT_VERSION = "1"
CONSENT = format_lazy(
    _(
        "I agree that the {brand} keeps this address and these choices in order to write to me about calls that fit "
        "them. I can change or end this at any time through the link in every mail."
    ),
    brand=settings.BRAND_NAME,
)
NOTE_LENGTH = 1000


class CriteriaForm(forms.Form):
    """As whom, about what, in which language; with `call` about that one call only."""

    standing = forms.ChoiceField(
        label=_("You come as"),
        choices=Standing.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you need access, can open an instrument, or can give.")},
    )
    techniques: "forms.ModelMultipleChoiceField[Technique]" = forms.ModelMultipleChoiceField(
        label=_("Techniques"),
        queryset=Technique.objects.order_by("path"),  # each branch before what lies on it
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A branch stands for all its techniques. None chosen means any."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of call"),
        choices=CallKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means any."),
    )
    country = forms.ChoiceField(
        label=_("Country of work"),
        required=False,
        choices=lambda: [("", _("Not said")), *countries],
        help_text=_("Some calls are for researchers who work in certain countries. Left empty, you hear of all."),
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
        help_text=_("What you would do with access, or what you can offer. Our staff read it."),
        widget=forms.Textarea(attrs={"rows": 4, "data-count": NOTE_LENGTH, "dir": "auto"}),
    )

    def __init__(self, *args: Any, call: Call | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.call = call
        if call is not None:
            del self.fields["techniques"], self.fields["kinds"]

    def branches(self) -> list[list[BoundWidget]]:
        """Return the checkboxes of techniques by branch: the branch's own first, then those below it."""
        groups: list[list[BoundWidget]] = []
        for option in self["techniques"].subwidgets:
            if "/" not in option.data["value"].instance.path:
                groups.append([])
            groups[-1].append(option)
        return groups

    def clean_techniques(self) -> list[Technique]:
        return topmost(self.cleaned_data["techniques"])

    def criteria(self) -> Criteria:
        typed = self.cleaned_data
        return Criteria(
            standing=typed["standing"],
            language=typed["language"],
            time_zone=timezone.get_current_timezone_name(),
            call=self.call,
            techniques=typed.get("techniques", []),
            kinds=typed.get("kinds", []),
            country=typed["country"],
            note=typed["note"],
        )


class DeclareForm(CriteriaForm):
    """The whole wish: the address first, consent last."""

    address = forms.EmailField(
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
    field_order = ("address", "standing")

    @property
    def is_robot(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.cleaned_data.get("website"))


def consent_shown() -> Consent:
    """The wording of the checkbox in the active language."""
    return Consent(str(CONSENT), CONSENT_VERSION)


def first_words(user: Any, asked: Any) -> dict[str, Any]:
    """What the form begins with: known of `user`, and named in the query `asked` (`technique`, `kind`, `as`)."""
    start: dict[str, Any] = {"language": get_language(), "standing": asked.get("as", Standing.BENEFICIARY)}
    start["techniques"] = Technique.objects.filter(slug__in=_words(asked.getlist("technique")))
    start["kinds"] = asked.getlist("kind")
    if user.is_authenticated:
        start |= {"address": user.email, "country": user.country.code or "", "language": user.language}
    return start


def words_of(interest: Interest) -> dict[str, Any]:
    """What the form shows of an interest that is there."""
    return {
        "standing": interest.standing,
        "techniques": interest.techniques.all(),
        "kinds": interest.kinds,
        "country": interest.country,
        "language": interest.language,
        "note": interest.note,
    }


def _words(values: list[str]) -> list[str]:
    """Drop what no database takes: PostgreSQL refuses the character NUL."""
    return [value for value in values if "\0" not in value]
