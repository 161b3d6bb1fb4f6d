"""Co-applicants: invite, join by the mail's link, what each may do, out again."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from calls.actions.application import team as actions
from calls.enums import TeamRole
from calls.forms.parts import InviteForm, RoleForm
from calls.models import Application, TeamMember
from calls.rules.application import is_applicant
from calls.views.steps import written
from portal.core.deeds import DONE, done, done_with
from portal.core.errors import Forbidden

STEP = "team"
either_way = require_http_methods(["GET", "HEAD", "POST"])


@either_way
@login_required
def invite(request: HttpRequest, ref: str) -> HttpResponse:
    """Whether the address has an account is not said, whatever is typed."""
    application = _own(request, ref)
    form = InviteForm(request.POST if request.method == "POST" else None)
    status = done_with(
        request,
        form,
        lambda typed: actions.invite(application, typed["address"], TeamRole(typed["role"]), by=request.user),
        _("The invitation is on its way."),
    )
    if status == DONE:
        return _list(application)
    return render(request, "calls/team_invite.html", {"application": application, "form": form}, status=status)


@require_POST
@login_required
def role(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    application = _own(request, ref)
    member = get_object_or_404(application.team, pk=pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        chosen = TeamRole(form.cleaned_data["role"])
        done(request, lambda: actions.change_role(member, chosen, by=request.user), _("Changed."))
    return _list(application)


@require_POST
@login_required
def remove(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    application = _own(request, ref)
    member = get_object_or_404(application.team, pk=pk)
    done(request, lambda: actions.remove(member, by=request.user), _("This person is not in the team any more."))
    return _list(application)


@require_POST
@login_required
def leave(request: HttpRequest, ref: str) -> HttpResponse:
    application = get_object_or_404(Application.objects.of_person(request.user), ref=ref)
    status = done(request, lambda: actions.leave(application, by=request.user), _("You take part no longer."))
    return redirect("applications:list" if status == 200 else application.get_absolute_url())


@never_cache
@either_way
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The mail's link: looking at it changes nothing; the button accepts, for whoever is signed in."""
    found = TeamMember.objects.select_related("application__call", "application__applicant")
    member = get_object_or_404(found, token=token)
    if not request.user.is_authenticated:
        if request.method == "POST":
            return redirect_to_login(request.path)
        return _joining(request, member, 200)
    if member.user_id == request.user.pk:
        return redirect(member.application)
    if request.method != "POST":
        return _joining(request, member, 200)
    status = done(request, lambda: actions.accept(member, by=request.user), _("You take part in this application."))
    if status == 200:
        return redirect(member.application)
    member.refresh_from_db()
    return _joining(request, member, status)


def _joining(request: HttpRequest, member: TeamMember, status: int) -> HttpResponse:
    user = request.user
    reasons = actions.reasons_not_to_join(member, user) if user.is_authenticated and status == 200 else []
    context = {
        "member": member,
        "application": member.application,
        "reasons": reasons,
        "can_join": user.is_authenticated and status == 200 and not reasons,
        "is_free": member.user_id is None,
        "here": request.path,
    }
    return render(request, "calls/team_join.html", context, status=status)


def _own(request: HttpRequest, ref: str) -> Application:
    application, _asked = written(request, ref, STEP)
    if not is_applicant(request.user, application):
        raise Forbidden(_("Only the applicant chooses who takes part."))
    return application


def _list(application: Application) -> HttpResponse:
    return redirect(reverse("applications:step", args=[application.ref, STEP]))
