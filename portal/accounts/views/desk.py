"""The desk of organisations: what to verify, and what is said of each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts import actions
from portal.accounts.forms import EntryForm
from portal.accounts.models import Organisation
from portal.accounts.requests import SignedInRequest
from portal.core.access import staff_only
from portal.core.errors import Refused
from portal.core.paging import page_of

FIELD_OF = {"ror_taken": "ror"}


@staff_only
def desk(request: HttpRequest) -> HttpResponse:
    """What was proposed, for staff to verify."""
    rows = Organisation.objects.proposed().order_by("created_at", "pk")
    return render(request, "accounts/desk_organisations.html", {"page": page_of(request, rows)})


@staff_only
@require_POST
def verify(request: SignedInRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation, slug=slug)
    actions.verify_organisation(organisation, by=request.user)
    messages.success(request, _("%(name)s is verified and in the list.") % {"name": organisation.name})
    return redirect("desk_accounts:organisations")


@staff_only
def edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Change what the directory says; 409 where somebody else changed it after it was read."""
    organisation = get_object_or_404(Organisation.objects.current(), slug=slug)
    form = EntryForm(organisation, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            values = dict(form.cleaned_data)
            seen = values.pop("seen")
            try:
                actions.change_organisation(organisation, by=request.user, seen=seen, **values)
            except Refused as refusal:
                status = refusal.status
                if "changed_meanwhile" in refusal.codes:
                    form = _with_the_entry_of_now(request, organisation)
                for reason in refusal.reasons:
                    form.add_error(FIELD_OF.get(reason.code), reason.message)
            else:
                messages.success(request, _("The entry is changed."))
                return redirect(organisation)
    context = {"organisation": organisation, "form": form, "is_conflict": status == 409 and not form.has_error("ror")}
    return render(request, "accounts/desk_organisation_edit.html", context, status=status)


def _with_the_entry_of_now(request: SignedInRequest, organisation: Organisation) -> EntryForm:
    """What was typed; sent again, it carries the moment of the entry shown beside it and so may replace that."""
    organisation.refresh_from_db()
    data = request.POST.copy()
    data["seen"] = organisation.updated_at.isoformat()
    return EntryForm(organisation, data)
