"""The report on an award: written once by its holder, read by all who see the award."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.actions.outcome import report_outcome
from bookings.forms import OutcomeForm
from bookings.models import Outcome
from calls.enums import AwardState
from calls.models import Award
from calls.rules.award import can_report
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: SignedInRequest, ref: str) -> HttpResponse:
    """The report, or the form while it is still to be written, or when it can be."""
    award = get_object_or_404(Award.objects.visible_to(request.user).for_list(), ref=ref)
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                report_outcome(award, by=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, [reason.message for reason in refusal.reasons])
                status = refusal.status
            else:
                messages.success(request, _("Thank you. The report is kept with the award."))
                return redirect(request.path)
    context = {
        "award": award,
        "form": form,
        "outcome": Outcome.objects.filter(award=award).select_related("reported_by").first(),
        "can_write": award.state == AwardState.ENDED and can_report(request.user, award),
    }
    return render(request, "bookings/outcome_report.html", context, status=status)
