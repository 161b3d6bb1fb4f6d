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
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, EngineError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
