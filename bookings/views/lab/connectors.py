"""The programs that bring the screens of a laboratory to the portal: their state, codes for new ones, their end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.desktop.packing import program
from bookings.views.lab.common import instruments_run
from instruments.actions import connector as actions
from instruments.enums import AccessMode, DesktopRoute
from instruments.models import Connector, Desktop, Unit
from instruments.querysets import InstrumentQuerySet
from portal.accounts.requests import SignedInRequest
from portal.core.paging import page_of

PER_PAGE = 12


@dataclass(frozen=True)
class Line:
    """A unit with its connector, if there is one; `is_used` says whether sessions on it open their desktop so."""

    unit: Unit
    connector: Connector | None
    desktop: Desktop | None
    is_connected: bool
    is_waiting: bool

    @property
    def is_used(self) -> bool:
        return self.desktop is not None and self.desktop.route == DesktopRoute.CONNECTOR


@login_required
@require_safe
def connectors(request: SignedInRequest) -> HttpResponse:
    page = page_of(request, _units(instruments_run(request)), PER_PAGE)
    return render(request, "bookings/lab_connectors.html", {"page": page, "lines": list(_lines(page, timezone.now()))})


@login_required
@require_POST
@never_cache
def code(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new code; it stands on the answer to this POST and nowhere else, ever."""
    unit = get_object_or_404(_units(instruments_run(request)), pk=pk)
    connector, made = actions.make_code(unit, by=request.user)
    context = {"unit": unit, "connector": connector, "code": made, "site": settings.SITE_URL, "program": program()}
    return render(request, "bookings/lab_connector_code.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """A page that says what ends, and the deed."""
    rows = Connector.objects.managed_by(request.user).in_use().select_related("unit__instrument")
    connector = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        actions.revoke_connector(connector, by=request.user)
        messages.success(request, _("The connector of %(unit)s is revoked.") % {"unit": connector.unit.name})
        return redirect("lab:connectors")
    return render(request, "bookings/lab_connector_revoke.html", {"connector": connector, "unit": connector.unit})


@login_required
@require_safe
def guide(request: SignedInRequest) -> HttpResponse:
    instruments_run(request)
    return render(request, "bookings/lab_connector_guide.html", {"site": settings.SITE_URL, "program": program()})


@login_required
@require_safe
def download(request: SignedInRequest) -> HttpResponse:
    """The program, one file."""
    instruments_run(request)
    packed = program()
    answer = HttpResponse(packed.data, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{packed.name}"'
    return answer


def _units(run: InstrumentQuerySet) -> QuerySet[Unit]:
    """The units with a screen, by instrument: not those to which samples only go in, nor the practice instrument's."""
    rows = Unit.objects.filter(instrument__in=run.order_by().values("pk"), is_active=True)
    rows = rows.exclude(instrument__access_mode=AccessMode.MAIL_IN).exclude(desktop__route=DesktopRoute.PRACTICE)
    return rows.select_related("instrument", "desktop").order_by("instrument__name", "pk")


def _lines(units: Iterable[Unit], now: datetime) -> Iterable[Line]:
    units = list(units)
    found = {row.unit_id: row for row in Connector.objects.in_use().filter(unit__in=units)}
    for unit in units:
        connector = found.get(unit.pk)
        is_connected = connector is not None and connector.is_connected_at(now)
        until = connector.code_until if connector else None
        is_waiting = until is not None and until > now
        yield Line(unit, connector, getattr(unit, "desktop", None), is_connected, is_waiting)
