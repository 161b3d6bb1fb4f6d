"""News of calls for feed readers."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from calls.models import Call
from portal.core.feeds import NewsFeed


class CallFeed(NewsFeed):
    """Published calls, open, coming or closed."""

    address, folder = "calls_feed", "calls"

    def title(self) -> str:
        return _("Calls") + f" – {settings.BRAND_NAME}"

    def subtitle(self) -> str:
        return _("Calls for remote access, trainings and equipment.")

    def link(self) -> str:
        return settings.SITE_URL + reverse("calls:list")

    def items(self) -> list[Call]:
        return list(Call.objects.listed().order_by("-published_at", "-pk")[: self.MOST_ENTRIES])
