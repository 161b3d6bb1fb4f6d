from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.pages.models import SearchWord
from portal.pages.search.words import gather_all


class Command(BaseCommand):
    help = (
        "Gather the words of all that is public, by which the search forgives mistyped ones. Workers do so every day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--first", action="store_true", help="only where none were gathered before")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["first"] and SearchWord.objects.exists():
            return
        words = gather_all()
        if options["verbosity"]:
            self.stdout.write(f"{words} words are in place.")
