"""Labels to print: one for a parcel or a vial, and a sheet of them for what an award sends."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from bookings.labels import label_of
from bookings.models import Sample
from calls.models import Award
from portal.accounts.requests import SignedInRequest
from portal.core.paging import page_of

SIZES = ("a6", "a7")  # for parcels; for vials and bags
A_PAGE = 24


@login_required
@require_safe
def one(request: SignedInRequest, ref: str) -> HttpResponse:
    """The label of a sample, for those who may see it; `?size=a7` the small one."""
    sample = get_object_or_404(Sample.objects.visible_to(request.user).for_page(), ref=ref)
    context = {"sample": sample, "labels": [label_of(sample)], "size": _size(request)}
    return render(request, "bookings/sample_label.html", context)


@login_required
@require_safe
def sheet(request: SignedInRequest, award: str) -> HttpResponse:
    """The labels of an award's samples of which something is still to become."""
    rows = Sample.objects.visible_to(request.user).open().filter(award__ref=award).for_page().order_by("pk")
    page = page_of(request, rows, A_PAGE)
    labels = [label_of(sample) for sample in page]
    row = labels[0].sample.award if labels else get_object_or_404(Award.objects.visible_to(request.user), ref=award)
    context = {"award": row, "page": page, "labels": labels, "size": _size(request)}
    return render(request, "bookings/sample_labels.html", context)


def _size(request: SignedInRequest) -> str:
    size = request.GET.get("size", "")
    return size if size in SIZES else SIZES[0]
