"""Is every word of the portal translatable, and translated? Exits with an error and the list of what is not."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.management.catalogue import Name, messages_of, name_of, problems_of, read_catalogue
from portal.management.commands import makemessages
from portal.management.wording import hard_coded_in

NO_GETTEXT = (
    "Whether the catalogues are up to date was not looked at: xgettext is missing, install the package gettext."
)


class Command(BaseCommand):
    help = "Fail on strings that are missing from the catalogues, not translated, or written into templates."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        catalogues = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po"))
        if not catalogues:
            raise CommandError("There is no catalogue: run make messages.")
        problems = [problem for path in catalogues for problem in problems_of(path)]
        problems += hard_coded_in(settings.BASE_DIR / "templates")
        if shutil.which("xgettext"):
            problems += [problem for path in catalogues for problem in differences(path)]
        else:
            self.stdout.write(NO_GETTEXT)
        if problems:
            raise CommandError("\n".join([*problems, f"{len(problems)} problems; make messages extracts the strings."]))
        self.stdout.write("Every string is translatable and translated.")


class Extraction(makemessages.Command):
    """Writes its catalogue into a folder of its own, empty of translations."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = str(folder)

    def build_potfiles(self) -> list[str]:
        self.locale_paths = [self.folder]
        self.default_locale_path = self.folder
        return super().build_potfiles()


def differences(path: Path) -> list[str]:
    """What the code says and the catalogue lacks, and the other way round."""
    written = names_in(path)
    language = path.parent.parent.name
    with tempfile.TemporaryDirectory(prefix="messages-") as folder:
        call_command(Extraction(Path(folder)), locale=[language], verbosity=0)
        extracted = names_in(Path(folder, language, "LC_MESSAGES", path.name))
    return [
        *(f"{language}: missing, run make messages: {name[1]!r}" for name in sorted(extracted - written, key=str)),
        *(f"{language}: no longer in the code: {name[1]!r}" for name in sorted(written - extracted, key=str)),
    ]


def names_in(path: Path) -> set[Name]:
    return {name_of(message) for message in messages_of(read_catalogue(path))}
