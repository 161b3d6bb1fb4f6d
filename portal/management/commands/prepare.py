"""Everything between an empty database and pages that can be served, safe to run again and by two at once."""

import hashlib
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

ADVISORY_LOCK = 7_203_114  # any number, the same for all who prepare this database


class Command(BaseCommand):
    help = "Migrate, compile messages, collect static files, load reference data and, in the demo, sample data."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-sample", action="store_true", help="no sample data even in the demo")
        parser.add_argument("--no-static", action="store_true", help="static files were collected elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        with self.one_at_a_time():
            self.step("Migrating the database", "migrate", interactive=False)
            self.step("Compiling messages", "compile_messages")
            if not options["no_static"]:
                self.collect_static()
            self.step("Loading reference data", "reference_data")
            if settings.DEMO and not options["no_sample"]:
                self.step("Loading sample data", "sample_data")
                self.step("Gathering the words of the search", "gather_words", first=True)

    def step(self, words: str, command: str, **options: Any) -> None:
        if command not in get_commands():
            return
        self.stdout.write(f"{words} ...", ending=" ")
        self.stdout.flush()
        started = time.monotonic()
        call_command(command, verbosity=0, **options)
        self.stdout.write(f"{time.monotonic() - started:.1f} s")

    def collect_static(self) -> None:
        """Collect, unless nothing changed since the last time: hashing and compressing takes seconds."""
        stamp = Path(settings.STATIC_ROOT).with_suffix(".stamp")
        wanted = fingerprint_of_static_files()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        self.step("Collecting static files", "collectstatic", interactive=False, clear=True)
        stamp.write_text(wanted)

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """Hold an advisory lock in the database, so that a second starter waits and then finds all done."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        except OperationalError as error:
            raise CommandError(f"The database does not answer, look at DATABASE_URL: {error}".strip()) from error
        try:
            yield
        finally:
            connection.close()  # which gives the lock back


def fingerprint_of_static_files() -> str:
    """A digest over name, size and time of every static file and over the settings that shape the result."""
    digest = hashlib.sha256(repr((settings.STATIC_URL, settings.STORAGES["staticfiles"])).encode())
    left_out = getattr(apps.get_app_config("staticfiles"), "ignore_patterns", [])
    for finder in get_finders():
        for name, storage in finder.list(left_out):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
