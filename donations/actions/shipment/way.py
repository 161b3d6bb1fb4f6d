"""On the way: sent, at customs, held, and where the parcels were seen."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from donations.actions.shipment.held import check, locked, move, open_matches
from donations.actions.shipment.telling import both_sides, maker, receiving_side, tell
from donations.enums import UNDER_WAY, EventSource, Payer, PledgeState, ShipmentState
from donations.models import ParcelLine, Shipment, TrackingEvent
from donations.notices import shipment as notices
from donations.rules.shipment import BOTH, sides_of
from donations.tracking import Seen
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.retry import in_transaction

MOST_EVENTS = 500
EARLIEST = timedelta(days=366)  # before today; nothing that matters was seen earlier
GONE = (PledgeState.WITHDRAWN, PledgeState.LAPSED)
TRACKED = (*UNDER_WAY, ShipmentState.RECEIVED, ShipmentState.DAMAGED)
TOLD = {"reach_customs": notices.SHIPMENT_CUSTOMS, "resume": notices.SHIPMENT_RESUMED}


def send_shipment(
    shipment: Shipment,
    *,
    by: Any,
    sent_on: date,
    carrier: str = "",
    tracking: str = "",
    expected_on: date | None = None,
) -> Shipment:
    """The parcels have left; those who wait for them hear so.

    Raises Forbidden, WrongState; Refused with everything that is missing (see `lacks`), "sent_when", "expected_when".
    """
    check(by, "send", shipment)

    def deed() -> Shipment:
        row = locked(shipment)
        if row.pledge is not None:
            row.pledge = locked(row.pledge)  # nobody takes it back while the parcels leave
        _check_days(sent_on, expected_on or row.expected_on)
        columns: dict[str, Any] = {"sent_on": sent_on, "expected_on": expected_on or row.expected_on}
        columns |= {name: value for name, value in (("carrier", carrier), ("tracking", tracking)) if value}
        move(row, "send", by=by, **columns)
        if missing := lacks(row):
            raise Refused(*missing)
        tell(notices.SHIPMENT_SENT, row, [*receiving_side(row), *maker(row)], by=by)
        return row

    return in_transaction(deed)


def move_on(shipment: Shipment, verb: str, *, by: Any) -> Shipment:
    """`reach_customs`, `clear_customs` or `resume`. Raises Forbidden, WrongState."""
    check(by, verb, shipment)

    def deed() -> Shipment:
        row = locked(shipment)
        move(row, verb, by=by, **({"trouble": ""} if verb == "resume" else {}))
        if verb in TOLD:
            tell(TOLD[verb], row, [*both_sides(row), *maker(row)], by=by)
        return row

    return in_transaction(deed)


def hold_shipment(shipment: Shipment, *, by: Any, why: str) -> Shipment:
    """It does not go on; everybody hears why. Raises Forbidden, WrongState, Refused "no_reason"."""
    check(by, "hold", shipment)
    _check_reason(why)

    def deed() -> Shipment:
        row = locked(shipment)
        move(row, "hold", by=by, why=why, trouble=why)
        tell(notices.SHIPMENT_HELD, row, [*both_sides(row), *maker(row)], by=by, why=why)
        return row

    return in_transaction(deed)


def add_events(shipment: Shipment, seen: Sequence[Seen], *, by: Any, source: str = EventSource.HAND) -> int:
    """Write where the parcels were seen; what is known already counts once. Returns how many lines are new.

    Raises Forbidden; Refused "not_under_way", "too_many_events" or "seen_when".
    """
    if not sides_of(by, shipment) & BOTH:
        raise Forbidden

    def deed() -> int:
        row = locked(shipment)
        if row.state not in TRACKED:
            raise Refused(Reason("not_under_way", _("This shipment is not on its way.")))
        known = set(row.events.values_list("at", "words"))
        new = list({(one.at, one.words): one for one in seen if (one.at, one.words) not in known}.values())
        _check_events(new, len(known))
        TrackingEvent.objects.bulk_create(
            TrackingEvent(shipment=row, at=one.at, place=one.place, words=one.words, source=source, by=by)
            for one in new
        )
        if new:
            record(row, "track", by=by, before=row.state, after=row.state, events=len(new), source=source)
        return len(new)

    return in_transaction(deed)


def lacks(row: Shipment) -> list[Reason]:
    """What must be there before parcels leave; empty: nothing is missing."""
    found = []
    if not row.pick_up.strip():
        found.append(Reason("no_pick_up", _("The address where it is fetched is missing.")))
    if not row.deliver_to.strip():
        found.append(Reason("no_delivery", _("The delivery address is missing.")))
    if row.customs_payer == Payer.OPEN:
        found.append(Reason("nobody_pays_customs", _("It is not said who pays customs.")))
    if row.payer == Payer.PLEDGE and row.pledge and row.pledge.state in GONE:
        found.append(Reason("pledge_gone", _("The pledge that was to pay no longer stands: somebody else must pay.")))
    packed = dict(
        ParcelLine.objects.filter(parcel__shipment=row).values_list("match").annotate(Sum("quantity")).order_by()
    )
    for match in open_matches(row):
        if left := match.quantity - packed.get(match.pk, 0):
            sentence = ngettext(
                "Of “%(thing)s” %(left)d is in no parcel yet.", "Of “%(thing)s” %(left)d are in no parcel yet.", left
            )
            found.append(Reason("not_packed", sentence % {"thing": match.offer, "left": left}))
        if not match.offer.is_cleared:
            sentence = _("Export clearance is asked for “%(thing)s” and has not been given.")
            found.append(Reason("not_cleared", sentence % {"thing": match.offer}))
    return found


def _check_reason(why: str) -> None:
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why; those concerned are told.")))


def _check_days(sent_on: date, expected_on: date | None) -> None:
    today = timezone.localdate()
    if not today - EARLIEST <= sent_on <= today:
        raise Refused(Reason("sent_when", _("The day it was sent is today or earlier, within a year.")))
    if expected_on is not None and not sent_on <= expected_on <= today + EARLIEST:
        sentence = _("The day it is expected comes after the day it was sent, within a year.")
        raise Refused(Reason("expected_when", sentence))


def _check_events(new: Sequence[Seen], known: int) -> None:
    now = timezone.now()
    if known + len(new) > MOST_EVENTS:
        sentence = _("A shipment keeps at most %(most)d lines of tracking.")
        raise Refused(Reason("too_many_events", sentence % {"most": MOST_EVENTS}))
    if any(not _in_reach(one.at, now) for one in new):
        sentence = _("Where parcels were seen is in the past, within a year.")
        raise Refused(Reason("seen_when", sentence))


def _in_reach(at: datetime, now: datetime) -> bool:
    return now - EARLIEST <= at <= now + timedelta(minutes=15)
