"""The last net: what no view caught becomes a page with a sentence, never a 500 and never an empty window."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from portal.core.errors import Refused


class RefusedMiddleware:
    """Answer an action's refusal with a small page that says its sentences, under the refusal's own status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            _return_to_the_button(request, response)
        return _not_allowed(request, response) if isinstance(response, HttpResponseNotAllowed) else response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        return render(
            request, "refused.html", {"reasons": error.reasons, "back": _origin(request)}, status=error.status
        )


def _not_allowed(request: HttpRequest, answer: HttpResponseNotAllowed) -> HttpResponse:
    """A page where Django says nothing: reached by reloading the address of a button, or in another language."""
    page = render(request, "405.html", status=answer.status_code)
    page["Allow"] = answer["Allow"]
    return page


def _return_to_the_button(request: HttpRequest, answer: HttpResponse) -> None:
    """Who was signed out before pressing a button comes back to its page: the button's own address has none."""
    sign_in = resolve_url(settings.LOGIN_URL)
    asked = redirect_to_login(request.get_full_path(), sign_in).url
    if "Referer" in request.headers and answer.get("Location") == asked:
        page = urlsplit(_origin(request))
        answer["Location"] = redirect_to_login(page._replace(scheme="", netloc="").geturl(), sign_in).url


def _origin(request: HttpRequest) -> str:
    """The page the person came from, if it is ours."""
    referer = request.headers.get("Referer", "")
    return referer if url_has_allowed_host_and_scheme(referer, {request.get_host()}) else "/"
