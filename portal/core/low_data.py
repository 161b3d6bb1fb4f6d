"""Whether a reader wants little data: their browser says so (Save-Data), or they chose it in the footer.

The choice, a cookie, outweighs what the browser says. Every page differs by both, so it says that it does.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

COOKIE = "low_data"
YES, NO = "1", "0"
SECONDS = 60 * 60 * 24 * 365


def is_low_data(request: HttpRequest) -> bool:
    chosen = request.COOKIES.get(COOKIE)
    return chosen == YES if chosen in (YES, NO) else request.headers.get("Save-Data", "").strip().lower() == "on"


class LowDataMiddleware:
    """Tell caches that a page is another one for those who want little data."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Save-Data", "Cookie"])
        return response
