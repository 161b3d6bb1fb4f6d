"""The list of shipments, one of them, and its papers."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from donations import papers
from donations.actions.shipment import lacks
from donations.actions.shipment.making import BEFORE
from donations.actions.shipment.money import QUOTABLE
from donations.actions.shipment.way import TRACKED
from donations.enums import ARRIVED, Paper, ShipmentState
from donations.models import Match, ParcelLine, Shipment
from donations.rules.shipment import BOTH, MAKES, REPORTS, can_remove_photo, sides_of, verbs_for
from donations.shipment_words import history_in_words, progress_in_words
from donations.views.shipment.common import found
from portal.accounts.requests import SignedInRequest
from portal.core.files import no_store
from portal.core.paging import page_of
from portal.core.together import ask_together


@require_safe
@login_required
def listing(request: SignedInRequest) -> HttpResponse:
    """Shipments that are not over yet; `?past=1` the others."""
    rows = Shipment.objects.visible_to(request.user).for_list()
    is_past = "past" in request.GET
    open_ones = Shipment.objects.open().values("pk")
    page = page_of(request, rows.exclude(pk__in=open_ones) if is_past else rows.filter(pk__in=open_ones))
    return render(request, "donations/shipment_list.html", {"page": page, "past": is_past})


@require_safe
@login_required
def detail(request: SignedInRequest, ref: str) -> HttpResponse:
    shipment = found(request, ref)
    sides = sides_of(request.user, shipment)
    is_before, makes = shipment.state in BEFORE, MAKES in sides
    packed_in = Prefetch("lines", ParcelLine.objects.select_related("match__offer"))
    parts = {
        "parcels": shipment.parcels.prefetch_related(packed_in),
        "quotations": shipment.quotations.all() if makes else shipment.quotations.none(),
        "events": shipment.events.all(),
        "photos": shipment.photos.all(),
    }
    things = _things(shipment)
    ask_together([*parts.values(), *things])
    context = parts | {
        "shipment": shipment,
        "removable": {row.pk for row in parts["photos"] if can_remove_photo(request.user, shipment, row)},
        "lines": _lines(*things),
        "papers": papers.available(shipment),
        "history": history_in_words(shipment),
        "progress": progress_in_words(shipment),
        "verbs": verbs_for(sides, shipment),
        "lacks": [reason.message for reason in lacks(shipment)] if is_before and REPORTS in sides else [],
        "makes": makes,
        "packs": is_before and REPORTS in sides,
        "quotes": makes and shipment.state in QUOTABLE,
        "changes": makes and Shipment.objects.open().filter(pk=shipment.pk).exists(),
        "puts_in": makes and is_before,
        "tracks": bool(sides & BOTH) and shipment.state in TRACKED,
        "shows": bool(sides & BOTH) and shipment.state in (*ARRIVED, ShipmentState.DAMAGED),
    }
    return render(request, "donations/shipment_detail.html", context)


@require_safe
@login_required
def paper(request: SignedInRequest, ref: str, name: str) -> HttpResponse:
    """One of its papers in the language of the page; 404 while it makes no sense."""
    shipment = found(request, ref)
    if name not in Paper.values or Paper(name) not in papers.available(shipment):
        raise Http404
    response = HttpResponse(papers.drawn(shipment, Paper(name)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}-{shipment.ref}.pdf"'
    return no_store(response)


def _things(shipment: Shipment) -> tuple[Any, Any, Any]:
    """Questions after what is in it: the matches; (match, how many of it are packed); those still to be delivered."""
    counted = ParcelLine.objects.filter(parcel__shipment=shipment).values_list("match").annotate(Sum("quantity"))
    return (
        Match.objects.filter(places__shipment=shipment).for_list().order_by("pk"),
        counted.order_by(),
        shipment.places.filter(is_open=True).values_list("match", flat=True),
    )


def _lines(matches: Any, counted: Any, undelivered: Any) -> list[dict[str, Any]]:
    """What is in it, of the answers to these questions."""
    packed, open_keys = dict(counted), set(undelivered)
    return [{"match": match, "packed": packed.get(match.pk, 0), "is_open": match.pk in open_keys} for match in matches]
