"""News of calls for feed readers, Atom (RFC 4287): the newest first, in the language of `?language=` or the reader."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from calls.models import Call
from portal.core.feeds import LegibleAtom

MOST_ENTRIES = 30


class CallFeed(Feed):
    """Published calls, open, coming or closed."""

    feed_type = LegibleAtom

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("language", "")
        language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
        with translation.override(language):
            response = super().__call__(request, *args, **kwargs)
        response["Content-Language"] = language or settings.LANGUAGE_CODE
        return response

    def title(self) -> str:
        return _("Calls") + f" – {settings.BRAND_NAME}"

    def subtitle(self) -> str:
        return _("Calls for remote access, trainings and equipment.")

    def link(self) -> str:
        return settings.SITE_URL + reverse("calls:list")

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse("calls_feed")

    def items(self) -> list[Call]:
        return list(Call.objects.listed().order_by("-published_at", "-pk")[:MOST_ENTRIES])

    def item_title(self, item: Call) -> str:
        return item.title

    def item_description(self, item: Call) -> str:
        return item.summary

    def item_link(self, item: Call) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item: Call) -> str:
        """The same in every language and for ever."""
        return f"{settings.SITE_URL}/calls/{item.slug}"

    def item_pubdate(self, item: Call) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Call) -> datetime:
        return item.updated_at

    def item_categories(self, item: Call) -> list[str]:
        return [item.get_kind_display()]
