from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallsConfig(AppConfig):
    name = "calls"
    verbose_name = _("Calls and awards")

    def ready(self) -> None:
        from calls import notices, receivers, rules  # noqa: F401 registers messages, receivers and permissions
