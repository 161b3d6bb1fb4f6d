from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
FIRM = (BookingState.REQUESTED, BookingState.CONFIRMED)
# Everything but what gave its time back; the constraint booking_never_overlaps guards these.
OCCUPYING = (*ACTIVE, BookingState.COMPLETED, BookingState.MISSED)
GIVEN_UP = tuple(state for state in BookingState if state not in OCCUPYING)


class Disturbance(TextChoices):
    """What came in the way of a booking after it was made; it stands until it is moved, given up or free of it."""

    CLOSED = "closed", pgettext_lazy("in the way of a booking", "a closure")
    SUSPENDED = "suspended", pgettext_lazy("in the way of a booking", "the instrument is suspended")
    HOURS = "hours", pgettext_lazy("in the way of a booking", "changed opening hours")
    UNIT = "unit", pgettext_lazy("in the way of a booking", "the unit is out of service")
    CHANGE_OVER = "changeover", pgettext_lazy("in the way of a booking", "the laboratory needs longer in between")


class SessionState(TextChoices):
    SCHEDULED = "scheduled", _("scheduled")
    QUEUED = "queued", _("being prepared")
    READY = "ready", _("ready")
    LIVE = "live", _("live")
    ENDED = "ended", _("ended")
    FAILED = "failed", _("failed")
    MISSED = "missed", _("missed")
    CANCELLED = "cancelled", _("cancelled")


class WaitlistState(TextChoices):
    WAITING = "waiting", pgettext_lazy("waiting list", "waiting")
    OFFERED = "offered", pgettext_lazy("waiting list", "time is offered")
    SERVED = "served", pgettext_lazy("waiting list", "served")
    LEFT = "left", pgettext_lazy("waiting list", "left")
    EXPIRED = "expired", pgettext_lazy("waiting list", "its time is over")


class StandbyState(TextChoices):
    WAITING = "waiting", pgettext_lazy("stand-by", "waiting")
    CALLED = "called", pgettext_lazy("stand-by", "called: time is free")
    SERVED = "served", pgettext_lazy("stand-by", "served")
    PASSED = "passed", pgettext_lazy("stand-by", "did not answer in time")
    LEFT = "left", pgettext_lazy("stand-by", "left")


class Part(TextChoices):
    """In what capacity somebody is in a session."""

    RESEARCHER = "researcher", pgettext_lazy("part in a session", "researcher")
    OPERATOR = "operator", pgettext_lazy("part in a session", "operator")
    OBSERVER = "observer", pgettext_lazy("part in a session", "observer")


class Leaving(TextChoices):
    """Why somebody's line to a desktop ended."""

    LEFT = "left", pgettext_lazy("line to a desktop", "closed the page")
    LOST = "lost", pgettext_lazy("line to a desktop", "the line dropped")
    ENDED = "ended", pgettext_lazy("line to a desktop", "the session ended")
    CANCELLED = "cancelled", pgettext_lazy("line to a desktop", "the booking was given up or moved")
    REMOVED = "removed", pgettext_lazy("line to a desktop", "may no longer take part")
    SIGNED_OUT = "signed_out", pgettext_lazy("line to a desktop", "signed out")
    IDLE = "idle", pgettext_lazy("line to a desktop", "nothing was done for long")
    REPLACED = "replaced", pgettext_lazy("line to a desktop", "opened in another window")
    INSTRUMENT = "instrument", pgettext_lazy("line to a desktop", "the instrument's side ended it")
    PROTOCOL = "protocol", pgettext_lazy("line to a desktop", "sent what the desktop does not understand")
    SLOW = "slow", pgettext_lazy("line to a desktop", "the line was too slow to go on")
    RESTART = "restart", pgettext_lazy("line to a desktop", "the portal's relay was restarted")


class Went(TextChoices):
    WELL = "well", pgettext_lazy("a session went", "well")
    PARTLY = "partly", pgettext_lazy("a session went", "partly")
    BADLY = "badly", pgettext_lazy("a session went", "badly")


class SampleState(TextChoices):
    DECLARED = "declared", pgettext_lazy("sample", "declared")
    SHIPPED = "shipped", pgettext_lazy("sample", "on its way")
    RECEIVED = "received", pgettext_lazy("sample", "at the laboratory")
    MOUNTED = "mounted", pgettext_lazy("sample", "mounted")
    RETURNED = "returned", pgettext_lazy("sample", "sent back")
    DESTROYED = "destroyed", pgettext_lazy("sample", "destroyed")
    CONSUMED = "consumed", pgettext_lazy("sample", "used up")
    LOST = "lost", pgettext_lazy("sample", "lost")
    REFUSED = "refused", pgettext_lazy("sample", "refused")


AT_THE_LABORATORY = (SampleState.RECEIVED, SampleState.MOUNTED)
