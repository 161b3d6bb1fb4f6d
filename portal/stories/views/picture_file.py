"""The bytes of pictures: their address names their content, so that browsers ask for them once."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from portal.stories.models import Picture, Variant

TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def variant(request: HttpRequest, pk: int, digest: str, width: int, suffix: str) -> HttpResponse:
    """One drawing of a picture; 404 to those who do not see its story or event, and for a drawing of another day."""
    drawings = Variant.objects.filter(picture=pk, digest=digest, width=width, format=suffix)
    row = drawings.filter(picture__in=Picture.objects.public()).first()
    is_public = row is not None
    if row is None:
        row = drawings.filter(picture__in=Picture.objects.visible_to(request.user)).first()
    if row is None:
        raise Http404
    etag = f'"{row.digest}"'
    response = get_conditional_response(request, etag=etag) or _bytes(request, row)
    response["ETag"] = etag
    response["Cache-Control"] = FOR_EVER if is_public else "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _bytes(request: HttpRequest, row: Any) -> HttpResponse:
    """The picture, which is small enough to be read at once. Raises Http404 when it is no longer there."""
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # it is compressed as it is
    try:
        with row.file.open("rb") as opened:
            return HttpResponse(opened.read(), content_type=TYPES[row.format])
    except FileNotFoundError as error:
        raise Http404 from error
