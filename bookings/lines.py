"""What a measured line is good for, in words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.models import ConnectionCheck

FULL, ECONOMICAL, LEAST = 1500, 300, 100  # kbit/s
SLOW_ANSWER = 1000  # milliseconds there and back


@dataclass(frozen=True)
class Verdict:
    """`kind` as of a notice: ok, warn or error."""

    kind: str
    short: str | Promise
    sentence: str | Promise


NO_SCREEN = Verdict(
    "error",
    _("no screen"),
    _(
        "The screen of the practice instrument did not come through. Your network may block WebSockets: try another "
        "network, or ask those who run it to let them through to this portal on port 443."
    ),
)
TOO_THIN = Verdict(
    "error",
    _("too thin"),
    _("The line is too thin to work by hand. You can watch and write in the chat; let the operator drive."),
)
SLOW = Verdict(
    "warn", _("answers late"), _("It works, but answers come late: click once and wait until the picture follows.")
)
MINIMAL = Verdict("warn", _("minimal picture"), _("It works with the minimal picture. Close other pages and programs."))
THRIFTY = Verdict("ok", _("economical picture"), _("It works well with the economical picture."))
GOOD = Verdict("ok", _("full picture"), _("The line is good: nothing stands in the way of a full picture."))


def verdict(check: ConnectionCheck) -> Verdict:
    """The worst of what its figures say."""
    if check.picture is None or check.down is None:
        return NO_SCREEN
    if check.down < LEAST:
        return TOO_THIN
    if check.latency is None or check.latency > SLOW_ANSWER:
        return SLOW
    if check.down < ECONOMICAL:
        return MINIMAL
    return THRIFTY if check.down < FULL else GOOD
