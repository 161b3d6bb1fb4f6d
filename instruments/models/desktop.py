"""How the portal reaches the screen of a unit, and the laboratory's connectors that bring it there."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from instruments.enums import Clipboard, DesktopRoute
from instruments.models.instrument import Unit
from instruments.querysets import ConnectorQuerySet
from portal.core.models import Timestamped
from portal.core.sealing import seal, unseal

CONTACT_HOLDS = timedelta(minutes=3)  # a relay notes the contact every minute; one that was killed notes nothing


class Desktop(Timestamped):
    """The VNC server of one unit. Neither its address nor its password ever reaches a browser.

    `host` and `port` are for the direct route: through a connector the laboratory's PC knows them, the practice
    instrument is the portal's own. `asked_at`, `answered_at` and `trouble` (a code of `DesktopTrouble`, empty when it
    answered) tell how the last attempt to reach it went.
    """

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="desktop", verbose_name=_("unit"))
    route = models.CharField(_("reached"), max_length=10, choices=DesktopRoute.choices)
    host = models.CharField(_("host"), max_length=253, blank=True)
    port = models.PositiveIntegerField(
        _("port"), default=5900, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    sealed_password = models.CharField(max_length=300, blank=True, editable=False)
    clipboard = models.CharField(
        _("clipboard"),
        max_length=16,
        choices=Clipboard.choices,
        default=Clipboard.NONE,
        db_default=Clipboard.NONE.value,
    )
    asked_at = models.DateTimeField(_("last asked"), null=True, blank=True)
    answered_at = models.DateTimeField(_("last answered"), null=True, blank=True)
    trouble = models.CharField(_("trouble"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("desktop")
        verbose_name_plural = _("desktops")
        constraints = [
            models.CheckConstraint(
                condition=Q(route=DesktopRoute.DIRECT) & ~Q(host="") | ~Q(route=DesktopRoute.DIRECT),
                name="desktop_dialled_has_a_host",
            ),
            models.CheckConstraint(condition=Q(port__gte=1, port__lte=65535), name="desktop_port_exists"),
        ]

    def __str__(self) -> str:
        return str(self.unit)

    @property
    def password(self) -> str:
        """In the clear, for the relay alone. Raises CannotUnseal."""
        return unseal(self.sealed_password)

    @password.setter
    def password(self, text: str) -> None:
        self.sealed_password = seal(text) if text else ""


class Connector(Timestamped):
    """A program on a laboratory's PC that dials out to the relay and carries the screen of one unit.

    It is paired by a code shown once (`code_hash`, good until `code_until`), then known by its token (`token_hash`);
    both are SHA-256 in hexadecimal. `target`, `system` and `version` are what it said of itself when it last called.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="connectors", verbose_name=_("unit"))
    name = models.CharField(_("name of the PC"), max_length=80)
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    code_until = models.DateTimeField(_("code good until"), null=True, blank=True)
    token_hash = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )
    paired_at = models.DateTimeField(_("paired"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last contact"), null=True, blank=True)
    is_online = models.BooleanField(_("connected"), default=False, db_default=False)
    target = models.CharField(_("its VNC server"), max_length=260, blank=True)
    system = models.CharField(_("system"), max_length=100, blank=True)
    version = models.CharField(_("version"), max_length=20, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )

    objects = ConnectorQuerySet.as_manager()

    class Meta:
        verbose_name = _("connector")
        verbose_name_plural = _("connectors")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(revoked_at=None), name="connector_one_a_unit"),
        ]
        indexes = [models.Index(fields=["code_hash"], name="connector_code", condition=~Q(code_hash=""))]

    def __str__(self) -> str:
        return self.name or str(self.unit)

    def is_connected_at(self, moment: datetime) -> bool:
        """Whether a line of it is open, as far as the rows know."""
        return self.is_online and self.seen_at is not None and moment - self.seen_at < CONTACT_HOLDS
