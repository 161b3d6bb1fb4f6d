"""What the way costs, and who pays it. No payment is taken here."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from donations.actions.pledge import allot, free_allotment
from donations.actions.shipment.held import check, check_side, locked, move
from donations.actions.shipment.telling import donor_side, tell
from donations.enums import Payer, ShipmentState
from donations.models import Pledge, Quotation, Shipment
from donations.notices import shipment as notices
from donations.rules.shipment import MAKES
from portal.audit.actions import record
from portal.core.errors import Reason, Refused, WrongState
from portal.core.retry import in_transaction

QUOTABLE = (ShipmentState.DRAFT, ShipmentState.QUOTED)
MOST_QUOTATIONS = 20


def add_quotation(shipment: Shipment, fields: dict[str, Any], *, by: Any) -> Quotation:
    """Keep what a carrier asks for; with the first one the shipment is quoted.

    `fields`: carrier, amount_eur, days, valid_until, note. Raises Forbidden, WrongState, Refused "too_many".
    """
    check(by, "quote", shipment)

    def deed() -> Quotation:
        row = _quotable(shipment)
        if row.quotations.count() >= MOST_QUOTATIONS:
            sentence = _("At most %(most)d quotations are kept; remove one first.")
            raise Refused(Reason("too_many", sentence % {"most": MOST_QUOTATIONS}))
        made = row.quotations.create(**fields)
        told: dict[str, Any] = {"carrier": made.carrier, "amount_eur": made.amount_eur}
        if row.state == ShipmentState.DRAFT:
            move(row, "quote", by=by, details=told)
        else:
            record(row, "add_quotation", by=by, before=row.state, after=row.state, **told)
        return made

    return in_transaction(deed)


def choose_quotation(quotation: Quotation, *, by: Any) -> Quotation:
    """Take this one: its carrier and price are the shipment's. Raises Forbidden, WrongState; "quotation_over"."""
    check_side(by, MAKES, quotation.shipment)

    def deed() -> Quotation:
        row = _quotable(quotation.shipment)
        chosen = _found(row, quotation)
        if chosen.valid_until and chosen.valid_until < timezone.localdate():
            raise Refused(Reason("quotation_over", _("This quotation is no longer valid. Ask the carrier again.")))
        row.quotations.filter(is_chosen=True).update(is_chosen=False)
        chosen.is_chosen = True
        chosen.save(update_fields=["is_chosen", "updated_at"])
        row.carrier, row.cost_eur = chosen.carrier, chosen.amount_eur
        row.save(update_fields=["carrier", "cost_eur", "updated_at"])
        record(row, "choose", by=by, before=row.state, after=row.state, carrier=row.carrier, amount_eur=row.cost_eur)
        return chosen

    return in_transaction(deed)


def remove_quotation(quotation: Quotation, *, by: Any) -> None:
    """Take a quotation away; gone already is fine. Raises Forbidden, WrongState; Refused "is_chosen"."""
    check_side(by, MAKES, quotation.shipment)

    def deed() -> None:
        row = _quotable(quotation.shipment)
        found = row.quotations.filter(pk=quotation.pk).first()
        if found is None:
            return
        if found.is_chosen:
            raise Refused(Reason("is_chosen", _("This quotation is the one chosen. Choose another one first.")))
        found.delete()
        record(row, "remove_quotation", by=by, before=row.state, after=row.state, carrier=found.carrier)

    in_transaction(deed)


def fund_shipment(
    shipment: Shipment, *, by: Any, payer: str, cost_eur: int | None = None, pledge: Pledge | None = None
) -> Shipment:
    """Say who pays the freight; from a pledge its price is allotted. The donor hears that the parcels can leave.

    `cost_eur` is the chosen quotation's where there is one. Raises Forbidden, WrongState; Refused "nobody_pays",
    "none_chosen", "no_pledge", "no_price", "other_country", and whatever the pledge refuses.
    """
    check(by, "fund", shipment)

    def deed() -> Shipment:
        row = locked(shipment)
        price = _price(row, cost_eur)
        paid_from = pledge if payer == Payer.PLEDGE else None
        _check_payer(row, payer, paid_from, price)
        row.pledge = paid_from
        move(row, "fund", by=by, payer=payer, pledge=paid_from, cost_eur=price)
        if paid_from is not None and price:
            allot(paid_from, price, by=by)
        tell(notices.SHIPMENT_FUNDED, row, donor_side(row), by=by)
        return row

    return in_transaction(deed)


def change_payer(
    shipment: Shipment, *, by: Any, payer: str, cost_eur: int | None = None, pledge: Pledge | None = None
) -> Shipment:
    """Let somebody else pay, before the parcels leave: a pledge was withdrawn, or a donor steps in.

    What the old pledge was to pay is free again. Raises as `fund_shipment` does.
    """
    check_side(by, MAKES, shipment)

    def deed() -> Shipment:
        row = locked(shipment)
        if row.state != ShipmentState.FUNDED:
            raise WrongState("change_payer", row.state)
        _hold_pledges(row, pledge)
        free_money(row, by=by)
        price = row.cost_eur if cost_eur is None else cost_eur
        paid_from = pledge if payer == Payer.PLEDGE else None
        _check_payer(row, payer, paid_from, price)
        row.payer, row.pledge, row.cost_eur = payer, paid_from, price
        row.save(update_fields=["payer", "pledge", "cost_eur", "updated_at"])
        record(row, "change_payer", by=by, before=row.state, after=row.state, payer=payer)
        if paid_from is not None and price:
            allot(paid_from, price, by=by)
        return row

    return in_transaction(deed)


def _hold_pledges(row: Shipment, other: Pledge | None) -> None:
    """Lock the old and the new one in the one order of locks."""
    keys = [pledge.pk for pledge in (row.pledge, other) if pledge is not None]
    list(Pledge.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))


def free_money(row: Shipment, *, by: Any) -> None:
    """What a pledge was to pay for came to nothing before it cost anything; call it in the deed's transaction."""
    if row.pledge is not None and row.cost_eur and row.payer == Payer.PLEDGE:
        free_allotment(row.pledge, row.cost_eur, by=by)


def _price(row: Shipment, cost_eur: int | None) -> int | None:
    if row.state != ShipmentState.QUOTED:
        return cost_eur
    chosen = row.quotations.filter(is_chosen=True).first()
    if chosen is None:
        raise Refused(Reason("none_chosen", _("Choose one of the quotations first.")))
    return chosen.amount_eur


def _check_payer(row: Shipment, payer: str, pledge: Pledge | None, price: int | None) -> None:
    if payer not in Payer.values or payer == Payer.OPEN:
        raise Refused(Reason("nobody_pays", _("Say who pays the freight.")))
    if payer != Payer.PLEDGE:
        return
    if pledge is None or not Pledge.objects.to_pay_with().filter(pk=pledge.pk).exists():
        raise Refused(Reason("no_pledge", _("Choose a pledge of money that is agreed and not used up.")))
    if not price:
        raise Refused(Reason("no_price", _("Say what the freight costs; so much of the pledge is allotted.")))
    if pledge.countries and str(row.organisation.country) not in pledge.countries:
        raise Refused(Reason("other_country", _("This pledge is for other countries.")))


def _quotable(shipment: Shipment) -> Shipment:
    row = locked(shipment)
    if row.state not in QUOTABLE:
        raise WrongState("quote", row.state)
    return row


def _found(row: Shipment, quotation: Quotation) -> Quotation:
    found = row.quotations.filter(pk=quotation.pk).first()
    if found is None:
        raise Refused(Reason("gone", _("This quotation was taken away in the meantime. Look again.")))
    return found
