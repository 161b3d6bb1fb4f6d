from typing import Any

from django.core.management.base import BaseCommand

from instruments.actions.reference import write_categories, write_techniques
from instruments.signals import reference_written


class Command(BaseCommand):
    help = (
        "Write what every installation needs: techniques, equipment categories, past events. Again, it changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        techniques, categories = write_techniques(), write_categories()
        lines = [words for _receiver, words in reference_written.send(Command) if words]
        if options["verbosity"]:
            self.stdout.write(f"{techniques} techniques and {categories} equipment categories are in place.")
            for line in lines:
                self.stdout.write(line)
