"""Datasets: the list, one of them, what its laboratory does with it, and the files themselves."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_http_methods, require_POST, require_safe

from bookings.actions import dataset as actions
from bookings.forms import DatasetForm, KeepForm, SendForm
from bookings.models import Dataset, DatasetFile, Upload
from bookings.ranges import download
from bookings.views.booking import find as find_booking
from bookings.words import dataset_history_in_words
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.files import MOST_BYTES
from portal.core.paging import page_of

either_way = require_http_methods(["GET", "HEAD", "POST"])
FILES_A_PAGE = 100


@login_required
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """Those whose files are there; `?past=1` the forgotten ones, `?booking=` those of one booking."""
    rows = Dataset.objects.visible_to(request.user).for_page()
    ref = request.GET.get("booking", "").replace("\0", "")
    if ref:
        rows = rows.filter(booking__ref=ref)
    past = "past" in request.GET
    page = page_of(request, rows.forgotten() if past else rows.kept())
    return render(request, "bookings/dataset_list.html", {"page": page, "past": past, "ref": ref})


@login_required
@require_safe
def detail(request: SignedInRequest, ref: str) -> HttpResponse:
    dataset = _find(request, ref)
    manages = request.user.has_perm("bookings.manage_data", dataset.booking)
    context = _files(request, dataset, manages) | {
        "history": dataset_history_in_words(dataset),
        "send_form": SendForm(),
        "keep_form": KeepForm(initial={"until": dataset.kept_until}),
        "most_bytes": settings.DATASET_MOST_BYTES,
        "most_at_once": MOST_BYTES,
    }
    return render(request, "bookings/dataset_detail.html", context)


@login_required
@require_safe
@conditional_page
def files(request: SignedInRequest, ref: str) -> HttpResponse:
    """The part of the page that changes while files come; 304 while it has not."""
    dataset = _find(request, ref)
    manages = request.user.has_perm("bookings.manage_data", dataset.booking)
    response = render(request, "bookings/_dataset_files.html", _files(request, dataset, manages))
    if dataset.is_forgotten:
        response["X-Stop"] = "1"
    return response


@login_required
@require_safe
def file(request: SignedInRequest, ref: str, pk: int) -> HttpResponseBase:
    """The bytes, for those who may see the dataset; 410 once its day is over."""
    return handed_out(request, _find(request, ref), pk)


def handed_out(request: Any, dataset: Dataset, pk: int) -> HttpResponseBase:
    """A file of this dataset, whole or in part. Raises Http404, Gone."""
    row = get_object_or_404(DatasetFile, dataset=dataset, pk=pk)
    if dataset.is_over_on(timezone.now().date()):
        raise actions.Gone(Reason("forgotten", _("This file is not kept any more: its day is over.")))
    return download(request, row.file, row.name, row.size, row.sha256)


@login_required
@either_way
def make(request: SignedInRequest, booking: str) -> HttpResponse:
    """A new dataset of a booking, by its laboratory."""
    row = find_booking(request, booking)
    if not request.user.has_perm("bookings.manage_data", row):
        raise Forbidden
    form = DatasetForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return redirect(actions.make_dataset(row, form.cleaned_data, by=request.user))
            except Refused as refusal:
                form.add_error(None, [reason.message for reason in refusal.reasons])
                status = refusal.status
    return render(request, "bookings/dataset_form.html", {"form": form, "booking": row}, status=status)


@login_required
@require_POST
def keep(request: SignedInRequest, ref: str) -> HttpResponse:
    """Keep it until a later day."""
    dataset = _managed(request, ref)
    form = KeepForm(request.POST)
    if form.is_valid():
        actions.keep_longer(dataset, form.cleaned_data["until"], by=request.user)
        messages.success(request, _("The files are kept longer."))
    else:
        raise Refused(*(Reason("until", str(text)) for texts in form.errors.values() for text in texts))
    return redirect(dataset)


@login_required
@require_POST
def send(request: SignedInRequest, ref: str) -> HttpResponse:
    """One file in one go, for browsers without JavaScript: the same three steps as in pieces."""
    dataset = _managed(request, ref)
    form = SendForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refused(*(Reason("file", str(text)) for texts in form.errors.values() for text in texts))
    sent = form.cleaned_data["file"]
    upload = actions.begin_upload(dataset, sent.name, sent.size, by=request.user)
    if sent.size:
        actions.send_piece(upload, sent.read, 0, sent.size, by=request.user, checksum=None)
    messages.success(request, _("The file is there."))
    return redirect(dataset)


@login_required
@require_POST
def give_up(request: SignedInRequest, ref: str, token: str) -> HttpResponse:
    dataset = _managed(request, ref)
    actions.give_up(get_object_or_404(Upload, dataset=dataset, token=token), by=request.user)
    messages.success(request, _("The upload is given up."))
    return redirect(dataset)


@login_required
@require_POST
def remove(request: SignedInRequest, ref: str, pk: int) -> HttpResponse:
    dataset = _managed(request, ref)
    actions.remove_file(get_object_or_404(DatasetFile, dataset=dataset, pk=pk), by=request.user)
    messages.success(request, _("The file is deleted."))
    return redirect(dataset)


def _find(request: SignedInRequest, ref: str) -> Dataset:
    """The dataset, if this person may see it; else 404."""
    dataset: Dataset = get_object_or_404(Dataset.objects.visible_to(request.user).for_page(), ref=ref)
    return dataset


def _managed(request: SignedInRequest, ref: str) -> Dataset:
    """The same for its laboratory and staff: Forbidden for those whose data they are."""
    dataset = _find(request, ref)
    if not request.user.has_perm("bookings.manage_data", dataset.booking):
        raise Forbidden
    return dataset


def _files(request: SignedInRequest, dataset: Dataset, manages: bool) -> dict[str, Any]:
    return {
        "dataset": dataset,
        "booking": dataset.booking,
        "page": page_of(request, dataset.files.order_by("name", "pk"), FILES_A_PAGE),
        "uploads": dataset.uploads.on_their_way() if manages else [],
        "manages": manages and not dataset.is_forgotten,
        "is_over": dataset.is_over_on(timezone.now().date()),
        "uploads_url": reverse("uploads:all"),
    }
