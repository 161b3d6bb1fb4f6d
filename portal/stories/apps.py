from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StoriesConfig(AppConfig):
    name = "portal.stories"
    verbose_name = _("Stories, events and pages")

    def ready(self) -> None:
        from portal.stories import notices, receivers, rules  # noqa: F401 they register themselves
