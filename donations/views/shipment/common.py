"""What the pages of shipments share."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from donations.models import Shipment
from donations.rules.shipment import sides_of
from portal.accounts.requests import SignedInRequest
from portal.core.deeds import DONE, done_with
from portal.core.errors import Forbidden

either_way = require_http_methods(["GET", "HEAD", "POST"])


def found(request: SignedInRequest, ref: str) -> Shipment:
    """The shipment, if this person may see it; else 404."""
    return get_object_or_404(Shipment.objects.visible_to(request.user).for_list(), ref=ref)


def of_side(request: SignedInRequest, ref: str, *sides: str) -> Shipment:
    """The same for those who are on one of these sides; Forbidden for the others."""
    shipment = found(request, ref)
    if not sides_of(request.user, shipment) & set(sides):
        raise Forbidden
    return shipment


def typed(request: SignedInRequest) -> Any:
    """What was posted, for a form; None on GET."""
    return request.POST if request.method == "POST" else None


def with_form(
    request: SignedInRequest,
    shipment: Shipment,
    form: Any,
    deed: Callable[[dict[str, Any]], object],
    success: str,
    *,
    heading: str,
    button: str,
    template: str = "donations/shipment_form.html",
    **context: Any,
) -> HttpResponse:
    """Show the form; on a good POST do the deed and go to the shipment, on a bad one show it again with sentences."""
    status = done_with(request, form, deed, success)
    if status == DONE:
        return redirect(shipment)
    told = {"shipment": shipment, "form": form, "heading": heading, "button": button, **context}
    return render(request, template, told, status=status)
