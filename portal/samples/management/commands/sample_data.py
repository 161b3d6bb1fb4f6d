"""`manage.py sample_data`: a believable programme around today's date. Running it again adds nothing but a session."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.samples.actions import load_samples
from portal.samples.actions.people import DOMAIN, PASSWORD
from portal.samples.guard import refuse_outside_demo


class Command(BaseCommand):
    help = "Load invented people, instruments, calls, awards and bookings, with a session live or about to start."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="also where DEMO is not set")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_outside_demo(force=options["force"])
        loaded = load_samples()
        if not options["verbosity"]:
            return
        words = f"Loaded: researcher{DOMAIN} and others sign in with {PASSWORD}."
        self.stdout.write(words if loaded.is_new else "The sample data are in place.")
        if loaded.has_new_session:
            self.stdout.write("A session on the practice instrument was added.")
