"""On the way and at its end: what sides and staff report."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from donations import tracking
from donations.actions import shipment as actions
from donations.actions.photo import add_photo, remove_photo
from donations.actions.shipment.held import open_matches
from donations.enums import EventSource, ShipmentState
from donations.forms.photo import PhotoForm
from donations.forms.shipment import AbandonForm, EventForm, ReceiptForm, RepairForm, SendForm, TrackingFileForm
from donations.models import Shipment
from donations.rules.shipment import BOTH, MAKES, RECEIVES, REPORTS
from donations.tracking import Seen
from donations.views.shipment.common import either_way, found, of_side, typed, with_form
from portal.accounts.requests import SignedInRequest
from portal.core.deeds import DONE, done
from portal.core.errors import Reason, Refused
from portal.core.forms import ReasonForm

USED = ("install", "use")
SAID = {
    "reach_customs": gettext_lazy("Noted: it is at customs."),
    "clear_customs": gettext_lazy("Noted: customs let it pass."),
    "resume": gettext_lazy("Noted: it goes on."),
    "install": gettext_lazy("Noted: it is installed. The donor is told."),
    "use": gettext_lazy("Noted: it is in use. The donor is told."),
    "close": gettext_lazy("Closed. In three, six and twelve months the laboratory is asked whether it is in use."),
}
TROUBLE: dict[str, tuple[Any, frozenset[str], Any, Any]] = {
    "hold": (actions.hold_shipment, BOTH, gettext_lazy("It is held"), gettext_lazy("Tell both sides")),
    "damage": (actions.report_damage, BOTH, gettext_lazy("Something is damaged"), gettext_lazy("Tell both sides")),
    "lose": (actions.lose_shipment, frozenset({MAKES}), gettext_lazy("It is lost"), gettext_lazy("It is lost")),
}


@either_way
@login_required
def send(request: SignedInRequest, ref: str) -> HttpResponse:
    shipment = of_side(request, ref, REPORTS)
    known = {name: getattr(shipment, name) for name in ("carrier", "tracking", "expected_on")}
    form = SendForm(typed(request), initial={"sent_on": timezone.localdate(), **known})

    def deed(cleaned: dict[str, Any]) -> Shipment:
        return actions.send_shipment(shipment, by=request.user, **cleaned)

    words: dict[str, Any] = {"heading": _("It has been sent"), "button": _("Tell the laboratory")}
    return with_form(request, shipment, form, deed, _("Sent. The laboratory has been told."), **words)


@require_POST
@login_required
def move(request: SignedInRequest, ref: str, verb: str) -> HttpResponse:
    """A step that needs no words."""
    shipment = found(request, ref)
    if verb not in SAID:
        raise Http404
    if verb == "close":
        actions.close_shipment(shipment, by=request.user)
    elif verb in USED:
        actions.put_to_use(shipment, verb, by=request.user)
    else:
        actions.move_on(shipment, verb, by=request.user)
    messages.success(request, str(SAID[verb]))
    return redirect(shipment)


@either_way
@login_required
def trouble(request: SignedInRequest, ref: str, verb: str) -> HttpResponse:
    """Held, damaged or lost, with the reason that everybody concerned reads."""
    deed, sides, heading, button = TROUBLE[verb]
    shipment = of_side(request, ref, *sides)
    form = ReasonForm(typed(request), longest=500, hint=_("Both sides read it."))
    words: dict[str, Any] = {"heading": str(heading), "button": str(button), "is_final": verb == "lose"}

    def does(cleaned: dict[str, Any]) -> object:
        return deed(shipment, by=request.user, why=cleaned["why"])

    return with_form(request, shipment, form, does, _("Noted. Those concerned are told."), **words)


@either_way
@login_required
def abandon(request: SignedInRequest, ref: str) -> HttpResponse:
    shipment = of_side(request, ref, MAKES)
    form = AbandonForm(typed(request), is_held=shipment.state == ShipmentState.HELD)

    def deed(cleaned: dict[str, Any]) -> Shipment:
        return actions.abandon_shipment(shipment, by=request.user, why=cleaned["why"], goes_back=form.goes_back)

    words: dict[str, Any] = {"heading": _("Abandon the shipment"), "button": _("Abandon it"), "is_final": True}
    return with_form(request, shipment, form, deed, _("Abandoned. Both sides are told."), **words)


@either_way
@login_required
def track(request: SignedInRequest, ref: str) -> HttpResponse:
    """A line of tracking by hand."""
    shipment = of_side(request, ref, *BOTH)
    form = EventForm(typed(request), initial={"at": timezone.localtime()})

    def deed(cleaned: dict[str, Any]) -> None:
        if not actions.add_events(shipment, [Seen(**cleaned)], by=request.user):
            raise Refused(Reason("known", _("This line is there already.")))

    words: dict[str, Any] = {"heading": _("Where it was seen"), "button": _("Save")}
    return with_form(request, shipment, form, deed, _("The line is kept."), **words)


@either_way
@login_required
def track_file(request: SignedInRequest, ref: str) -> HttpResponse:
    """A carrier's CSV: all of its lines or none, unless those with faults are to be left out."""
    shipment = of_side(request, ref, *BOTH)
    is_sent = request.method == "POST"
    form = TrackingFileForm(typed(request), request.FILES if is_sent else None)
    reading, status = tracking.Reading(), 400 if is_sent else 200
    if is_sent and form.is_valid():
        reading = _read(form.cleaned_data["file"])
        status = _keep(request, shipment, form, reading)
    if status == DONE:
        return redirect(shipment)
    context = {"shipment": shipment, "form": form, "is_upload": True, "faults": reading.faults}
    words: dict[str, Any] = {"heading": _("Read a carrier’s file"), "button": _("Read it")}
    return render(request, "donations/shipment_form.html", context | words, status=status)


@either_way
@login_required
def receive(request: SignedInRequest, ref: str) -> HttpResponse:
    """What came, with a photograph; more can follow."""
    shipment = of_side(request, ref, RECEIVES)
    is_sent = request.method == "POST"
    form = ReceiptForm(
        open_matches(shipment),
        typed(request),
        request.FILES if is_sent else None,
        initial={"received_on": timezone.localdate()},
    )

    def deed(cleaned: dict[str, Any]) -> None:
        day, words = cleaned["received_on"], cleaned["words"]
        photos = [(cleaned["file"], cleaned["alt"])] if cleaned.get("file") else []
        actions.receive_shipment(
            shipment, by=request.user, received_on=day, words=words, short=form.short(), photos=photos
        )

    words: dict[str, Any] = {"heading": _("It has come"), "button": _("Sign the receipt"), "is_upload": True}
    template = "donations/shipment_receive.html"
    return with_form(request, shipment, form, deed, _("Received. The donor is told."), template=template, **words)


@either_way
@login_required
def repair(request: SignedInRequest, ref: str) -> HttpResponse:
    shipment = of_side(request, ref, RECEIVES)
    form = RepairForm(open_matches(shipment), typed(request))

    def deed(cleaned: dict[str, Any]) -> Shipment:
        return actions.repair_shipment(shipment, by=request.user, words=cleaned["words"], short=form.short())

    words: dict[str, Any] = {"heading": _("It is repaired"), "button": _("It works again")}
    template = "donations/shipment_receive.html"
    return with_form(request, shipment, form, deed, _("Noted. The donor is told."), template=template, **words)


@either_way
@login_required
def photo(request: SignedInRequest, ref: str) -> HttpResponse:
    """One more photograph of what came, or of what broke."""
    shipment = of_side(request, ref, *BOTH)
    form = PhotoForm(typed(request), request.FILES if request.method == "POST" else None)

    def deed(cleaned: dict[str, Any]) -> object:
        return add_photo(shipment, cleaned["file"], cleaned["alt"], by=request.user)

    words: dict[str, Any] = {"heading": _("A photograph"), "button": _("Add it"), "is_upload": True}
    return with_form(request, shipment, form, deed, _("The photograph is kept."), **words)


@require_POST
@login_required
def photo_remove(request: SignedInRequest, ref: str, pk: int) -> HttpResponse:
    shipment = of_side(request, ref, *BOTH)
    row = get_object_or_404(shipment.photos, pk=pk)
    done(request, lambda: remove_photo(row, by=request.user), _("The photograph is removed."))
    return redirect(shipment)


def _read(upload: Any) -> tracking.Reading:
    """No more of it than may be read."""
    return tracking.read(upload.read(tracking.MOST_BYTES + 1), timezone.get_current_timezone())


def _keep(request: SignedInRequest, shipment: Shipment, form: Any, reading: tracking.Reading) -> int:
    """Keep what was read; return DONE, or the status to show the form with."""
    if reading.trouble:
        form.add_error("file", reading.trouble)
        return 400
    if reading.faults and not (form.cleaned_data["leave_out"] and reading.seen):
        form.add_error("file", _("Nothing was kept: some lines have faults."))
        return 400
    try:
        new = actions.add_events(shipment, reading.seen, by=request.user, source=EventSource.CSV)
    except Refused as refusal:
        form.add_error(None, [reason.message for reason in refusal.reasons])
        return refusal.status
    messages.success(request, ngettext("%(number)d line is new.", "%(number)d lines are new.", new) % {"number": new})
    return DONE
