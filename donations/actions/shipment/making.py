"""Staff put a shipment together: which matches, from where, to where, under which terms."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from donations.actions.shipment.held import check_side, locked
from donations.actions.shipment.telling import both_sides, tell
from donations.enums import MatchState, Payer, ShipmentState
from donations.models import Match, ParcelLine, Shipment
from donations.notices import shipment as notices
from donations.rules.shipment import MAKES
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, WrongState
from portal.core.retry import broken_constraint, in_transaction

DETAILS = (
    "pick_up", "deliver_to", "incoterm", "incoterm_place", "hs_code", "dangerous", "customs_payer", "carrier",
    "tracking", "expected_on",
)  # fmt: skip
BEFORE = (ShipmentState.DRAFT, ShipmentState.QUOTED, ShipmentState.FUNDED)


def make_shipment(matches: Sequence[Match], *, by: Any) -> Shipment:
    """Begin a shipment with accepted matches of one donor for one organisation; both sides are told.

    Raises Forbidden; Refused "nothing_to_send", "not_accepted", "not_together" or "sent_already".
    """
    if not by.has_perm("donations.make_shipment"):
        raise Forbidden

    def deed() -> Shipment:
        rows = _accepted(matches)
        first = rows[0]
        shipment = Shipment.objects.create(
            donor=first.offer.donor,
            organisation=first.need.organisation,
            made_by=by,
            pick_up=first.offer.pick_up,
            deliver_to=first.need.deliver_to,
            payer=first.offer.freight if first.offer.freight != Payer.PLEDGE else Payer.OPEN,
        )
        for match in rows:
            shipment.places.create(match=match)
        record(shipment, "make", by=by, after=shipment.state, matches=[match.ref for match in rows])
        tell(notices.SHIPMENT_PREPARED, shipment, both_sides(shipment), by=by)
        return shipment

    return _once(deed)


def add_match(shipment: Shipment, match: Match, *, by: Any) -> Shipment:
    """Send another match along, before the parcels leave. Raises Forbidden, Refused as `make_shipment` does."""
    check_side(by, MAKES, shipment)

    def deed() -> Shipment:
        _accepted([match])
        row = before_leaving(shipment)
        if (row.donor_id, row.organisation_id) != (match.offer.donor_id, match.need.organisation_id):
            raise Refused(Reason("not_together", _apart()))
        row.places.create(match=match)
        record(row, "add_match", by=by, before=row.state, after=row.state, match=match.ref)
        return row

    return _once(deed)


def take_out(shipment: Shipment, match: Match, *, by: Any) -> Shipment:
    """Leave a match out, before the parcels leave: it stays accepted and waits for another shipment.

    Raises Forbidden, WrongState; Refused "last_one".
    """
    check_side(by, MAKES, shipment)

    def deed() -> Shipment:
        row = before_leaving(shipment)
        places = row.places.filter(is_open=True)
        if not places.filter(match=match).exists():
            return row
        if places.count() == 1:
            raise Refused(Reason("last_one", _("This is all that is in the shipment. Abandon the shipment instead.")))
        ParcelLine.objects.filter(parcel__shipment=row, match=match).delete()
        places.filter(match=match).delete()
        record(row, "take_out", by=by, before=row.state, after=row.state, match=match.ref)
        return row

    return in_transaction(deed)


def change_details(shipment: Shipment, fields: dict[str, Any], *, by: Any) -> Shipment:
    """Write addresses, terms and the carrier; `fields` are among DETAILS. Over shipments stay as they were.

    Raises Forbidden; Refused "over".
    """
    check_side(by, MAKES, shipment)

    def deed() -> Shipment:
        row = locked(shipment)
        if not Shipment.objects.open().filter(pk=row.pk).exists():
            raise Refused(Reason("over", _("This shipment is over; its papers stay as they are.")))
        names = [name for name in DETAILS if name in fields and getattr(row, name) != fields[name]]
        for name in names:
            setattr(row, name, fields[name])
        if names:
            row.save(update_fields=[*names, "updated_at"])
            record(row, "change", by=by, before=row.state, after=row.state, fields=names)
        return row

    return in_transaction(deed)


def before_leaving(shipment: Shipment) -> Shipment:
    """The shipment, locked, while its parcels have not left. Raises WrongState."""
    row = locked(shipment)
    if row.state not in BEFORE:
        raise WrongState("change", row.state)
    return row


def _accepted(matches: Sequence[Match]) -> list[Match]:
    """Those matches, locked: accepted, of one donor, for one organisation, in no other open shipment."""
    keys = [match.pk for match in matches]
    rows = list(
        Match.objects.for_list().select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    )
    if not rows:
        raise Refused(Reason("nothing_to_send", _("Choose what is in the shipment.")))
    if any(match.state != MatchState.ACCEPTED for match in rows):
        raise Refused(Reason("not_accepted", _("Only matches that both sides have accepted can be sent.")))
    if len({(match.offer.donor_id, match.need.organisation_id) for match in rows}) > 1:
        raise Refused(Reason("not_together", _apart()))
    return rows


def _apart() -> str:
    return _("A shipment goes from one donor to one organisation; make another one for the others.")


def _once(deed: Any) -> Shipment:
    """A match is in one open shipment at most; the database says so when two people try at once."""
    try:
        made: Shipment = in_transaction(deed)
    except IntegrityError as error:
        if broken_constraint(error) not in ("match_in_one_open_shipment", "match_once_a_shipment"):
            raise
        raise Refused(Reason("sent_already", _("One of these is in a shipment already. Look again."))) from error
    return made
