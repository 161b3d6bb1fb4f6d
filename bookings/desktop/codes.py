"""Why a socket is closed: the number the browser sees, what the log keeps, and the sentence for the page."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.enums import Leaving


@dataclass(frozen=True)
class Cut:
    """One reason to close; `code` is a WebSocket close code, `leaving` what the attendance row keeps."""

    code: int
    leaving: Leaving
    sentence: str | Promise


ENDED = Cut(4001, Leaving.ENDED, _("The session is over. Thank you for your work."))
CANCELLED = Cut(4002, Leaving.CANCELLED, _("The booking was cancelled or moved to another time."))
REMOVED = Cut(4003, Leaving.REMOVED, _("You may no longer take part in this session. Ask who booked it."))
SIGNED_OUT = Cut(4004, Leaving.SIGNED_OUT, _("You are signed out. Sign in and open this page again."))
IDLE = Cut(4005, Leaving.IDLE, _("Nothing happened for a long time, so the line was closed. Connect again."))
REPLACED = Cut(4006, Leaving.REPLACED, _("You opened this session in another window; it goes on there."))
UNREACHABLE = Cut(4007, Leaving.INSTRUMENT, _("The instrument cannot be reached. The laboratory sees this too."))
PROTOCOL = Cut(4008, Leaving.PROTOCOL, _("The browser or the instrument sent something that the portal does not know."))
SLOW = Cut(4009, Leaving.SLOW, _("Your line was too slow to go on. Choose a lower quality and connect again."))
BAD_TICKET = Cut(4010, Leaving.PROTOCOL, _("This window waited too long. Connect again."))
CROWDED = Cut(4011, Leaving.REMOVED, _("There are as many observers in this session as it takes. Try again later."))
TOO_MANY_TRIES = Cut(4012, Leaving.PROTOCOL, _("Too many tries came from your network. Wait a minute, then try again."))
NOT_OPEN = Cut(4013, Leaving.ENDED, _("The session is not open. It opens at its start."))
RESTART = Cut(1012, Leaving.RESTART, _("The portal is being restarted. You will be connected again in a moment."))
FAULT = Cut(1011, Leaving.LOST, _("Something went wrong on our side. You will be connected again in a moment."))
CLOSED = Cut(1000, Leaving.LEFT, _("You are disconnected."))

CUTS = {
    cut.code: cut
    for cut in (
        ENDED,
        CANCELLED,
        REMOVED,
        SIGNED_OUT,
        IDLE,
        REPLACED,
        UNREACHABLE,
        PROTOCOL,
        SLOW,
        BAD_TICKET,
        CROWDED,
        TOO_MANY_TRIES,
        NOT_OPEN,
        RESTART,
        FAULT,
        CLOSED,
    )
}
# What a row that somebody else closed says to the relay that still holds its line.
BY_LEAVING = {
    **{cut.leaving: cut for cut in (RESTART, SLOW, PROTOCOL, UNREACHABLE, REPLACED, IDLE, SIGNED_OUT, REMOVED)},
    Leaving.CANCELLED: CANCELLED,
    Leaving.ENDED: ENDED,
    Leaving.LOST: RESTART,  # its relay was thought dead: come again
    Leaving.LEFT: CLOSED,
}
