"""Figures of impact, so that there is something to read before a worker counts: today's and those of some months."""

from datetime import UTC, date, datetime, timedelta

from portal.pages.impact.keeping import keep, keep_up
from portal.pages.models import Figures

MONTHS = 3


def put_counted(now: datetime) -> None:
    """Count what is not kept yet: the last month ends, and today."""
    month_end = now.astimezone(UTC).date()
    for _month in range(MONTHS):
        month_end = _before(month_end)
        if not Figures.objects.filter(until=month_end).exists():
            keep(month_end)
    keep_up()


def _before(day: date) -> date:
    """The last day of the month before."""
    return day.replace(day=1) - timedelta(days=1)
