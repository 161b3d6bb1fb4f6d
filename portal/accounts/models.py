"""People, the organisations they work in, and what they are there."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from portal.accounts.enums import CareerStage, Gender, MembershipState, OrganisationKind, OrganisationState, Role
from portal.accounts.identifiers import validate_orcid, validate_ror
from portal.accounts.querysets import ORGANISATION_SEARCHED, MembershipQuerySet, OrganisationQuerySet
from portal.accounts.zones import validate_time_zone
from portal.core import times
from portal.core.models import LinkField, Timestamped


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person of 18 or over. `is_staff` opens the desk, `is_superuser` the back office too.

    Addresses are kept in lower case, so that one mailbox is one account.
    """

    email = models.EmailField(_("email address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150)
    country = CountryField(_("country of work"), blank=True)
    career_stage = models.CharField(_("career stage"), max_length=20, choices=CareerStage.choices, blank=True)
    phd_year = models.PositiveSmallIntegerField(
        _("year of doctorate"), null=True, blank=True, help_text=_("Leave empty if you have none")
    )
    gender = models.CharField(_("gender"), max_length=10, choices=Gender.choices, blank=True)
    orcid = models.CharField(_("ORCID iD"), max_length=19, blank=True, validators=[validate_orcid])
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[validate_time_zone])
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    agreed_at = models.DateTimeField(
        _("agreed to the terms"), null=True, blank=True, help_text=_("when the person said so at sign-up")
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_address_in_lower_case"),
            models.UniqueConstraint(fields=["orcid"], condition=~models.Q(orcid=""), name="user_once_an_orcid"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def has_verified_orcid(self) -> bool:
        """Whether ORCID itself vouched for the iD: the person signed in or connected there."""
        accounts = self.socialaccount_set  # type: ignore[attr-defined]  # allauth's table points here, untyped
        return bool(self.orcid) and accounts.filter(provider="orcid").exists()

    @property
    def is_complete(self) -> bool:
        """Whether the profile says what calls and awards need to know."""
        return bool(self.name and self.country and self.career_stage)


class Organisation(Timestamped):
    """A university, institute, centre, chair, company, public body or association."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address part"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    country = CountryField(_("country"))
    city = models.CharField(_("town"), max_length=100, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[validate_time_zone])
    ror = models.CharField(_("ROR id"), max_length=9, blank=True, validators=[validate_ror])
    website = LinkField(_("website"), blank=True)
    summary = models.TextField(_("about it"), blank=True, max_length=2000, db_default="")
    former_names = models.TextField(
        _("former names"), blank=True, default="", db_default="", help_text=_("One a line; it is found by them")
    )
    other_names = models.TextField(
        _("other names and acronyms"),
        blank=True,
        default="",
        db_default="",
        help_text=_("One a line; it is found by them"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=OrganisationState.choices, default=OrganisationState.PROPOSED
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["ror"], condition=~models.Q(ror=""), name="organisation_once_a_ror"),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) | ~Q(state="merged") & Q(merged_into=None),
                name="organisation_merged_into_another",
            ),
        ]
        indexes = [
            models.Index(fields=["country", "name"], name="organisation_of_a_country"),
            GinIndex(ORGANISATION_SEARCHED["en"], name="organisation_search_en"),
            GinIndex(ORGANISATION_SEARCHED["fr"], name="organisation_search_fr"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("network:organisation", args=[self.slug])

    @property
    def former(self) -> list[str]:
        """What it was called, or was entered as, the latest last."""
        return self.former_names.splitlines()

    @property
    def others(self) -> list[str]:
        """What else it is called."""
        return self.other_names.splitlines()

    @property
    def known_as(self) -> str:
        """Its name and, in brackets, those that people may look for: `Lakeside University (LU, Lake College)`."""
        names = ", ".join([*self.others, *self.former])
        return f"{self.name} ({names})" if names else self.name

    @property
    def zone_words(self) -> str:
        """How people call its time: `Nairobi time`."""
        return times.zone_words(self.time_zone)


class KnownPair(Timestamped):
    """Two organisations that look like one, of which staff said that they are two; the smaller primary key first."""

    first = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("organisation"))
    second = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("the other one"))
    said_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("said by"))

    class Meta:
        verbose_name = _("pair that is two")
        verbose_name_plural = _("pairs that are two")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="known_pair_said_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="known_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} - {self.second}"


class OrganisationFile(Timestamped):
    """A file of organisations, kept from the trial reading until staff say yes; then what became of its rows.

    `replaces`: filled fields take what the file says, too; otherwise only empty ones do.
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="organisation_files", verbose_name=_("person"))
    name = models.CharField(_("file name"), max_length=120)
    content = models.TextField(_("content"), help_text=_("CSV as it was sent, in UTF-8"))
    replaces = models.BooleanField(_("replaces what is filled already"), default=False)
    done_at = models.DateTimeField(_("taken over"), null=True, blank=True)
    entered = models.PositiveSmallIntegerField(_("organisations entered"), default=0)
    changed = models.PositiveSmallIntegerField(_("organisations changed"), default=0)

    class Meta:
        verbose_name = _("file of organisations")
        verbose_name_plural = _("files of organisations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class Membership(Timestamped):
    """What a person is in an organisation. A finished one stays as a row; a new request is a new row."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=MembershipState.choices, default=MembershipState.REQUESTED
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=models.Q(state__in=["requested", "confirmed"]),
                name="membership_open_once",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "role", "state"], name="membership_of_organisation")]

    def __str__(self) -> str:
        return f"{self.user} - {self.get_role_display()}, {self.organisation}"


class ApiToken(Timestamped):
    """A program's key to a person's own records: shown once, kept as a SHA-256 digest, scoped to read or write."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    can_write = models.BooleanField(_("may change things"), default=False)
    last_used_on = models.DateField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name
