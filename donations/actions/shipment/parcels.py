"""Parcels: who sends says what is in each, and how heavy it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from donations.actions.shipment.held import check_side, open_matches
from donations.actions.shipment.making import before_leaving
from donations.models import Match, Parcel, ParcelLine, Shipment
from donations.rules.shipment import REPORTS
from portal.audit.actions import record
from portal.core.errors import Reason, Refused
from portal.core.retry import in_transaction

MOST_PARCELS = 50


@dataclass(frozen=True)
class Packed:
    """A parcel as it stands on the scales: kilograms and centimetres; `lines`: match's key -> pieces, none are 0."""

    weight_kg: Decimal
    length_cm: int
    width_cm: int
    height_cm: int
    lines: Mapping[int, int]
    packing: str = ""


def add_parcel(shipment: Shipment, packed: Packed, *, by: Any) -> Parcel:
    """Raises Forbidden, WrongState; Refused "too_many_parcels", "empty", "not_so_many" or "too_light"."""
    check_side(by, REPORTS, shipment)

    def deed() -> Parcel:
        row = before_leaving(shipment)
        if row.parcels.count() >= MOST_PARCELS:
            sentence = _("A shipment has at most %(most)d parcels. Put the others in another shipment.")
            raise Refused(Reason("too_many_parcels", sentence % {"most": MOST_PARCELS}))
        last = row.parcels.aggregate(last=Max("number"))["last"] or 0
        parcel = Parcel(shipment=row, number=last + 1)
        _fill(row, parcel, packed)
        record(row, "pack", by=by, before=row.state, after=row.state, parcel=parcel.number)
        return parcel

    return in_transaction(deed)


def change_parcel(parcel: Parcel, packed: Packed, *, by: Any) -> Parcel:
    """Raises as `add_parcel` does; Refused "gone" where somebody took it away."""
    check_side(by, REPORTS, parcel.shipment)

    def deed() -> Parcel:
        row = before_leaving(parcel.shipment)
        found = row.parcels.filter(pk=parcel.pk).first()
        if found is None:
            raise Refused(Reason("gone", _("This parcel was taken away in the meantime. Look again.")))
        _fill(row, found, packed)
        record(row, "pack", by=by, before=row.state, after=row.state, parcel=found.number)
        return found

    return in_transaction(deed)


def remove_parcel(parcel: Parcel, *, by: Any) -> None:
    """Take a parcel away; gone already is fine. Raises Forbidden, WrongState."""
    check_side(by, REPORTS, parcel.shipment)

    def deed() -> None:
        row = before_leaving(parcel.shipment)
        if row.parcels.filter(pk=parcel.pk).delete()[0]:
            record(row, "unpack", by=by, before=row.state, after=row.state, parcel=parcel.number)

    in_transaction(deed)


def _fill(row: Shipment, parcel: Parcel, packed: Packed) -> None:
    matches = {match.pk: match for match in open_matches(row)}
    lines = {key: number for key, number in packed.lines.items() if number}
    if not lines or not set(lines) <= set(matches):
        raise Refused(Reason("empty", _("Say what is in the parcel.")))
    _check_numbers(row, parcel, matches, lines)
    _check_weight(matches, lines, packed.weight_kg)
    for name in ("weight_kg", "length_cm", "width_cm", "height_cm", "packing"):
        setattr(parcel, name, getattr(packed, name))
    parcel.save()
    parcel.lines.all().delete()
    ParcelLine.objects.bulk_create(
        ParcelLine(parcel=parcel, match=matches[key], quantity=number) for key, number in sorted(lines.items())
    )


def _check_numbers(row: Shipment, parcel: Parcel, matches: dict[int, Match], lines: dict[int, int]) -> None:
    others = ParcelLine.objects.filter(parcel__shipment=row).exclude(parcel=parcel.pk)
    packed = dict(others.values_list("match").annotate(Sum("quantity")).order_by())
    for key, number in lines.items():
        left = matches[key].quantity - packed.get(key, 0)
        if not 1 <= number <= left:
            sentence = _("Of “%(thing)s” %(left)d can still be packed.")
            raise Refused(Reason("not_so_many", sentence % {"thing": matches[key].offer, "left": left}))


def _check_weight(matches: dict[int, Match], lines: dict[int, int], weight: Decimal) -> None:
    """A parcel weighs no less than what its lines say is in it."""
    nothing = Decimal(0)
    inside = sum(((matches[key].offer.weight_kg or nothing) * number for key, number in lines.items()), nothing)
    if weight < inside:
        sentence = _("The parcel cannot weigh less than what is in it: %(inside)s kg without packing.")
        raise Refused(Reason("too_light", sentence % {"inside": inside.normalize().__format__("f")}))
