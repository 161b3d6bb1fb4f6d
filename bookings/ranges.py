"""Large private files over HTTP: whole or a range of bytes (RFC 9110, section 14), never through memory.

The answer depends on nothing but the bytes, whose SHA-256 is the ETag, so a download that broke off goes on elsewhere.
"""

import re
from collections.abc import Iterator
from typing import IO, Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from portal.core.files import no_store

BLOCK = 256 * 1024
RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


def download(request: HttpRequest, file: Any, name: str, size: int, sha256: str) -> HttpResponseBase:
    """Answer a GET or HEAD for a stored file: 200, 206 for one range, 304, 412 or 416. Raises Http404.

    Several ranges at once, other units and nonsense are answered with the whole file, as the standard allows.
    """
    etag = f'"{sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return no_store(unchanged)
    part = _part(request, etag, size)
    if part is None:
        answer: HttpResponseBase = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        return no_store(answer)
    first, length = part
    answer = _answer(request, file, first, length)
    answer.status_code = 206 if length != size else 200
    if length != size:
        answer["Content-Range"] = f"bytes {first}-{first + length - 1}/{size}"
    answer["Content-Length"] = str(length)
    answer["Content-Type"] = "application/octet-stream"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = etag
    return no_store(answer)


def _answer(request: HttpRequest, file: Any, first: int, length: int) -> HttpResponseBase:
    try:
        opened = file.open("rb")
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error
    if request.method == "HEAD":
        opened.close()
        return HttpResponse()
    # Compressed on the way it would lose its length, and ranges would count other bytes than the reader's.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    return StreamingHttpResponse(_blocks(opened, first, length))


def _part(request: HttpRequest, etag: str, size: int) -> tuple[int, int] | None:
    """(first byte, length) of what is asked for; None when the file has no such bytes."""
    whole = (0, size)
    asked = RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if asked is None or asked.groups() == ("", "") or request.headers.get("If-Range", etag) != etag:
        return whole
    first, last = asked.groups()
    if not first:
        length = min(int(last), size)
        return (size - length, length) if length else None
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return whole
    return (start, end - start + 1) if start < size else None


def _blocks(file: IO[bytes], first: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while length > 0 and (block := file.read(min(BLOCK, length))):
            length -= len(block)
            yield block
