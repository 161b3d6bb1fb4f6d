"""Photographs: shown to whoever sees what they belong to, added and removed by those who write in it."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from donations.actions import photo as actions
from donations.forms.photo import PhotoForm
from donations.models import Photo
from donations.views import drafting
from donations.views.drafting import Drafting
from portal.core.deeds import DONE, done, done_with

STEP = "photos"
SIZES = {"large": "file", "small": "small"}
KEPT_SECONDS = 24 * 60 * 60  # a photograph never changes


@require_safe
def photo(request: HttpRequest, pk: int, size: str) -> HttpResponseBase:
    """The picture itself, `large` or `small`; 404 to those who do not see what it belongs to."""
    row: Any = get_object_or_404(Photo.objects.visible_to(request.user).select_related("need", "offer"), pk=pk)
    if size not in SIZES:
        raise Http404
    try:
        opened = getattr(row, SIZES[size]).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, content_type=row.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    thing = row.need or row.offer
    is_public = thing is not None and thing.is_public
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}" if is_public else "private, no-store"
    return response


def section(request: HttpRequest, ref: str, kind: Drafting) -> HttpResponse:
    """The photographs of a draft, with the form for one more; POST adds it."""
    thing, asked = drafting.written(request, ref, STEP, kind)
    is_sent = request.method == "POST"
    form = PhotoForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    status = done_with(
        request,
        form,
        lambda typed: actions.add_photo(thing, typed["file"], typed["alt"], by=request.user),
        _("The photograph is kept."),
    )
    if status == DONE:
        return redirect(kind.url("step", thing, STEP))
    photos = [(row, kind.url("photo_remove", thing, row.pk)) for row in thing.photos.all()]
    more = {"photos": photos, "is_full": len(photos) >= actions.MOST_PHOTOS, "most": actions.MOST_PHOTOS}
    return drafting.page(
        request, thing, asked, kind, form, status, **more, next_url=drafting.onward(request, thing, STEP, kind)
    )


def remove(request: HttpRequest, ref: str, pk: int, kind: Drafting) -> HttpResponse:
    thing, _asked = drafting.written(request, ref, STEP, kind)
    row = get_object_or_404(thing.photos, pk=pk)
    done(request, lambda: actions.remove_photo(row, by=request.user), _("The photograph is removed."))
    return redirect(kind.url("step", thing, STEP))
