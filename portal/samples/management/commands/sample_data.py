"""`manage.py sample_data`: a believable programme around today's date. Running it again adds nothing but a session."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.samples.actions import load_samples
from portal.samples.actions.people import DOMAIN, PASSWORD


class Command(BaseCommand):
    help = "Load invented people, instruments, calls, awards and bookings, with a session live or about to start."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="also where DEMO is not set")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or options["force"]):
            raise CommandError(
                f"Sample data bring accounts whose password everybody knows ({DOMAIN}): "
                "set DEMO=1, or give --force if that is what you want."
            )
        loaded = load_samples()
        if not options["verbosity"]:
            return
        words = f"Loaded; sign in with the password {PASSWORD}." if loaded.is_new else "The sample data are in place."
        self.stdout.write(words + (" A session was added." if loaded.has_new_session else ""))
