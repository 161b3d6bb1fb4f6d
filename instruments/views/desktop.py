"""The desktops of an instrument's units: how each is reached, and whether it answers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from instruments import actions
from instruments.enums import DesktopTrouble
from instruments.forms import DesktopForm
from instruments.forms.desktop import NO_DESKTOP
from instruments.models import Desktop, Unit
from instruments.views.desk import managed, show
from portal.core.errors import Refused


@login_required
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    instrument = managed(request, slug)
    units = [(unit, _desktop(unit)) for unit in instrument.units.select_related("desktop")]
    rows = [(unit, desktop, _trouble(desktop)) for unit, desktop in units]
    return render(request, "instruments/desk_desktops.html", {"instrument": instrument, "rows": rows})


@login_required
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    instrument = managed(request, slug)
    unit: Unit = get_object_or_404(instrument.units.select_related("instrument", "desktop"), pk=pk)
    form, status = DesktopForm(_desktop(unit), request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _save(unit, form.cleaned_data, request.user)
            except Refused as error:
                show(form, error)
                status = error.status
            else:
                messages.success(request, _("Saved."))
                return redirect("desk_instruments:desktops", instrument.slug)
    context = {"instrument": instrument, "unit": unit, "form": form}
    return render(request, "instruments/desk_desktop.html", context, status=status)


def _save(unit: Unit, typed: dict[str, Any], by: Any) -> None:
    if typed["route"] != NO_DESKTOP:
        actions.set_desktop(unit, by=by, **typed)
    elif _desktop(unit):
        actions.remove_desktop(unit, by=by)


def _desktop(unit: Unit) -> Desktop | None:
    return getattr(unit, "desktop", None)


def _trouble(desktop: Desktop | None) -> str:
    """What stood in the way at the last attempt, in words."""
    return str(DesktopTrouble(desktop.trouble).label) if desktop and desktop.trouble else ""
