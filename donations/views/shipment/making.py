"""Staff prepare a shipment; who sends packs it."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from donations.actions import shipment as actions
from donations.actions.shipment.held import open_matches
from donations.enums import Payer, ShipmentState
from donations.forms.shipment import DetailsForm, FundForm, MakeForm, ParcelForm, QuotationForm
from donations.models import Match, Shipment
from donations.rules.shipment import MAKES, REPORTS
from donations.views.shipment.common import either_way, found, of_side, typed, with_form
from portal.accounts.requests import SignedInRequest
from portal.core.access import staff_only
from portal.core.deeds import done
from portal.core.errors import Refused
from portal.core.paging import page_of


@require_safe
@staff_only
def to_make(request: SignedInRequest) -> HttpResponse:
    """Accepted matches that are in no shipment, oldest first."""
    page = page_of(request, Match.objects.to_ship().for_list().order_by("pk"))
    return render(request, "donations/shipment_to_make.html", {"page": page})


@either_way
@staff_only
def make(request: SignedInRequest, match: str) -> HttpResponse:
    """A shipment for an accepted match, with the others between the same two that are ready to go."""
    first = get_object_or_404(Match.objects.for_list(), ref=match)
    form = MakeForm(_together(first), typed(request), initial={"matches": [first.pk]})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = actions.make_shipment(form.cleaned_data["matches"], by=request.user)
            except Refused as refusal:
                form.add_error(None, [reason.message for reason in refusal.reasons])
                status = refusal.status
            else:
                return redirect(made)
    return render(request, "donations/shipment_make.html", {"form": form, "match": first}, status=status)


@either_way
@login_required
def add(request: SignedInRequest, ref: str) -> HttpResponse:
    """Matches between the same two that are ready to go along."""
    shipment = of_side(request, ref, MAKES)
    ready = Match.objects.to_ship().filter(offer__donor=shipment.donor_id, need__organisation=shipment.organisation_id)
    form = MakeForm(ready.for_list().order_by("pk"), typed(request))

    def deed(cleaned: dict[str, Any]) -> None:
        for match in cleaned["matches"]:
            actions.add_match(shipment, match, by=request.user)

    words: dict[str, Any] = {
        "heading": _("Send something else along"),
        "button": _("Put it in"),
        "is_empty": not ready.exists(),
    }
    return with_form(request, shipment, form, deed, _("Put into the shipment."), **words)


@require_POST
@login_required
def take_out(request: SignedInRequest, ref: str, pk: int) -> HttpResponse:
    shipment = of_side(request, ref, MAKES)
    match = get_object_or_404(shipment.matches, pk=pk)
    done(request, partial(actions.take_out, shipment, match, by=request.user), _("Taken out of the shipment."))
    return redirect(shipment)


@either_way
@login_required
def change(request: SignedInRequest, ref: str) -> HttpResponse:
    """Addresses, terms, carrier."""
    shipment = of_side(request, ref, MAKES)
    form = DetailsForm(typed(request), instance=found(request, ref))  # the form writes on an instance of its own

    def deed(cleaned: dict[str, Any]) -> Shipment:
        return actions.change_details(shipment, form.columns(), by=request.user)

    words: dict[str, Any] = {"heading": _("Addresses and terms"), "button": _("Save")}
    return with_form(request, shipment, form, deed, _("Saved."), **words)


@either_way
@login_required
def parcel(request: SignedInRequest, ref: str, pk: int | None = None) -> HttpResponse:
    """A new parcel, or one that is packed anew."""
    shipment = of_side(request, ref, REPORTS)
    row = get_object_or_404(shipment.parcels.prefetch_related("lines"), pk=pk) if pk else None
    form = ParcelForm(open_matches(shipment), typed(request), parcel=row)

    def deed(cleaned: dict[str, Any]) -> object:
        if row:
            return actions.change_parcel(row, form.packed(), by=request.user)
        return actions.add_parcel(shipment, form.packed(), by=request.user)

    heading = _("Parcel %(number)d") % {"number": row.number} if row else _("A new parcel")
    return with_form(request, shipment, form, deed, _("The parcel is kept."), heading=heading, button=_("Save"))


@require_POST
@login_required
def parcel_remove(request: SignedInRequest, ref: str, pk: int) -> HttpResponse:
    shipment = of_side(request, ref, REPORTS)
    row = get_object_or_404(shipment.parcels, pk=pk)
    done(request, partial(actions.remove_parcel, row, by=request.user), _("The parcel is taken away."))
    return redirect(shipment)


@either_way
@login_required
def quotation(request: SignedInRequest, ref: str) -> HttpResponse:
    """What a carrier asks for."""
    shipment = of_side(request, ref, MAKES)
    form = QuotationForm(typed(request))
    deed = partial(actions.add_quotation, shipment, by=request.user)
    words: dict[str, Any] = {"heading": _("A quotation"), "button": _("Save")}
    return with_form(request, shipment, form, deed, _("The quotation is kept."), **words)


@require_POST
@login_required
def quotation_choose(request: SignedInRequest, ref: str, pk: int) -> HttpResponse:
    shipment = of_side(request, ref, MAKES)
    row = get_object_or_404(shipment.quotations.select_related("shipment"), pk=pk)
    done(request, partial(actions.choose_quotation, row, by=request.user), _("This quotation is chosen."))
    return redirect(shipment)


@require_POST
@login_required
def quotation_remove(request: SignedInRequest, ref: str, pk: int) -> HttpResponse:
    shipment = of_side(request, ref, MAKES)
    row = get_object_or_404(shipment.quotations.select_related("shipment"), pk=pk)
    done(request, partial(actions.remove_quotation, row, by=request.user), _("The quotation is removed."))
    return redirect(shipment)


@either_way
@login_required
def fund(request: SignedInRequest, ref: str) -> HttpResponse:
    """Who pays the freight; or, before it leaves, who else pays it."""
    shipment = of_side(request, ref, MAKES)
    is_funded = shipment.state == ShipmentState.FUNDED
    payer = shipment.payer if shipment.payer != Payer.OPEN else None
    known = {"payer": payer, "cost_eur": shipment.cost_eur}
    form = FundForm(typed(request), is_quoted=shipment.state == ShipmentState.QUOTED, initial=known)

    def deed(cleaned: dict[str, Any]) -> Shipment:
        does = actions.change_payer if is_funded else actions.fund_shipment
        return does(shipment, by=request.user, **cleaned)

    words: dict[str, Any] = {"heading": _("Who pays the freight"), "button": _("The freight is paid for")}
    said = _("Somebody else pays.") if is_funded else _("Paid for. The donor is told to send it.")
    return with_form(request, shipment, form, deed, said, **words)


def _together(first: Match) -> Any:
    """Those between the same donor and organisation that are ready to go, the one asked for among them."""
    rows = Match.objects.to_ship().filter(
        offer__donor=first.offer.donor_id, need__organisation=first.need.organisation_id
    )
    return rows.for_list().order_by("pk")
