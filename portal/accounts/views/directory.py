"""Organisations by file: a template, a file read for trial, its faults in words, and the taking over."""

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts import organisation_csv
from portal.accounts.actions import keep_file, take_file
from portal.accounts.actions.directory import CHANGED, FAULTY, NEW, SAME, Planned, planned
from portal.accounts.enums import OrganisationKind
from portal.accounts.forms import EntryForm, FileForm
from portal.accounts.models import OrganisationFile
from portal.accounts.requests import SignedInRequest
from portal.core.access import staff_only
from portal.core.errors import Reason, Refused
from portal.core.paging import page_of
from portal.core.tables import CSV, table_response

ROWS_A_PAGE = 50
ORDER = (FAULTY, NEW, CHANGED, SAME)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def send(request: SignedInRequest) -> HttpResponse:
    """How it works; POST reads a file for trial: nothing is entered by that."""
    is_sent = request.method == "POST"
    form = FileForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    status = 200
    if is_sent:
        status = 400
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                kept = keep_file(file.name, file.read(), replaces=form.cleaned_data["replaces"], by=request.user)
            except Refused as refusal:
                status = refusal.status
                form.add_error("file", [reason.message for reason in refusal.reasons])
            else:
                return redirect("desk_accounts:import_file", kept.pk)
    context = {"form": form, "columns": list(organisation_csv.COLUMNS), "kinds": OrganisationKind.choices}
    return render(request, "accounts/desk_import.html", context, status=status)


@require_safe
@staff_only
def template(request: HttpRequest) -> HttpResponseBase:
    """The table to fill in: the names of the columns and one example."""
    header, example = organisation_csv.template()
    return table_response(CSV, _("organisations template"), header, [example])


@require_safe
@staff_only
def trial(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a file comes to: rows with faults, new ones, those that change an entry, those that say nothing new."""
    return _page(request, _file(request, pk))


@require_POST
@staff_only
def take(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the good rows over, once."""
    kept = _file(request, pk)
    try:
        done = take_file(kept, by=request.user)
    except Refused as refusal:
        return _page(request, kept, list(refusal.reasons), refusal.status)
    sentence = _("Taken over: %(entered)d entered, %(changed)d changed.")
    messages.success(request, sentence % {"entered": done.entered, "changed": done.changed})
    return redirect("desk_accounts:import_file", kept.pk)


@require_safe
@staff_only
def faulty(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The faulty rows with what is wrong, as a file that can be mended and sent again."""
    plans, _against = _read(_file(request, pk))
    header, rows = organisation_csv.faulty_rows([plan.line for plan in plans])
    return table_response(CSV, _("organisations with faults"), header, rows)


def _file(request: SignedInRequest, pk: int) -> OrganisationFile:
    """A file of this person; others have none."""
    return get_object_or_404(OrganisationFile.objects.select_related("owner"), pk=pk, owner=request.user)


def _read(kept: OrganisationFile) -> tuple[list[Planned], list[Reason]]:
    """The rows of a kept file; none, and why, where its columns are no longer ours."""
    try:
        return planned(kept), []
    except Refused as refusal:
        return [], list(refusal.reasons)


def _page(
    request: HttpRequest, kept: OrganisationFile, reasons: list[Reason] | None = None, status: int = 200
) -> HttpResponse:
    kept.refresh_from_db(fields=["done_at", "entered", "changed"])
    plans, against = _read(kept)
    number = Counter(plan.outcome for plan in plans)
    shown = sorted(plans, key=lambda plan: (ORDER.index(plan.outcome), plan.line.number))
    page = page_of(request, shown, ROWS_A_PAGE)
    context = {
        "file": kept,
        "page_obj": page,
        "rows": [(plan, _labels(plan.fields)) for plan in page],
        "number": {outcome: number[outcome] for outcome in ORDER},
        "total": len(plans),
        "to_do": number[NEW] + number[CHANGED],
        "reasons": reasons or against,
    }
    return render(request, "accounts/desk_import_file.html", context, status=status)


def _labels(fields: list[str]) -> list[str]:
    return [str(EntryForm.base_fields[name].label) for name in fields]
