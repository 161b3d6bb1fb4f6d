"""What is sent to us has an end: a body that says it is larger than any file we take is refused unread."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from portal.core.files import MOST_BYTES
from portal.pages.errors import too_large

MOST_BODY = MOST_BYTES + 1024 * 1024  # a file, and what is typed beside it


class BodySizeMiddleware:
    """Answer 413 by the announced length alone. It stands before whatever reads the body, the CSRF check included.

    A body without a length is read as empty, so none gets past this.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        return too_large(request) if length.isdigit() and int(length) > MOST_BODY else None
