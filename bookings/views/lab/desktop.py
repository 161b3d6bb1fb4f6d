"""Try at once whether the screen of a unit can be reached, and say in words what stands in the way."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.actions.probing import TRIED_AGAIN, take_answer
from bookings.desktop.probe import BRIEF, probe
from instruments.actions.desktop import ask
from instruments.enums import DesktopTrouble
from instruments.models import Desktop, Instrument
from portal.accounts.requests import SignedInRequest


@login_required
@require_POST
def try_now(request: SignedInRequest, pk: int) -> HttpResponse:
    """For who runs the instrument; the answer comes within eight seconds."""
    run = Instrument.objects.managed_by(request.user).order_by().values("pk")
    rows = Desktop.objects.select_related("unit__instrument").filter(unit__instrument__in=run)
    desktop = get_object_or_404(rows, unit=pk)
    if not ask(desktop, timezone.now(), every=TRIED_AGAIN):
        messages.warning(request, _("It is being tried already. Look again in a few seconds."))
    else:
        trouble = probe(desktop, patience=BRIEF)
        take_answer(desktop, trouble)
        if trouble:
            words = {"unit": desktop.unit.name, "trouble": DesktopTrouble(trouble).label}
            messages.error(request, _("%(unit)s cannot be reached: %(trouble)s.") % words)
        else:
            messages.success(request, _("%(unit)s answers.") % {"unit": desktop.unit.name})
    return redirect("desk_instruments:desktops", desktop.unit.instrument.slug)
