from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CallKind(TextChoices):
    REMOTE_ACCESS = "remote_access", _("Remote access")
    TRAINING = "training", _("Training")
    EQUIPMENT = "equipment", _("Equipment")
    OTHER = "other", _("Other")


class CallState(TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    DECIDED = "decided", _("decided")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ARCHIVED = "archived", _("archived")


class CallPhase(TextChoices):
    """What a visitor sees of a call; upcoming, open and closed follow from its dates and the clock alone."""

    UPCOMING = "upcoming", _("opens soon")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    DECIDED = "decided", _("decided")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Standing(TextChoices):
    """As what somebody wishes to hear."""

    BENEFICIARY = "beneficiary", _("I need access")
    CONTRIBUTOR = "contributor", _("I can open an instrument")
    DONOR = "donor", _("I can give")


class InterestState(TextChoices):
    UNCONFIRMED = "unconfirmed", _("waiting for confirmation")
    ACTIVE = "active", pgettext_lazy("interest", "active")
    ENDED = "ended", pgettext_lazy("interest", "ended")


class Frequency(TextChoices):
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")


class AwardState(TextChoices):
    OFFERED = "offered", _("offered")
    ACTIVE = "active", pgettext_lazy("award", "active")
    ENDED = "ended", pgettext_lazy("award", "ended")
    REPORTED = "reported", _("reported")
    REFUSED = "refused", pgettext_lazy("award", "refused")
    LAPSED = "lapsed", pgettext_lazy("award", "lapsed")
    REVOKED = "revoked", _("revoked")


class EntryKind(TextChoices):
    GRANTED = "granted", pgettext_lazy("hours", "granted")
    BOOKED = "booked", pgettext_lazy("hours", "booked")
    RELEASED = "released", pgettext_lazy("hours", "released")
    USED = "used", pgettext_lazy("hours", "used")
    ADJUSTED = "adjusted", pgettext_lazy("hours", "adjusted")
