from typing import Any

from django.core.management.base import BaseCommand

from instruments.actions.reference import write_categories, write_techniques


class Command(BaseCommand):
    help = "Write what every installation needs: techniques and equipment categories. Again, it changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        techniques, categories = write_techniques(), write_categories()
        if options["verbosity"]:
            self.stdout.write(f"{techniques} techniques and {categories} equipment categories are in place.")
