"""The sections of a need."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from donations.views import drafting, photo
from donations.views.need.kind import NEED

either_way = require_http_methods(["GET", "HEAD", "POST"])


@either_way
@login_required
def section(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    if step == photo.STEP:
        return photo.section(request, ref, NEED)
    return drafting.section(request, ref, step, NEED)


@require_POST
@login_required
def save(request: HttpRequest, ref: str, step: str) -> JsonResponse:
    return drafting.autosave(request, ref, step, NEED)


@require_POST
@login_required
def photo_remove(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    return photo.remove(request, ref, pk, NEED)
