from typing import Any

from django.core.management.base import BaseCommand

from instruments.actions.reference import write_techniques


class Command(BaseCommand):
    help = "Write what every installation needs: the tree of techniques. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        count = write_techniques()
        if options["verbosity"]:
            self.stdout.write(f"{count} techniques are in place.")
