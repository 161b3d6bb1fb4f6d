import asyncio
import logging
import signal
import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from instruments.models import Unit
from instruments.practice.server import File, Server
from instruments.signals import run_finished

PAUSES = (1, 2, 5, 10, 20)  # seconds between tries while the database is away

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Serve the practice instrument, a virtual diffractometer, at PRACTICE_ADDRESS until told to stop."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            asyncio.run(self.serve())
        except (OSError, ValueError) as error:
            raise CommandError(f"The practice instrument cannot listen: {error}") from error

    async def serve(self) -> None:
        """Until SIGTERM or SIGINT."""
        told = asyncio.Event()
        for order in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(order, told.set)
        server = Server(settings.PRACTICE_ADDRESS, announce, settings.VAR_DIR / "practice")
        await server.start()
        self.stdout.write(f"The practice instrument answers at {settings.PRACTICE_ADDRESS}")
        self.stdout.flush()
        await told.wait()
        await server.stop()


def announce(unit_pk: int, files: list[File], began: datetime) -> None:
    """Tell the apps above that the instrument of a unit has measured; nothing where there is no such unit.

    The run began at `began`. In a thread of its own: the connection is looked at before, and given back after, or one
    restart of the database would break it for ever. Such a restart is waited for. Raises OperationalError when it takes
    too long.
    """
    moment = timezone.now()
    for pause in PAUSES:
        try:
            return _announce(unit_pk, files, began, moment)
        except OperationalError:
            log.warning("no database for the data of a practice run; again in %s s", pause)
            time.sleep(pause)
    return _announce(unit_pk, files, began, moment)


def _announce(unit_pk: int, files: list[File], began: datetime, moment: datetime) -> None:
    close_old_connections()
    try:
        unit = Unit.objects.filter(pk=unit_pk).select_related("instrument").first()
        if unit is not None:
            run_finished.send(sender=Unit, unit=unit, files=files, began=began, moment=moment)
    finally:
        close_old_connections()
