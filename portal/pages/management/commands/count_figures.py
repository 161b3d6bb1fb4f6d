from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.pages.impact.keeping import keep, keep_up


def past_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day such as 2026-10-31") from None
    if day > timezone.now().astimezone(UTC).date():
        raise ArgumentTypeError(f"{text} is still to come")
    return day


class Command(BaseCommand):
    help = (
        "Count the figures of /impact/, of today or, with --until, up to the end of a day (UTC). Workers count today's "
        "every hour and keep the end of every month."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until", type=past_day, action="append", metavar="DATE", help="may be given many times")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["until"]:
            self._say(options, f"Counted up to {keep_up()}.")
        for day in options["until"] or []:
            differs = keep(day)
            self._say(options, f"Counted up to {day}{': it was kept with other figures' if differs else ''}.")

    def _say(self, options: dict[str, Any], words: str) -> None:
        if options["verbosity"]:
            self.stdout.write(words)
