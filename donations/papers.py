"""The papers of a shipment, as PDF in the active language; what people wrote stays in theirs.

They are drawn when they are asked for, from what the portal knows at that moment. Values are those that donors stated;
the pro-forma invoice says that nothing is sold.
"""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from donations.enums import ARRIVED, Giving, Paper, Payer, ShipmentState
from donations.models import Match, Shipment
from portal.core.dates import date_format
from portal.core.times import months_after

if TYPE_CHECKING:
    from portal.core.pdf import Paper as Sheet

Rows = list[tuple[str, str]]
LINE = "_" * 40


def available(shipment: Shipment) -> list[Paper]:
    """Those that make sense now: a packing list needs parcels, a receipt that something came."""
    found = [Paper.OFFER_LETTER, Paper.CERTIFICATE, Paper.PRO_FORMA]
    if shipment.parcels.exists():
        found.append(Paper.PACKING_LIST)
    if shipment.state in ARRIVED or (shipment.state == ShipmentState.DAMAGED and shipment.received_on):
        found.append(Paper.RECEIPT)
    return found


def drawn(shipment: Shipment, paper: Paper) -> bytes:
    """The document as bytes of a PDF."""
    from portal.core.pdf import Paper as Sheet  # much memory, and a second, that pages do without

    title = _("%(paper)s for shipment %(ref)s") % {"paper": paper.label, "ref": shipment.ref}
    sheet = Sheet(
        title, language=get_language() or "en", running=f"{shipment.ref} · {paper.label}", author=shipment.donor.name
    )
    sheet.heading(str(paper.label), 17)
    sheet.rows([(_("Shipment"), shipment.ref), (_("Date"), _day(timezone.localdate())), *_parties(shipment)])
    WRITERS[paper](sheet, shipment, _matches(shipment))
    return sheet.content()


def _offer_letter(sheet: "Sheet", shipment: Shipment, matches: list[Match]) -> None:
    sheet.heading(_("What is offered"))
    sentence = _(
        "%(donor)s offers the equipment named below to %(organisation)s, free of charge, for teaching and research. It "
        "was tested and checked before it was offered; the receiving laboratory has accepted it."
    )
    sheet.paragraph(sentence % {"donor": _giver(matches), "organisation": shipment.organisation})
    for match in matches:
        offer = match.offer
        sheet.row(_number(match), _lines(_named(match), str(offer.get_condition_display()), _tested(match)))
        if offer.faults:
            sheet.row(_("Known faults"), offer.faults)
        sheet.row(_("What it is for"), _lines(match.need.title, match.need.why))
    sheet.heading(_("Terms"))
    sheet.rows(_terms(shipment))
    _signed(sheet, _("For the donor"), _("For the receiving laboratory"))


def _certificate(sheet: "Sheet", shipment: Shipment, matches: list[Match]) -> None:
    for giving in Giving:
        lines = [match for match in matches if match.offer.giving == giving]
        if not lines:
            continue
        sheet.heading(_("Gift") if giving == Giving.GIFT else _("Loan"))
        sheet.paragraph(_certified(giving, shipment, lines))
        for match in lines:
            sheet.row(_number(match), _lines(_named(match), _serials(match), _back(match, shipment)))
    _signed(sheet, _("For the donor"), _("For the receiving laboratory"))


def _certified(giving: Giving, shipment: Shipment, matches: list[Match]) -> str:
    if giving == Giving.GIFT:
        sentence = _(
            "This is to certify that %(donor)s gives the equipment named below to %(organisation)s as a gift. No money "
            "or service is asked for it. With its delivery it belongs to the receiving organisation."
        )
    else:
        sentence = _(
            "This is to certify that %(donor)s lends the equipment named below to %(organisation)s free of charge. It "
            "remains the property of the donor and goes back on the day named."
        )
    return sentence % {"donor": _giver(matches), "organisation": shipment.organisation}


def _pro_forma(sheet: "Sheet", shipment: Shipment, matches: list[Match]) -> None:
    sheet.paragraph(_("Not for sale: a donation without payment. Values are stated for customs only."))
    sheet.heading(_("Goods"))
    total = 0
    for match in matches:
        value = match.offer.value_eur
        worth = _("no value stated") if value is None else _worth(match.quantity, value)
        total += match.quantity * (value or 0)
        condition = str(match.offer.get_condition_display())
        sheet.row(_number(match), _lines(_named(match), condition, _country(match.offer), worth))
    sheet.row(_("Total value"), _euros(total))
    if shipment.cost_eur:
        sheet.row(_("Freight"), _euros(shipment.cost_eur))
    sheet.heading(_("Terms"))
    sheet.rows([*_terms(shipment), *_weights(shipment)])
    _signed(sheet, _("For the donor"))


def _packing_list(sheet: "Sheet", shipment: Shipment, matches: list[Match]) -> None:
    by_key = {match.pk: match for match in matches}
    sheet.rows(_weights(shipment))
    for parcel in shipment.parcels.prefetch_related("lines"):
        sheet.heading(_("Parcel %(number)d") % {"number": parcel.number})
        size = f"{parcel.length_cm} × {parcel.width_cm} × {parcel.height_cm} cm"
        sheet.row(_("Size and weight"), _lines(size, f"{_decimal(parcel.weight_kg)} kg", parcel.packing))
        for line in parcel.lines.all():
            match = by_key.get(line.match_id)
            sheet.row(f"{line.quantity} ×", _lines(_named(match), _serials(match)) if match else "")
    if shipment.dangerous:
        sheet.row(_("Dangerous goods"), shipment.dangerous)


def _receipt(sheet: "Sheet", shipment: Shipment, matches: list[Match]) -> None:
    gone = {place.match_id for place in shipment.places.filter(match__state="failed")}
    sheet.heading(pgettext("shipment", "Received"))
    sheet.rows([(_("Received on"), _day(shipment.received_on)), (_("Received by"), _who(shipment.received_by))])
    for match in matches:
        if match.pk not in gone:
            sheet.row(_number(match), _lines(_named(match), _serials(match)))
    if gone:
        sheet.heading(_("Missing or broken"))
        for match in matches:
            if match.pk in gone:
                sheet.row(_number(match), _lines(_named(match), match.why))
    if shipment.receipt_words:
        sheet.row(_("What came, and in which condition"), shipment.receipt_words)
    _signed(sheet, _("For the receiving laboratory"))


WRITERS: dict[Paper, Callable[["Sheet", Shipment, list[Match]], None]] = {
    Paper.OFFER_LETTER: _offer_letter,
    Paper.CERTIFICATE: _certificate,
    Paper.PRO_FORMA: _pro_forma,
    Paper.PACKING_LIST: _packing_list,
    Paper.RECEIPT: _receipt,
}


def _matches(shipment: Shipment) -> list[Match]:
    return list(Match.objects.filter(places__shipment=shipment).for_list().order_by("pk"))


def _parties(shipment: Shipment) -> Rows:
    to = _lines(shipment.organisation.name, shipment.deliver_to, _country(shipment.organisation))
    contacts = {match.need.customs_contact for match in _matches(shipment)} - {""}
    rows = [
        (pgettext("sender", "From"), _lines(shipment.donor.name, shipment.pick_up, shipment.donor.email)),
        (pgettext("recipient", "To"), to),
    ]
    return [*rows, (_("Contact for customs"), "\n".join(sorted(contacts)))] if contacts else rows


def _country(row: Any) -> str:
    """Its name in the active language; nothing where it is not known."""
    return str(row.country.name) if row.country else ""


def _giver(matches: list[Match]) -> str:
    """In whose name it is given: organisations where there are some, else the person."""
    names = {str(match.offer.organisation or match.offer.donor.name) for match in matches}
    return ", ".join(sorted(names))


def _terms(shipment: Shipment) -> Rows:
    rows: Rows = []
    if shipment.incoterm:
        rows.append((_("Incoterm"), f"{shipment.get_incoterm_display()} {shipment.incoterm_place}".strip()))
    if shipment.hs_code:
        rows.append((_("HS code"), shipment.hs_code))
    rows.append((_("Freight is paid by"), _payer(shipment.payer)))
    rows.append((_("Customs are paid by"), _payer(shipment.customs_payer)))
    if shipment.carrier:
        rows.append((_("Carrier"), f"{shipment.carrier} {shipment.tracking}".strip()))
    rows.append((_("Dangerous goods"), shipment.dangerous or _("none")))
    return rows


def _weights(shipment: Shipment) -> Rows:
    parcels = list(shipment.parcels.all())
    if not parcels:
        return []
    weight = sum(parcel.weight_kg for parcel in parcels)
    return [(_("Parcels"), str(len(parcels))), (_("Weight in all"), f"{_decimal(weight)} kg")]


def _named(match: Match) -> str:
    offer = match.offer
    made = ", ".join(str(part) for part in (offer.maker, offer.model, offer.year) if part)
    return f"{offer.title} ({made})" if made else str(offer)


def _number(match: Match) -> str:
    return f"{match.quantity} ×"


def _serials(match: Match) -> str:
    return _("Serial numbers: %(serials)s") % {"serials": match.offer.serials} if match.offer.serials else ""


def _tested(match: Match) -> str:
    if not match.offer.tested_on:
        return ""
    return _("Functional test on %(day)s: %(method)s") % {
        "day": _day(match.offer.tested_on),
        "method": match.offer.test_method,
    }


def _back(match: Match, shipment: Shipment) -> str:
    """The day on which a loan goes back: its months after it came, or how many they are."""
    if match.offer.giving != Giving.LOAN or not match.offer.loan_months:
        return ""
    came = match.back_on or (
        months_after(shipment.received_on, match.offer.loan_months) if shipment.received_on else None
    )
    if came:
        return _("Goes back on %(day)s") % {"day": _day(came)}
    return _("Goes back %(months)d months after it came") % {"months": match.offer.loan_months}


def _worth(number: int, value: int) -> str:
    values = {"number": number, "value": _euros(value), "total": _euros(number * value)}
    return _("%(number)d at %(value)s: %(total)s") % values


def _payer(code: str) -> str:
    return str(Payer(code).label)


def _signed(sheet: "Sheet", *names: str) -> None:
    for name in names:
        sheet.ln(10)
        sheet.paragraph(LINE)
        sheet.paragraph(_("%(who)s: name, place, date, signature") % {"who": name}, muted=True)


def _euros(amount: int) -> str:
    return f"{number_format(amount, use_l10n=True, force_grouping=True)} EUR"


def _decimal(number: Any) -> str:
    return number_format(number, use_l10n=True)


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def _who(user: Any) -> str:
    return user.name if user else ""


def _lines(*parts: str) -> str:
    return "\n".join(part.strip() for part in parts if part and part.strip())
