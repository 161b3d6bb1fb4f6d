"""Write the connector's program into a folder, for those who hand it out by other ways than the portal's page."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bookings.desktop.packing import program


class Command(BaseCommand):
    help = "Write the connector, one file that any Python from 3.11 runs, into a folder."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        packed = program()
        path: Path = options["folder"] / packed.name
        try:
            path.write_bytes(packed.data)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error}") from error
        self.stdout.write(f"{path}\nSHA-256 {packed.sha256}")
