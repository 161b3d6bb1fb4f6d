from typing import Any

from django.core.management.base import BaseCommand

from portal.pages.search.words import gather_all


class Command(BaseCommand):
    help = (
        "Gather the words of all that is public, by which the search forgives mistyped ones. Workers do so every day."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        words = gather_all()
        if options["verbosity"]:
            self.stdout.write(f"{words} words are in place.")
