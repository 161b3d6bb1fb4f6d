"""`manage.py bulk_data --bookings N --interests N`: volume for benchmarks. Each run adds to what is there."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from portal.samples.actions.bulk import add_bookings, add_interests
from portal.samples.guard import refuse_outside_demo


def whole_number(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


class Command(BaseCommand):
    help = "Add bookings (with instruments, awards and people of their own) and interests, many of them, fast."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bookings", type=whole_number, default=0, metavar="N", help="how many to add")
        parser.add_argument("--interests", type=whole_number, default=0, metavar="N", help="how many to add")
        parser.add_argument("--force", action="store_true", help="also where DEMO is not set")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_outside_demo(force=options["force"])
        for name, add in (("bookings", add_bookings), ("interests", add_interests)):
            count = options[name]
            if not count:
                continue
            started = time.monotonic()
            add(count)
            if options["verbosity"]:
                self.stdout.write(f"{count} {name} added in {time.monotonic() - started:.1f} s.")
