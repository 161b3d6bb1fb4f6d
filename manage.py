#!/usr/bin/env python
"""Django's command line."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if sys.argv[1:2] == ["up"]:
        os.environ.setdefault("DEMO", "1")  # `up` is the demonstration; production runs each part by itself
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from portal.embedded import EngineError

    try:
        read_settings()
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, EngineError) as error:
        sys.exit(str(error))


def read_settings() -> None:
    """Say in one sentence that a number in the environment is none: Django would show where it found out."""
    from django.conf import settings

    try:
        str(settings.BASE_DIR)  # the first question to the settings reads them all
    except ValueError as error:
        sys.exit(f"A variable of the environment cannot be read ({error}): the README says what each means.")


if __name__ == "__main__":
    main()
