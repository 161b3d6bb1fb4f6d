from typing import Any

from django.apps import AppConfig
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "portal.core"
    verbose_name = _("Core")

    def ready(self) -> None:
        connection_created.connect(_watch)


def _watch(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Let every connection say when something was written, once, however often it is opened anew."""
    from portal.core.kept import watch  # asks for apps that are ready

    if watch not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, watch)
