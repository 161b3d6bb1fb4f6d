"""The laboratory's word: whether an application is feasible and safe on its instrument."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.actions.judging.check import record_checks
from calls.enums import ApplicationState, CheckKind
from calls.forms.judging import VerdictForm
from calls.models import Application
from calls.rules.application import may
from calls.views.desk import either_way
from portal.core.deeds import DONE, done_with
from portal.core.errors import Forbidden

QUESTIONS = {
    CheckKind.FEASIBLE: gettext_lazy("Is it feasible on this instrument, in the time asked for?"),
    CheckKind.SAFE: gettext_lazy("Is it safe for people, instrument and samples?"),
}


@either_way
@login_required
def feasibility(request: HttpRequest, ref: str) -> HttpResponse:
    """Both verdicts on one page, for the operators of the laboratory; once it has moved on, only to be read."""
    application = get_object_or_404(Application.objects.visible_to(request.user).for_list(), ref=ref)
    if not may(request.user, "check_feasibility", application):
        raise Forbidden
    form = VerdictForm(request.POST if request.method == "POST" else None, kinds=QUESTIONS, questions=QUESTIONS)
    status = done_with(
        request,
        form,
        lambda typed: record_checks(application, form.verdicts(), by=request.user),
        _("Thank you, your word is kept."),
    )
    if status == DONE:
        return redirect("applications:feasibility", ref)
    application.refresh_from_db(fields=["state"])
    context = {
        "application": application,
        "call": application.call,
        "form": form,
        "checks": application.checks.filter(kind__in=QUESTIONS).select_related("by"),
        "is_waiting": application.state == ApplicationState.FEASIBILITY,
    }
    return render(request, "calls/judging/feasibility.html", context, status=status)
