"""Small files that programs look for at fixed addresses."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from calls.models import Call
from donations.models import Need, Offer
from instruments.models import Instrument, Training
from portal.accounts.models import Organisation
from portal.stories.enums import StoryState
from portal.stories.models import Event, Page, Story
from portal.stories.shipped import with_shipped

MOST_ENTRIES = 50_000  # of one file, by the sitemap protocol
LISTS = (
    *("pages:home", "calls:list", "instruments:list", "stories:list", "events:list", "trainings:list", "network:list"),
    "impact:index",
    *("donations:index", "needs:list", "offers:list", "proposals:start", "interest:declare", "about:index"),
    "certificates:list",
)
PRIVATE = ("me", "desk", "lab", "admin", "accounts", "bookings", "sessions", "awards", "agreements", "search")


class Favicon(RedirectView):
    """For those who ask at the old address without reading the page."""

    permanent = True

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        return static("img/favicon.svg")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *"]
    lines += [f"Disallow: /{code}/{room}/" for code, _name in settings.LANGUAGES for room in PRIVATE]
    lines += ["Disallow: /api/", "", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116; `Expires` is half a year away whenever it is read."""
    expires = (timezone.now() + timedelta(days=180)).replace(microsecond=0)
    lines = [
        f"Contact: mailto:{settings.CONTACT_EMAIL}",
        f"Expires: {expires.isoformat()}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


class Entry(NamedTuple):
    """One page in all languages: `links` is (language, absolute address) pairs."""

    links: list[tuple[str, str]]
    changed_at: datetime | None


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page in every language, with its translations beside it."""
    most = MOST_ENTRIES // len(settings.LANGUAGES)
    entries = islice(_entries(), most)
    return render(request, "pages/sitemap.xml", {"entries": entries}, content_type="application/xml")


def _entries() -> Iterator[Entry]:
    for name in LISTS:
        yield _entry(name)
    for page in with_shipped(Page.objects.only("slug", "section", "position", "is_shown", "updated_at")):
        if page.is_shown:
            yield _entry("about:page", page.slug, changed_at=page.updated_at)
    rows = _public_rows()
    first, *others = [_addressed(name, key, of_kind) for name, (key, of_kind) in rows.items()]
    found: dict[str, list[tuple[str, datetime]]] = {name: [] for name in rows}
    for name, part, changed_at in first.union(*others, all=True):
        found[name].append((part, changed_at))
    for name, parts in found.items():
        for part, changed_at in parts:
            yield _entry(name, part, changed_at=changed_at)


def _addressed(name: str, key: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """(name of the address, the part of it that names a row, when that was changed), the oldest rows first."""
    if hasattr(rows, "rewrite"):
        rows = rows.rewrite(False)  # of translated texts it would put the columns into an order of its own
    named = rows.order_by("pk").annotate(name_=Value(name, output_field=CharField()))
    return named.values_list("name_", key, "updated_at")[:MOST_ENTRIES]


def _public_rows() -> dict[str, tuple[str, QuerySet[Any]]]:
    """Name of an address -> (what names a row in it, the rows that have one); what concerns most people first."""
    return {
        "calls:detail": ("slug", Call.objects.public()),
        "instruments:detail": ("slug", Instrument.objects.public()),
        "stories:detail": ("slug", Story.objects.filter(state=StoryState.PUBLISHED)),
        "events:detail": ("slug", Event.objects.public()),
        "trainings:detail": ("ref", Training.objects.visible_to(AnonymousUser())),
        "needs:detail": ("ref", Need.objects.public()),
        "offers:detail": ("ref", Offer.objects.public()),
        "network:organisation": ("slug", Organisation.objects.verified()),
    }


def _entry(name: str, *args: str, changed_at: datetime | None = None) -> Entry:
    links = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            links.append((code, settings.SITE_URL + reverse(name, args=args)))
    return Entry(links, changed_at)
