from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    HELD = "held", _("waiting for the digest")
    MERGED = "merged", _("in a digest")
    PENDING = "pending", _("waiting")
    SENDING = "sending", _("being handed over")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    SUPPRESSED = "suppressed", _("not sent")


class Frequency(TextChoices):
    """How often a subscriber wants to be written to. In this order the quickest comes first, also by the alphabet."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")


class Cause(TextChoices):
    """Why subscriptions leave an address alone."""

    BOUNCED = "bounced", pgettext_lazy("address", "bounced")
    COMPLAINED = "complained", pgettext_lazy("address", "complained")
    ASKED = "asked", pgettext_lazy("address", "asked us")
