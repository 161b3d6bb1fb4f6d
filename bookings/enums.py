from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BookingState(TextChoices):
    HELD = "held", _("held for you")
    REQUESTED = "requested", _("waiting for the laboratory")
    CONFIRMED = "confirmed", _("confirmed")
    DECLINED = "declined", _("declined")
    CANCELLED = "cancelled", _("cancelled")
    LAPSED = "lapsed", _("lapsed")
    RELEASED = "released", _("released")
    COMPLETED = "completed", _("completed")
    MISSED = "missed", _("missed")
    FAILED = "failed", _("failed")


ACTIVE = (BookingState.HELD, BookingState.REQUESTED, BookingState.CONFIRMED)
# Everything but what gave its time back; the constraint booking_never_overlaps guards these.
OCCUPYING = (*ACTIVE, BookingState.COMPLETED, BookingState.MISSED)


class SessionState(TextChoices):
    SCHEDULED = "scheduled", _("scheduled")
    QUEUED = "queued", _("being prepared")
    READY = "ready", _("ready")
    LIVE = "live", _("live")
    ENDED = "ended", _("ended")
    FAILED = "failed", _("failed")
    MISSED = "missed", _("missed")
    CANCELLED = "cancelled", _("cancelled")
