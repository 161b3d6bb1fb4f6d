"""The sections of an application's form: a page each, saved at Continue and, while somebody types, by script."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from calls import steps
from calls.actions.application import draft
from calls.forms.application import FORMS, StepForm
from calls.models import Application
from calls.rules.application import may
from calls.steps import Step
from calls.views.parts.beside import beside, leads_to
from portal.accounts.models import User
from portal.core import drafting
from portal.core.errors import Forbidden, Refused


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def step(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    """Show a section; at Continue save it and go on. What somebody else saved meanwhile is shown beside (409)."""
    application, asked = written(request, ref, step)
    is_later = "later" in request.POST or request.POST.get("then", "stay") != "stay"
    form = form_of(application, asked, request.POST if request.method == "POST" else None, later=is_later)
    if request.method != "POST":
        return _page(request, application, asked, form)
    if not form.is_valid():
        return _page(request, application, asked, form, 400)
    try:
        draft.save_step(
            application, step, form.columns(), version=form.typed_version, by=request.user, done=not is_later
        )
    except draft.StepConflict as conflict:
        return _both(request, application, asked, conflict)
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason.message)
        return _page(request, application, asked, form, refusal.status)
    if "then" in request.POST:
        return redirect(leads_to(application, step))
    return redirect(application) if is_later else redirect(onward(request, application, step))


@require_POST
@login_required
def autosave(request: HttpRequest, ref: str, step: str) -> JsonResponse:
    """Save what is typed so far: {"version": int, "message": str}; 409 where somebody else saved meanwhile.

    What cannot be understood yet is left out, and the message says so.
    """
    application, asked = written(request, ref, step)
    form = form_of(application, asked, request.POST, later=True)
    form.is_valid()
    try:
        saved = draft.save_step(
            application, step, form.columns(), version=form.typed_version, by=request.user, done=None
        )
    except Refused as refusal:
        return drafting.not_saved(refusal)
    return drafting.saved(saved.version_of(step), form)


def written(request: HttpRequest, ref: str, name: str) -> tuple[Application, Step]:
    """The application in whose section called `name` this person may write; 404 where they see none, 403, 404."""
    application = get_object_or_404(Application.objects.visible_to(request.user).for_list(), ref=ref)
    asked = steps.step_of(application.call, name)
    if asked is None:
        raise Http404
    if not may(request.user, "edit_application", application):
        raise Forbidden
    return application, asked


def form_of(application: Application, asked: Step, data: Any = None, *, later: bool = False) -> StepForm:
    return FORMS.get(asked.name, StepForm)(application, asked, data, later=later)


def onward(request: HttpRequest, application: Application, name: str) -> str:
    """Where Continue leads: the next section, or the check page after the last and when one came from there."""
    following = steps.after(application.call, name)
    if following is None or "check" in request.GET:
        return reverse("applications:check", args=[application.ref])
    return reverse("applications:step", args=[application.ref, following.name])


def frame(application: Application, asked: Step) -> dict[str, Any]:
    """What every page of a section needs, whoever draws it."""
    names = [each.name for each in steps.steps_of(application.call)]
    return {
        "application": application,
        "step": asked,
        "number": names.index(asked.name) + 1,
        "total": len(names),
        "saved_at": application.steps.get(asked.name, {}).get("at", ""),
    }


def _page(
    request: HttpRequest, application: Application, asked: Step, form: StepForm, status: int = 200
) -> HttpResponse:
    context = frame(application, asked) | {"form": form, "rows": [(bound, "") for bound in form]}
    return _drawn(request, application, asked, context, status)


def _both(request: HttpRequest, application: Application, asked: Step, conflict: draft.StepConflict) -> HttpResponse:
    """What was typed beside what is stored; sent again, it carries the stored version and so may replace it."""
    data = request.POST.copy()
    data["version"] = str(conflict.version)
    application.refresh_from_db()
    form = form_of(application, asked, data, later=True)
    form.is_valid()
    for name in asked.required:
        form.fields[name].required = True  # validated as unfinished, drawn as what it is
    typed = form.columns()
    theirs = {
        name: _shown(form, name, value)
        for name, value in conflict.stored.items()
        if getattr(typed.get(name), "pk", typed.get(name)) != value
    }
    rows = [(bound, theirs.get(bound.name, "")) for bound in form]
    saver = User.objects.filter(pk=application.steps.get(asked.name, {}).get("by")).first()
    context = frame(application, asked) | {"form": form, "rows": rows, "conflict": conflict, "saver": saver}
    return _drawn(request, application, asked, context, conflict.status)


def _drawn(
    request: HttpRequest, application: Application, asked: Step, context: dict[str, Any], status: int
) -> HttpResponse:
    """A section with lists beside its fields has a template of its own."""
    templates = [f"calls/step_{asked.name}.html", "calls/application_step.html"]
    return render(request, templates, beside(application, asked.name, request.user) | context, status=status)


def _shown(form: StepForm, name: str, value: Any) -> str:
    """A stored value as people read it."""
    if value in (None, ""):
        return _("Nothing")
    field: Any = form.fields[name]
    choices = {str(getattr(key, "value", key)): str(label) for key, label in getattr(field, "choices", ())}
    return choices.get(str(value), str(field.prepare_value(value)))
