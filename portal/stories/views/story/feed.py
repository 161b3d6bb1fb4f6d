"""Stories for feed readers."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.feeds import NewsFeed
from portal.stories.models import Story


class StoryFeed(NewsFeed):
    """Published stories."""

    address, folder = "stories_feed", "stories"

    def title(self) -> str:
        return _("Stories") + f" – {settings.BRAND_NAME}"

    def subtitle(self) -> str:
        return _("What remote access and gifts made possible.")

    def link(self) -> str:
        return settings.SITE_URL + reverse("stories:list")

    def items(self) -> list[Story]:
        return list(Story.objects.published()[: self.MOST_ENTRIES])

    def item_author_name(self, item: Story) -> str:
        return item.byline or settings.BRAND_NAME
