"""The same page in each language of the portal."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, get_language_from_path, get_language_info


def links_to(request: HttpRequest) -> list[dict[str, Any]]:
    """Each language with the address of the reader's page in it: code, name, path (with query), url (without)."""
    place, query = _place_of(request)
    links = []
    for code, _english in settings.LANGUAGES:
        path = "/" + _in_language(place, code).lstrip("/")  # of `//elsewhere.example/` it would lead there
        links.append(
            {
                "code": code,
                "name": get_language_info(code)["name_local"].capitalize(),
                "path": f"{path}?{query}" if query else path,
                "url": settings.SITE_URL + path,
                "current": code == get_language(),
            }
        )
    return links


def _place_of(request: HttpRequest) -> tuple[str, str]:
    """Path and query of this page; where it answers a button, those of the page with the button: its own has none."""
    if request.method in ("GET", "HEAD"):
        return request.path, request.META.get("QUERY_STRING", "")
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return request.path, ""
    page = urlsplit(came_from)
    return page.path or "/", page.query


def _in_language(path: str, code: str) -> str:
    """The same page in a language; of an address that leads nowhere, at least the page that says so."""
    found = translate_url(path, code)
    named = get_language_from_path(path)
    return f"/{code}{path.removeprefix(f'/{named}')}" if found == path and named else found
