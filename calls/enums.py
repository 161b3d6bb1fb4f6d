from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
    ACTIVE = "active", _("active")
    ENDED = "ended", _("ended")


class Frequency(TextChoices):
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")


class AwardState(TextChoices):
    OFFERED = "offered", _("offered")
    ACTIVE = "active", _("active")
    ENDED = "ended", _("ended")
    REPORTED = "reported", _("reported")
    REFUSED = "refused", _("refused")
    LAPSED = "lapsed", _("lapsed")
    REVOKED = "revoked", _("revoked")


class EntryKind(TextChoices):
    GRANTED = "granted", _("granted")
    BOOKED = "booked", _("booked")
    RELEASED = "released", _("released")
    USED = "used", _("used")
    ADJUSTED = "adjusted", _("adjusted")
