"""Django's `makemessages` as this project wants it: French, one catalogue, no guesses, no line numbers."""

import contextlib
from typing import Any

from django.conf import settings
from django.core.management.commands import makemessages

# portal/locale is named as LOCALE_PATHS already: found again on the way it would be written twice.
IGNORED = [".venv", "var", "tests", "benchmarks", "node_modules", "docs", "deploy", "static", "portal/locale"]


class Command(makemessages.Command):
    help = "Bring the message catalogues up to date with the strings of the code."
    # A guessed translation is wrong more often than it helps.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def handle(self, *args: Any, **options: Any) -> None:
        options["locale"] = options["locale"] or ["fr"]
        options["ignore_patterns"] = [*options["ignore_patterns"], *IGNORED, "*/migrations/*"]
        options["add_location"] = options["add_location"] or "file"
        options["no_wrap"] = options["no_obsolete"] = True
        with contextlib.chdir(settings.BASE_DIR):
            super().handle(*args, **options)
