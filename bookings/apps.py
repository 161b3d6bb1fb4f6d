from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = _("Bookings and sessions")

    def ready(self) -> None:
        from bookings import notices, receivers, rules  # noqa: F401 they register themselves
