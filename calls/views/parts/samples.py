"""Declared samples: add, change, remove."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from calls.actions.application import samples as actions
from calls.forms.parts import SampleForm
from calls.models import Application, ApplicationSample
from calls.views.steps import written
from portal.core.deeds import DONE, done, done_with

STEP = "samples"
either_way = require_http_methods(["GET", "HEAD", "POST"])


@either_way
@login_required
def add(request: HttpRequest, ref: str) -> HttpResponse:
    application, _asked = written(request, ref, STEP)
    form = SampleForm(request.POST if request.method == "POST" else None)
    status = done_with(
        request,
        form,
        lambda _typed: actions.add_sample(application, form.columns(), by=request.user),
        _("The sample is declared."),
    )
    return _list(application) if status == DONE else _page(request, application, form, None, status)


@either_way
@login_required
def change(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    application, _asked = written(request, ref, STEP)
    sample = get_object_or_404(application.samples, pk=pk)
    form = SampleForm(request.POST if request.method == "POST" else None, instance=sample)
    kept = get_object_or_404(application.samples, pk=pk)  # the form writes what was typed on its own instance
    status = done_with(
        request,
        form,
        lambda _typed: actions.change_sample(kept, form.columns(), by=request.user),
        _("The sample is changed."),
    )
    return _list(application) if status == DONE else _page(request, application, form, kept, status)


@require_POST
@login_required
def remove(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    application, _asked = written(request, ref, STEP)
    sample = get_object_or_404(application.samples, pk=pk)
    done(request, lambda: actions.remove_sample(sample, by=request.user), _("The sample is removed."))
    return _list(application)


def _list(application: Application) -> HttpResponse:
    return redirect(reverse("applications:step", args=[application.ref, STEP]))


def _page(
    request: HttpRequest, application: Application, form: SampleForm, sample: ApplicationSample | None, status: int
) -> HttpResponse:
    context = {"application": application, "form": form, "sample": sample}
    return render(request, "calls/sample_form.html", context, status=status)
