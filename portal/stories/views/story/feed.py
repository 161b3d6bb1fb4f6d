"""Stories for feed readers, Atom (RFC 4287): the newest first, in the language of `?language=` or the reader."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.feeds import LegibleAtom
from portal.stories.models import Story

MOST_ENTRIES = 30


class StoryFeed(Feed):
    """Published stories."""

    feed_type = LegibleAtom

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("language", "")
        language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
        with translation.override(language):
            response = super().__call__(request, *args, **kwargs)
        response["Content-Language"] = language or settings.LANGUAGE_CODE
        return response

    def title(self) -> str:
        return _("Stories") + f" – {settings.BRAND_NAME}"

    def subtitle(self) -> str:
        return _("What remote access and gifts made possible.")

    def link(self) -> str:
        return settings.SITE_URL + reverse("stories:list")

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse("stories_feed")

    def items(self) -> list[Story]:
        return list(Story.objects.published()[:MOST_ENTRIES])

    def item_title(self, item: Story) -> str:
        return item.title

    def item_description(self, item: Story) -> str:
        return item.summary

    def item_link(self, item: Story) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item: Story) -> str:
        """The same in every language and for ever."""
        return f"{settings.SITE_URL}/stories/{item.slug}"

    def item_author_name(self, item: Story) -> str:
        return item.byline or settings.BRAND_NAME

    def item_pubdate(self, item: Story) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Story) -> datetime:
        return item.updated_at

    def item_categories(self, item: Story) -> list[str]:
        return [item.get_kind_display()]
