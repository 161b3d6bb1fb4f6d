from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DonationsConfig(AppConfig):
    name = "donations"
    verbose_name = _("Equipment donations")

    def ready(self) -> None:
        from donations import notices, receivers, rules  # noqa: F401 they register themselves
