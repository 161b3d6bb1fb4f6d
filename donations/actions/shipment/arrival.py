"""Received, installed, in use, closed: what came, counted by those who opened the parcels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from donations.actions.photo import add_photo
from donations.actions.shipment.held import check, locked, locked_whole, move
from donations.actions.shipment.pieces import deliver, write_off
from donations.actions.shipment.telling import both_sides, donor_side, maker, tell
from donations.models import Match, Shipment
from donations.notices import shipment as notices
from portal.core.errors import Reason, Refused
from portal.core.files import CheckedFile
from portal.core.retry import in_transaction

TOLD = {"install": notices.SHIPMENT_INSTALLED, "use": notices.SHIPMENT_IN_USE}


@dataclass(frozen=True)
class Short:
    """Of a match: pieces that did not come, and pieces that came broken beyond repair."""

    missing: int = 0
    broken: int = 0

    @property
    def pieces(self) -> int:
        return self.missing + self.broken


def receive_shipment(
    shipment: Shipment,
    *,
    by: Any,
    received_on: date,
    words: str = "",
    short: Mapping[int, Short] | None = None,
    photos: Sequence[tuple[CheckedFile, str]] = (),
) -> Shipment:
    """It has come. `short`: match's key -> what is missing or broken; the needs ask for that again.

    `photos`: checked pictures, each with what it shows.

    Raises Forbidden, WrongState; Refused "received_when", "short_of_what", "no_words", "nothing_came".
    """
    check(by, "receive", shipment)

    def deed() -> Shipment:
        row, matches = locked_whole(shipment)
        _check_day(row, received_on)
        lost = _counted(matches, short or {}, words)
        move(row, "receive", by=by, received_on=received_on, received_by=by, receipt_words=words, trouble="")
        for match in matches:
            if match.pk in lost:
                write_off(row, match, lost[match.pk].pieces, by=by, why=words)
        for checked, alt in photos:
            add_photo(row, checked, alt, by=by)
        tell(notices.SHIPMENT_RECEIVED, row, donor_side(row), by=by)
        tell(notices.SHIPMENT_SHORT if lost else notices.SHIPMENT_RECEIVED, row, maker(row), by=by, why=words)
        return row

    return in_transaction(deed)


def repair_shipment(
    shipment: Shipment, *, by: Any, words: str = "", short: Mapping[int, Short] | None = None
) -> Shipment:
    """What was damaged works again, all or most of it; `short` is what does not. Raises as `receive_shipment`."""
    check(by, "repair", shipment)

    def deed() -> Shipment:
        row, matches = locked_whole(shipment)
        lost = _counted(matches, short or {}, words)
        came = {} if row.received_on else {"received_on": timezone.localdate(), "received_by": by}
        move(row, "repair", by=by, why=words, trouble="", **came)
        for match in matches:
            if match.pk in lost:
                write_off(row, match, lost[match.pk].pieces, by=by, why=words)
        tell(notices.SHIPMENT_REPAIRED, row, [*donor_side(row), *maker(row)], by=by, why=words)
        return row

    return in_transaction(deed)


def put_to_use(shipment: Shipment, verb: str, *, by: Any) -> Shipment:
    """`install` or `use`; the donor hears so. Raises Forbidden, WrongState."""
    check(by, verb, shipment)

    def deed() -> Shipment:
        row = locked(shipment)
        move(row, verb, by=by)
        tell(TOLD[verb], row, [*donor_side(row), *maker(row)], by=by)
        return row

    return in_transaction(deed)


def close_shipment(shipment: Shipment, *, by: Any) -> Shipment:
    """Its matches are completed; from today on, follow-ups ask whether it is in use. Raises Forbidden, WrongState."""
    check(by, "close", shipment)

    def deed() -> Shipment:
        row, matches = locked_whole(shipment)
        move(row, "close", by=by)
        deliver(row, matches, by=by)
        tell(notices.SHIPMENT_CLOSED, row, both_sides(row), by=by)
        return row

    return in_transaction(deed)


def _check_day(row: Shipment, day: date) -> None:
    """Not before it was sent, nor after today; whoever received it may be a day ahead of UTC."""
    today = timezone.localdate()
    if day > today or (row.sent_on and day < row.sent_on) or day < today - timedelta(days=366):
        sentence = _("The day it came lies between the day it was sent and today.")
        raise Refused(Reason("received_when", sentence))


def _counted(matches: list[Match], short: Mapping[int, Short], words: str) -> dict[int, Short]:
    """What is short, by match; Refused where the numbers make no sense."""
    wanted = {match.pk: match.quantity for match in matches}
    lost = {key: one for key, one in short.items() if one.pieces}
    for key, one in lost.items():
        if min(one.missing, one.broken) < 0 or one.pieces > wanted.get(key, 0):
            sentence = _("No more can be missing or broken than was sent.")
            raise Refused(Reason("short_of_what", sentence))
    if lost and not words.strip():
        raise Refused(Reason("no_words", _("Say what is missing or broken; the donor and we read it.")))
    if sum(one.pieces for one in lost.values()) == sum(wanted.values()):
        sentence = _("If nothing came whole, report it as damaged or lost instead.")
        raise Refused(Reason("nothing_came", sentence))
    return lost
