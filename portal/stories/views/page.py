"""The pages about the portal, as everybody reads them: what staff wrote, and what it came with."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_info
from django.views.decorators.http import require_safe

from portal.core.kept import public_page
from portal.core.markdown import to_html
from portal.core.translated import text_and_language
from portal.stories import shipped
from portal.stories.enums import PageSection
from portal.stories.models import Page
from portal.stories.placeholders import filled

TEXT = ("body", "body_en", "body_fr")


@require_safe
@public_page
def index(request: HttpRequest) -> HttpResponse:
    """What this portal is, and every page about it by section."""
    pages = [page for page in _pages() if page.is_shown]
    sections = [
        (section.label, [page for page in pages if page.section == section])
        for section in PageSection
        if any(page.section == section for page in pages)
    ]
    return render(request, "stories/page_index.html", {"sections": sections})


@require_safe
@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page; a hidden one shows itself to staff alone."""
    pages = _pages()
    found = next((page for page in pages if page.slug == slug), None)
    if found is None or not (found.is_shown or request.user.is_staff):
        raise Http404
    if found.pk:
        found.refresh_from_db(fields=TEXT)
    beside = [other for other in pages if other.section == found.section and other.is_shown and other != found]
    return render(request, "stories/page_detail.html", {"page": found, "text": drawn(found), "beside": beside})


def _pages() -> list[Page]:
    """Every page, shown or hidden, a stored one without its text. One statement."""
    return shipped.with_shipped(Page.objects.defer(*TEXT))


def page_at(slug: str) -> Page | None:
    """What stands at this address, shown or hidden: the stored page, else the shipped one."""
    return Page.objects.filter(slug=slug).first() or shipped.shipped_page(slug)


def drawn(page: Page) -> dict[str, Any]:
    """The body of a page as HTML, with its language and direction, for the reader of now."""
    text, language = text_and_language(page, "body")
    direction = "rtl" if get_language_info(language)["bidi"] else "ltr"
    return {"html": to_html(filled(text), top=2), "language": language, "direction": direction}
