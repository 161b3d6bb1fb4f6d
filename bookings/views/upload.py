"""Files on their way, by tus 1.0.0 (https://tus.io/protocols/resumable-upload): core, creation, termination, checksum
and expiration.

A session asks for the CSRF token as everywhere, an API token needs none. Bodies go to the disk as they come.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bookings.actions import dataset as actions
from bookings.models import Dataset, Upload
from portal.accounts.requests import SignedInApiRequest
from portal.core.errors import Reason, Refused

VERSION = "1.0.0"
TYPE = "application/offset+octet-stream"
LONGEST_HEADER = 4000
SILENCE = 30  # seconds without a byte after which a piece is taken to have broken off


class BadRequest(Refused):
    status = 400


class OtherVersion(Refused):
    status = 412


class WrongType(Refused):
    status = 415


class TusView(APIView):
    """What every answer of the protocol has in common."""

    permission_classes = [IsAuthenticated]
    schema = None  # the protocol has a description of its own

    def get_permissions(self) -> list[Any]:
        return [AllowAny()] if self.request.method == "OPTIONS" else list(super().get_permissions())

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Some programs can only POST, and name the method they mean in a header."""
        meant = request.headers.get("X-HTTP-Method-Override", "").upper()
        if request.method == "POST" and meant in ("PATCH", "DELETE"):
            request.method = meant
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            raise OtherVersion(Reason("tus_version", _("Send with tus 1.0.0 and say so in Tus-Resumable.")))

    def handle_exception(self, exc: Exception) -> Response:
        """460 is the protocol's own: nothing else knows it by name."""
        if isinstance(exc, Refused) and exc.status not in set(HTTPStatus):
            data = {"status": exc.status, "detail": str(exc), "errors": [vars(reason) for reason in exc.reasons]}
            return Response(data, status=exc.status, content_type="application/problem+json")
        response = super().handle_exception(exc)
        if isinstance(exc, actions.WrongOffset):
            response["Upload-Offset"] = str(exc.offset)
        return response

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        if response.status_code == OtherVersion.status:
            response["Tus-Version"] = VERSION
        return response

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        headers = {
            "Tus-Version": VERSION,
            "Tus-Extension": "creation,termination,checksum,expiration",
            "Tus-Max-Size": str(settings.DATASET_MOST_BYTES),
            "Tus-Checksum-Algorithm": ",".join(actions.DIGESTS),
        }
        return Response(status=204, headers=headers)


class Uploads(TusView):
    def post(self, request: SignedInApiRequest) -> Response:
        """Announce a file: `Upload-Length`; `Upload-Metadata` with `dataset`, `filename` and, if known, `sha256`."""
        size = _number(request, "Upload-Length")
        told = _metadata(request)
        rows = Dataset.objects.visible_to(request.user).for_page()
        dataset = rows.filter(ref=told.get("dataset", "").replace("\0", "")).first()
        if dataset is None:
            raise Http404
        upload = actions.begin_upload(
            dataset, told.get("filename", ""), size, by=request.user, sha256=told.get("sha256", "")
        )
        address = request.build_absolute_uri(reverse("uploads:one", args=[upload.token]))
        return Response(status=201, headers={"Location": address, **_standing(upload)})


class OneUpload(TusView):
    def head(self, request: Request, token: str) -> Response:
        upload = self._find(request, token)
        if upload.is_over:
            raise actions.Gone(Reason("expired", _("This upload was given up: nothing came for three days.")))
        return Response(status=200, headers={**_standing(upload), "Upload-Length": str(upload.size)})

    def patch(self, request: SignedInApiRequest, token: str) -> Response:
        upload = self._find(request, token)
        if request.content_type != TYPE:
            raise WrongType(Reason("content_type", _("Send the bytes as application/offset+octet-stream.")))
        offset, length = _number(request, "Upload-Offset"), _number(request, "Content-Length")
        checksum = _checksum(request)
        with _impatient(request):  # the body is read from the connection alone, never by a parser
            actions.send_piece(upload, request._request.read, offset, length, by=request.user, checksum=checksum)
        upload.refresh_from_db()
        return Response(status=204, headers=_standing(upload))

    def delete(self, request: SignedInApiRequest, token: str) -> Response:
        actions.give_up(self._find(request, token), by=request.user)
        return Response(status=204)

    def _find(self, request: Request, token: str) -> Upload:
        """The upload, if this person may send to its dataset; else 404, as for one that never was."""
        rows = Upload.objects.select_related("dataset__booking__instrument", "dataset__booking__award")
        upload = rows.filter(token=token, dataset__in=Dataset.objects.visible_to(request.user).values("pk")).first()
        if upload is None or not request.user.has_perm("bookings.manage_data", upload.dataset.booking):
            raise Http404
        return upload


def _standing(upload: Upload) -> dict[str, str]:
    """How far it is, and until when it waits."""
    return {
        "Upload-Offset": str(actions.offset_of(upload)),
        "Upload-Expires": http_date(upload.expires_at.timestamp()),
        "Upload-Metadata": "filename " + base64.b64encode(upload.name.encode()).decode(),
    }


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadRequest(Reason("bad_header", _("%(header)s has to be a whole number.") % {"header": header}))
    return int(text)


def _metadata(request: Request) -> dict[str, str]:
    """Names with their values, which come in Base64 and are text in UTF-8."""
    header = request.headers.get("Upload-Metadata", "")
    pairs = [pair.split() for pair in header[:LONGEST_HEADER].split(",") if pair.strip()]
    try:
        return {name: base64.b64decode(value, validate=True).decode() for name, value in map(_named, pairs)}
    except ValueError:
        raise BadRequest(Reason("bad_metadata", _("Upload-Metadata has to be names with Base64 values."))) from None


def _named(words: list[str]) -> tuple[str, str]:
    name, *rest = words
    if len(rest) > 1:
        raise ValueError(name)
    return name, rest[0] if rest else ""


def _checksum(request: Request) -> tuple[str, bytes] | None:
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    algorithm, _space, value = header.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except ValueError:  # no Base64, or not even ASCII
        digest = b""
    if algorithm not in actions.DIGESTS or not digest:
        names = ", ".join(actions.DIGESTS)
        raise BadRequest(Reason("bad_checksum", _("Upload-Checksum takes one of: %(names)s.") % {"names": names}))
    return algorithm, digest


@contextmanager
def _impatient(request: Request) -> Iterator[None]:
    """A sender whose line died says nothing ever again: do not keep the file, and this thread, waiting for it."""
    socket = request.META.get("gunicorn.socket")
    if socket is None:
        yield
        return
    before = socket.gettimeout()
    socket.settimeout(SILENCE)
    try:
        yield
    finally:
        socket.settimeout(before)
