"""Many offers at once: a template, a file read for trial, its faults in words, and the taking over."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from donations import offer_csv
from donations.actions.offer import keep_batch, take_batch
from donations.actions.offer.batch import lines_of, planned
from donations.features import FEATURES
from donations.forms.offer_list import ManyForm
from donations.models import Batch
from donations.offer_cells import columns
from instruments.models import EquipmentCategory
from portal.core.errors import Reason, Refused
from portal.core.paging import page_of
from portal.core.tables import CSV, table_response

ROWS_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def many(request: HttpRequest) -> HttpResponse:
    """How it works; POST reads a file for trial: nothing is offered by that."""
    is_sent = request.method == "POST"
    form = ManyForm(request.user, request.POST if is_sent else None, request.FILES if is_sent else None)
    status = 200
    if is_sent:
        status = 400
        if form.is_valid():
            file, organisation = form.cleaned_data["file"], form.cleaned_data["organisation"]
            try:
                batch = keep_batch(file.name, file.read(), organisation=organisation, by=request.user)
            except Refused as refusal:
                status = refusal.status
                form.add_error("file", [reason.message for reason in refusal.reasons])
            else:
                return redirect("offers:batch", batch.pk)
    context = {"form": form, "categories": EquipmentCategory.objects.all(), "features": FEATURES, "columns": _columns()}
    return render(request, "donations/offer_many.html", context, status=status)


@require_safe
@login_required
def many_template(request: HttpRequest) -> HttpResponseBase:
    """The table to fill in: the names of the columns and one example."""
    header, example = offer_csv.template(_slugs(), _languages())
    return table_response(CSV, _("offers template"), header, [example])


@require_safe
@login_required
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file comes to: rows with their faults, rows that would be drafts and what those lack."""
    return _page(request, _batch(request, pk))


@require_POST
@login_required
def batch_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the good rows over, once; `hand_in` hands the complete ones in."""
    kept = _batch(request, pk)
    try:
        made = take_batch(kept, by=request.user, hand_in="hand_in" in request.POST)
    except Refused as refusal:
        return _page(request, kept, list(refusal.reasons), refusal.status)
    sentence = ngettext("%(count)d offer is taken over.", "%(count)d offers are taken over.", len(made))
    messages.success(request, sentence % {"count": len(made)})
    return redirect("offers:mine")


@require_safe
@login_required
def batch_faulty(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The faulty rows with what is wrong, as a file that can be mended and sent again."""
    lines, _against = _read(_batch(request, pk))
    header, rows = offer_csv.faulty_rows(lines)
    return table_response(CSV, _("offers with faults"), header, rows)


def _batch(request: HttpRequest, pk: int) -> Batch:
    """A file of this person; others have none."""
    rows = Batch.objects.select_related("organisation", "owner")
    return get_object_or_404(rows, pk=pk, owner=request.user)


def _page(request: HttpRequest, kept: Batch, reasons: list[Reason] | None = None, status: int = 200) -> HttpResponse:
    kept.refresh_from_db(fields=["done_at"])
    lines, against = _read(kept)
    lacks = {plan.line.number: plan.lacks for plan in planned(kept, lines)}
    number = offer_csv.counted(lines)
    complete = sum(1 for lacking in lacks.values() if not lacking)
    context = {
        "batch": kept,
        "page_obj": page_of(request, [(line, lacks.get(line.number, [])) for line in lines], ROWS_A_PAGE),
        "number": number,
        "complete": complete,
        "drafts": number["good"] - complete,
        "reasons": reasons or against,
    }
    return render(request, "donations/offer_batch.html", context, status=status)


def _read(kept: Batch) -> tuple[list[offer_csv.Line], list[Reason]]:
    """The rows of a kept file; none, and why, where its columns are no longer ours."""
    try:
        return lines_of(kept.content), []
    except Refused as refusal:
        return [], list(refusal.reasons)


def _columns() -> list[str]:
    return [column.name for column in columns(_slugs(), _languages())]


def _slugs() -> list[str]:
    return list(EquipmentCategory.objects.values_list("slug", flat=True))


def _languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]
