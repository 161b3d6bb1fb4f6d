"""Files of an application: send, fetch, remove."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from calls.actions.application import attachments as actions
from calls.forms.parts import UploadForm
from calls.models import Application, Attachment
from calls.views.parts.beside import beside
from calls.views.steps import frame, written
from portal.core.deeds import DONE, done, done_with
from portal.core.files import handed_out

STEP = "files"


@require_POST
@login_required
def upload(request: HttpRequest, ref: str) -> HttpResponse:
    """Keep a file, or show the section again with what is wrong with it."""
    application, asked = written(request, ref, STEP)
    form = UploadForm(request.POST, request.FILES)
    status = done_with(
        request,
        form,
        lambda typed: actions.attach(application, typed["file"], by=request.user),
        _("The file is attached."),
    )
    if status == DONE:
        return _list(application)
    context = frame(application, asked) | beside(application, STEP, request.user) | {"form": form, "upload": form}
    return render(request, "calls/step_files.html", context, status=status)


@require_safe
@login_required
def fetch(request: HttpRequest, ref: str, pk: int) -> HttpResponseBase:
    """The file, to be saved. Those who review without names get it without its name."""
    shown = Attachment.objects.visible_to(request.user)
    attachment: Any = get_object_or_404(shown, application__ref=ref, pk=pk)
    name = attachment.name if attachment.is_named else attachment.blind_name
    return handed_out(attachment.file, name, attachment.content_type)


@require_POST
@login_required
def remove(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    application, _asked = written(request, ref, STEP)
    attachment = get_object_or_404(application.attachments, pk=pk)
    done(request, lambda: actions.detach(attachment, by=request.user), _("The file is removed."))
    return _list(application)


def _list(application: Application) -> HttpResponse:
    return redirect(reverse("applications:step", args=[application.ref, STEP]))
