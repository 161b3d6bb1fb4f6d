"""The directory of the network, and the page of each organisation."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts import rules
from portal.accounts.actions import request_membership
from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Refused
from portal.core.kept import public_page
from portal.core.paging import page_of
from portal.stories import network
from portal.stories.forms.network import JoinForm, NetworkFilter
from portal.stories.structured_network import script_of

CARDS = 24


@require_safe
@public_page
def network_list(request: HttpRequest) -> HttpResponse:
    """The directory, filtered by `kind`, `country`, words `q` and `hosts`; with how many there are of each kind."""
    form = NetworkFilter(request.GET, network.countries_of(request.user))
    is_valid = form.is_valid()
    wanted = form.cleaned_data
    rows = network.listed(request.user)
    rows = _of_any_kind(rows, wanted) if is_valid else rows.none()
    kinds = network.counted_by_kind(rows) if is_valid else []
    of_kind = rows.filter(kind=wanted["kind"]) if wanted.get("kind") else rows
    context: dict[str, Any] = {
        "filter": form,
        "page_obj": page_of(request, of_kind, CARDS),
        "kinds": [(each, _link_to_kind(wanted, each.kind)) for each in kinds],
        "every_kind": (sum(each.number for each in kinds), _link_to_kind(wanted, "")),
        "chosen": wanted.get("kind", ""),
        "is_filtered": any(wanted.values()) or not is_valid,
    }
    if not is_valid:
        context["form"] = form  # its errors head the page
    return render(request, "stories/network_list.html", context, status=200 if is_valid else 400)


def _of_any_kind(rows: Any, wanted: dict[str, Any]) -> Any:
    if wanted["country"]:
        rows = rows.filter(country=wanted["country"])
    if wanted["hosts"]:
        rows = network.hosting(rows)
    return rows.matching(wanted["q"], get_language() or "en")


def _link_to_kind(wanted: dict[str, Any], kind: str) -> str:
    """The query that keeps the other filters."""
    others = {name: wanted[name] for name in ("q", "country") if wanted.get(name)}
    hosts = {"hosts": "on"} if wanted.get("hosts") else {}
    return "?" + urlencode(others | hosts | ({"kind": kind} if kind else {}))


@require_safe
@public_page
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything public about one organisation, and what the reader is there; a merged one leads to the kept one."""
    found = Organisation.objects.visible_to(request.user).filter(slug=slug).first()
    if found is None:
        kept = Organisation.objects.visible_to(request.user).of_former(slug).first()
        if kept is None:
            raise Http404
        return redirect(kept, permanent=True)
    return _page(request, found, JoinForm())


@require_POST
@login_required
def join(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask to be something in an organisation; of one merged meanwhile the kept one is shown, to be asked there."""
    seen = Organisation.objects.visible_to(request.user)
    found = seen.filter(slug=slug).first()
    if found is None:
        return redirect(get_object_or_404(seen.of_former(slug)))
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    try:
        request_membership(found, form.cleaned_data["role"], by=request.user)
    except Refused as error:
        form.add_error("role", str(error))
        return _page(request, found, form, error.status)
    messages.success(request, _("Your request is sent. You get a mail when it is answered."))
    return redirect(found)


def _page(request: HttpRequest, found: Organisation, form: JoinForm, status: int = 200) -> HttpResponse:
    own = []
    if request.user.is_authenticated:
        own = list(request.user.memberships.filter(organisation=found).select_related("user").order_by("-pk"))
    context = {
        "organisation": found,
        "form": form,
        "own": [(row, rules.verbs_for(request.user, row)) for row in own],
        "sees_members": rules.sees_members(request.user, found),
        "has_focal_point": found.memberships.confirmed().filter(role=Role.FOCAL_POINT).exists(),
        "most": network.MOST,
        "json_ld": script_of(found) if found.state == "verified" else "",
        **network.shown_of(found),
    }
    return render(request, "stories/network_organisation.html", context, status=status)
