"""`manage.py bulk_data --bookings N --interests N --applications N --needs N --offers N`: volume for benchmarks.

Each run adds more.
"""

import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from portal.samples.actions.bulk import add_applications, add_bookings, add_interests, add_needs, add_offers
from portal.samples.guard import refuse_outside_demo

ADD = {
    "bookings": add_bookings,
    "interests": add_interests,
    "applications": add_applications,
    "needs": add_needs,
    "offers": add_offers,
}


def whole_number(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


class Command(BaseCommand):
    help = "Add bookings, interests, applications with reviews, needs and offers of equipment, complete: many, fast."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bookings", type=whole_number, default=0, metavar="N", help="how many to add")
        parser.add_argument("--interests", type=whole_number, default=0, metavar="N", help="how many to add")
        parser.add_argument("--applications", type=whole_number, default=0, metavar="N", help="in a call of their own")
        parser.add_argument("--needs", type=whole_number, default=0, metavar="N", help="open needs for equipment")
        parser.add_argument("--offers", type=whole_number, default=0, metavar="N", help="vetted offers of equipment")
        parser.add_argument("--force", action="store_true", help="also where DEMO is not set")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_outside_demo(force=options["force"])
        for name, add in ADD.items():
            count = options[name]
            if not count:
                continue
            started = time.monotonic()
            add(count)
            if options["verbosity"]:
                self.stdout.write(f"{count} {name} added in {time.monotonic() - started:.1f} s.")
