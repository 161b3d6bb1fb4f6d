"""What a measured line is good for, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.models import ConnectionCheck

FULL, ECONOMICAL, LEAST = 1500, 300, 100  # kbit/s
MANY = 10_000  # kbit/s that are told as Mbit/s
SLOW_ANSWER = 1000  # milliseconds there and back


@dataclass(frozen=True)
class Verdict:
    """`kind` as of a notice: ok, warn or error."""

    kind: str
    short: str | Promise
    sentence: str | Promise

    @property
    def tone(self) -> str:
        """The `kind` of the tag `status`."""
        return {"ok": "ok", "warn": "wait", "error": "err"}[self.kind]


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


Told = tuple[ConnectionCheck, Verdict]


def told_for(bookings: Iterable[int]) -> dict[int, list[Told]]:
    """By booking: the last check of each person and what it came to. One query, none without bookings."""
    found: dict[int, list[Told]] = {}
    for check in ConnectionCheck.objects.newest_for(list(bookings)):
        assert check.booking_id is not None  # these were asked for by their booking
        found.setdefault(check.booking_id, []).append((check, verdict(check)))
    return found


def speed(rate: int) -> str:
    """kbit/s in words; from 10 000 on as Mbit/s."""
    if rate < MANY:
        return gettext("%(number)s kbit/s") % {"number": rate}
    return gettext("%(number)s Mbit/s") % {"number": round(rate / 1000)}
