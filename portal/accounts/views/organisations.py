"""Entering an organisation, and who works there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts import actions, rules
from portal.accounts.enums import MembershipState, Role
from portal.accounts.forms import OrganisationForm
from portal.accounts.models import Membership, Organisation
from portal.accounts.requests import SignedInRequest
from portal.accounts.views.people import page_to_return_to
from portal.core.errors import Refused
from portal.core.forms import ReasonForm
from portal.core.paging import page_of


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list is the directory of the network; what was asked goes along."""
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse("network:list") + (f"?{query}" if query else ""), permanent=True)


@login_required
def propose(request: SignedInRequest) -> HttpResponse:
    """Enter an organisation that is not in the list; likely doubles are shown first. `?next=` says where to go on."""
    form = OrganisationForm(request.POST or None, initial={"role": request.GET.get("role", "")})
    if request.method != "POST":
        return render(request, "accounts/organisation_propose.html", {"form": form})
    if not form.is_valid():
        return render(request, "accounts/organisation_propose.html", {"form": form}, status=422)
    values = dict(form.cleaned_data)
    is_new, role = values.pop("is_new"), Role(values.pop("role"))
    alike = Organisation.objects.like(values["name"], values["country"], values["ror"])
    if not is_new and alike.exists():
        context = {"form": form, "alike": alike.visible_to(request.user), "is_alike": True}
        return render(request, "accounts/organisation_propose.html", context, status=422)
    try:
        organisation = actions.propose_organisation(by=request.user, role=role, **values)
    except Refused as error:
        form.add_error("ror" if "ror_taken" in error.codes else None, str(error))
        return render(request, "accounts/organisation_propose.html", {"form": form}, status=error.status)
    messages.success(request, _("Thank you. Staff look at it; you get a mail when it is in the list."))
    return redirect(page_to_return_to(request) or organisation)


@login_required
def members(request: SignedInRequest, slug: str) -> HttpResponse:
    """Requests to answer and who is what, for those who lead there; a merged one leads to the kept one."""
    seen = Organisation.objects.visible_to(request.user)
    organisation = seen.filter(slug=slug).first() or get_object_or_404(seen.of_former(slug))
    if organisation.slug != slug:
        return redirect("organisations:members", organisation.slug, permanent=True)
    if not rules.sees_members(request.user, organisation):
        raise PermissionDenied
    rows = organisation.memberships.open().select_related("user").order_by("-state", "role", "user__name", "pk")
    page = page_of(request, rows)
    answers = _answers_by_role(request, organisation)
    context = {
        "organisation": organisation,
        "page": page,
        "rows": [(row, row.user_id == request.user.pk, answers[row.role]) for row in page],
        "requested": MembershipState.REQUESTED,
    }
    return render(request, "accounts/organisation_members.html", context)


def _answers_by_role(request: HttpRequest, organisation: Organisation) -> dict[str, bool]:
    """Whether this person answers requests and ends memberships, for each role: one question a role, not a row."""
    return {
        role: rules.stands_above(request.user, Membership(organisation=organisation, role=role)) for role in Role.values
    }


@login_required
@require_POST
def move(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    """Confirm, refuse, withdraw or end a membership."""
    deeds = {
        "confirm": actions.confirm_membership,
        "refuse": actions.refuse_membership,
        "withdraw": actions.withdraw_membership,
        "end": actions.end_membership,
    }
    if verb not in deeds:
        raise Http404
    rows = Membership.objects.visible_to(request.user).select_related("user", "organisation")
    membership = get_object_or_404(rows, pk=pk)
    form = ReasonForm(request.POST, longest=500, required=False)
    why = {"why": form.cleaned_data["why"]} if verb in ("refuse", "end") and form.is_valid() else {}
    deeds[verb](membership, by=request.user, **why)
    messages.success(request, _said(verb, membership))
    if membership.user_id == request.user.pk or not rules.sees_members(request.user, membership.organisation):
        return redirect(membership.organisation)
    return redirect("organisations:members", slug=membership.organisation.slug)


def _said(verb: str, membership: Membership) -> str:
    words = {
        "confirm": _("%(person)s is confirmed as %(role)s."),
        "refuse": _("The request of %(person)s to be %(role)s is refused."),
        "withdraw": _("Your request to be %(role)s is withdrawn."),
        "end": _("%(person)s is no longer %(role)s here."),
    }
    return words[verb] % {"person": membership.user.name, "role": membership.get_role_display().lower()}
