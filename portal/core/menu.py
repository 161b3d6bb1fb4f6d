"""Items of menus. Every page has dozens of them, always the same, so they are written once in each language."""

from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def item(name: str, args: tuple[str, ...], label: str, sign: str, path: str) -> str:
    """A link to the page called `name`, marked when the reader at `path` is on it or below; "" where there is none.

    `sign`: HTML of an icon, or nothing.
    """
    url = _url(name, args, get_language(), get_urlconf() or settings.ROOT_URLCONF)
    current = "page" if path == url else "true" if path.startswith(url) else ""
    return _written(url, label, sign, current) if url else ""


@lru_cache(maxsize=1024)
def _url(name: str, args: tuple[str, ...], _language: str | None, _urlconf: str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=1024, typed=True)  # a label that is safe already is another one than the same that is not
def _written(url: str, label: str, sign: str, current: str) -> SafeString:
    marked = format_html(' aria-current="{}"', current) if current else ""
    shown = format_html('{}<span class="signed">{}</span>', sign, label) if sign else label
    return format_html('<li><a href="{}"{}>{}</a></li>', url, marked, shown)
