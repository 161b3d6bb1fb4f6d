"""Find migrations that would break the version still running while they are applied. Run by check.py."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OURS = (
    "accounts",
    "api",
    "audit",
    "bookings",
    "calls",
    "core",
    "donations",
    "instruments",
    "notifications",
    "pages",
    "stories",
)

# Written before the portal was first installed anywhere: no older version runs that they could break.
BEFORE_FIRST_INSTALLATION = [
    "0002_booking_minutes",
    "0002_applications_and_judging",
    "0002_digests_and_reports",
    "0003_call_shows_reviews",
    "0003_lighter_outbox",
    "0004_waitlist_samples_calendars",
    "0005_booking_disturbances",
    "0004_desktops",
    "0006_live_sessions",
]


def main() -> int:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    from django.apps import apps
    from django_migration_linter import MigrationLinter

    rooms = [config.label for config in apps.get_app_configs() if config.label in OURS]
    # A table's first migration cannot break a version that does not know the table.
    linter = MigrationLinter(
        str(ROOT),
        include_apps=rooms,
        no_cache=True,
        ignore_initial_migrations=True,
        ignore_name=BEFORE_FIRST_INSTALLATION,
        quiet=["ignore", "ok"],
    )
    linter.lint_all_migrations()
    return 1 if linter.has_errors else 0


if __name__ == "__main__":
    sys.exit(main())
