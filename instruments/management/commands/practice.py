import asyncio
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from instruments.practice.server import Server


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
        server = Server(settings.PRACTICE_ADDRESS)
        await server.start()
        self.stdout.write(f"The practice instrument answers at {settings.PRACTICE_ADDRESS}")
        self.stdout.flush()
        await told.wait()
        await server.stop()
