"""Atom feeds (RFC 4287) that every reader can read: one letter that XML does not know must not end a whole feed."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views.decorators.http import conditional_page, require_safe

from portal.core.tables import NOT_IN_XML


class LegibleAtom(Atom1Feed):
    """Atom without the control characters that people paste along with their words."""

    def add_item(self, *values: Any, **named: Any) -> None:
        super().add_item(*map(_legible, values), **{name: _legible(value) for name, value in named.items()})


def _legible(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_legible(each) for each in value]
    return NOT_IN_XML.sub("", value) if isinstance(value, str) else value


class NewsFeed(Feed):
    """What was published, in the language of `?language=` or the reader: rows with title, summary, kind and slug.

    A feed adds its title and subtitle, `link`, `items` (the newest first, at most `MOST_ENTRIES`), `address`, the name
    of its own one, and `folder`, in which its rows have their lasting names.
    """

    MOST_ENTRIES = 30
    feed_type = LegibleAtom
    address = folder = ""

    @method_decorator([require_safe, conditional_page])  # readers ask every hour whether there is news
    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("language", "")
        language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
        with translation.override(language):
            response = super().__call__(request, *args, **kwargs)
        response["Content-Language"] = language or settings.LANGUAGE_CODE
        return response

    def author_name(self) -> str:
        """Who stands for entries that name nobody: RFC 4287 asks for an author of each."""
        return settings.BRAND_NAME

    def feed_url(self) -> str:
        """With the language: whoever follows it later is answered in the same one."""
        return f"{settings.SITE_URL}{reverse(self.address)}?language={translation.get_language()}"

    def item_title(self, item: Any) -> str:
        return item.title

    def item_description(self, item: Any) -> str:
        """As HTML, which is what feed readers are told that it is: `<b>` in a summary is three letters."""
        return escape(item.summary)

    def item_link(self, item: Any) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item: Any) -> str:
        """The same in every language and for ever."""
        return f"{settings.SITE_URL}/{self.folder}/{item.slug}"

    def item_pubdate(self, item: Any) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Any) -> datetime:
        return item.updated_at

    def item_categories(self, item: Any) -> list[str]:
        return [item.get_kind_display()]
