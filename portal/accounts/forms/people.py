"""What people type about themselves. Forms clean; actions write."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from portal.accounts.actions import join
from portal.accounts.cookies import ZONE_COOKIE
from portal.accounts.enums import CareerStage, Gender
from portal.accounts.forms.fields import WORDS, NameField, country_choices
from portal.accounts.identifiers import clean_orcid
from portal.accounts.models import User
from portal.accounts.zones import known_zones

EARLIEST_DOCTORATE = 1950


class SignupForm(forms.Form):
    """What sign-up asks beside address and password; also after a first sign-in with ORCID."""

    name = NameField(
        label=_("Your name"),
        max_length=150,
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    country = forms.ChoiceField(
        label=_("Country where you work"),
        help_text=_("Calls go by where you work, not by your passport."),
        choices=lambda: country_choices(_("Choose a country")),
        error_messages={"required": _("Choose the country where you work.")},
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    agrees = forms.BooleanField(
        label=_(
            "I am 18 or older. The portal may keep what I enter here to run calls, bookings and sessions, and show my "
            "name and address to the laboratories and the institution I work with there."
        ),
        error_messages={"required": _("Confirm that you are 18 or older and agree, or we cannot open an account.")},
    )
    field_order = ("name", "email", "country", "password1", "password2", "agrees")

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth calls this once it has made the account."""
        zone = request.COOKIES.get(ZONE_COOKIE, "")
        join(
            user,
            name=self.cleaned_data["name"],
            country=self.cleaned_data["country"],
            language=translation.get_language() or settings.LANGUAGE_CODE,
            time_zone=zone if zone in known_zones() else "",
        )


class ProfileForm(forms.Form):
    """The person as calls and awards know them."""

    name = NameField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    country = forms.ChoiceField(
        label=_("Country where you work"),
        help_text=_("Calls go by where you work, not by your passport."),
        choices=lambda: country_choices(_("Choose a country")),
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    career_stage = forms.ChoiceField(
        label=_("Career stage"),
        help_text=_("Some calls are for early-career researchers."),
        choices=[("", _("Choose a stage")), *CareerStage.choices],
    )
    phd_year = forms.IntegerField(
        label=_("Year of your doctorate"),
        help_text=_("Some calls count the years since then. Leave it empty if you have none."),
        required=False,
        min_value=EARLIEST_DOCTORATE,
    )
    gender = forms.ChoiceField(
        label=_("Gender"),
        help_text=_(
            "Some calls keep places for women, and the programme reports how many women it reaches. Only staff see "
            "your answer; you may leave it empty."
        ),
        choices=[("", _("I would rather not say")), *Gender.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    orcid = forms.CharField(
        label=_("ORCID iD"),
        help_text=_("Sixteen digits, such as 0000-0002-1825-0097. It tells you apart from others of your name."),
        max_length=60,
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Language"),
        help_text=_("Of the pages you see and the mail you get."),
        choices=settings.LANGUAGES,
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, initial={field: getattr(user, field) for field in self.base_fields})
        if user.has_verified_orcid:
            self.fields["orcid"].disabled = True
            self.fields["orcid"].help_text = _("ORCID confirmed that this iD is yours.")

    def clean_phd_year(self) -> int | None:
        year: int | None = self.cleaned_data["phd_year"]
        if year is not None and year > timezone.now().year:
            raise ValidationError(
                _("Enter a year that has begun, or leave it empty until you have one."), code="future"
            )
        return year

    def clean_orcid(self) -> str:
        text = self.cleaned_data["orcid"]
        return clean_orcid(text) if text else ""


class TokenForm(forms.Form):
    """A program's key."""

    name = NameField(
        label=_("Name"), help_text=_("What will use it, such as the script on the laboratory's PC."), max_length=80
    )
    scope = forms.ChoiceField(
        label=_("What may it do?"),
        choices=[("read", _("Read what you can see")), ("write", _("Read, and book and change what you may"))],
        initial="read",
        widget=forms.RadioSelect,
    )


class ZoneSearch(forms.Form):
    q = forms.CharField(label=_("Find a town or country"), max_length=WORDS, required=False)
