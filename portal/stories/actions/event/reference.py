"""The bootcamps of the programme that took place, as past_events.toml has them."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from portal.audit.actions import record
from portal.stories.enums import EventState
from portal.stories.models import Event, EventCountry

PAST = Path(__file__).parents[2] / "past_events.toml"
DIRECT = ("slug", "kind", "title_en", "title_fr", "summary_en", "summary_fr", "time_zone", "place", "country", "source")


@transaction.atomic
def write_events(rows: list[dict[str, Any]] | None = None) -> int:
    """Create those that are missing; those that are there stay as staff left them. Returns how many were created."""
    asked = tomllib.loads(PAST.read_text(encoding="utf-8"))["event"] if rows is None else rows
    known = set(Event.objects.filter(slug__in=[row["slug"] for row in asked]).values_list("slug", flat=True))
    return sum(_write(row) for row in asked if row["slug"] not in known)


def whole_days(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """From midnight to midnight there, both days included."""
    clock = ZoneInfo(zone)
    return datetime.combine(first, time(), clock), datetime.combine(last + timedelta(1), time(), clock)


def _write(row: dict[str, Any]) -> bool:
    starts_at, ends_at = whole_days(row["first_day"], row["last_day"], row["time_zone"])
    event = Event.objects.create(
        **{name: row[name] for name in DIRECT},
        body_en=row["body_en"].strip(),
        body_fr=row["body_fr"].strip(),
        starts_at=starts_at.astimezone(UTC),
        ends_at=ends_at.astimezone(UTC),
        partners="\n".join(row["partners"]),
        people=row.get("people"),
        women=row.get("women"),
        state=EventState.CLOSED,
        published_at=ends_at.astimezone(UTC),
        version=1,
    )
    EventCountry.objects.bulk_create(EventCountry(event=event, country=code) for code in row["countries"])
    record(event, "load", after=event.state)
    return True
