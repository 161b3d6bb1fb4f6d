"""The endorsement: asked for by those who write, given or refused by the focal point."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from calls.actions.application import endorsement as actions
from calls.forms.parts import EndorseForm
from calls.models import Application
from calls.querysets.application import OPEN
from calls.rules.application import may
from calls.views.parts.beside import endorsement_of
from calls.views.steps import written
from portal.core.deeds import DONE, done, done_with
from portal.core.errors import Forbidden

STEP = "organisation"


@require_POST
@login_required
def ask(request: HttpRequest, ref: str) -> HttpResponse:
    application, _asked = written(request, ref, STEP)
    done(request, lambda: actions.ask(application, by=request.user), _("Your focal point is asked by mail."))
    return redirect(reverse("applications:step", args=[application.ref, STEP]))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def endorse(request: HttpRequest, ref: str) -> HttpResponse:
    """The whole application, and beneath it the question; 403 to those who may read it and not answer."""
    application = get_object_or_404(Application.objects.visible_to(request.user).for_list(), ref=ref)
    if not may(request.user, "endorse_application", application):
        raise Forbidden
    form = EndorseForm(request.POST if request.method == "POST" else None)
    status = done_with(
        request,
        form,
        lambda typed: actions.answer(application, is_given=typed["is_given"], note=typed["note"], by=request.user),
        _("Your answer is with the applicant."),
    )
    if status == DONE:
        return redirect(reverse("applications:endorse", args=[application.ref]))
    endorsement = endorsement_of(application)
    is_asked = endorsement is not None and endorsement.is_given is None
    context = {
        "application": application,
        "endorsement": endorsement,
        "form": form,
        "can_answer": is_asked and application.state in OPEN,
    }
    return render(request, "calls/application_endorse.html", context, status=status)
