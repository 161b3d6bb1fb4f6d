"""Rows of figures: today's, counted again every hour, and one for the end of every month, counted once it is over."""

import time
from datetime import UTC, date, datetime, timedelta

from django.db.models import F
from django.utils import timezone

from portal.pages.impact.counting import count, end_of
from portal.pages.models import Figures


def keep(until: date) -> bool:
    """Count up to the end of a day (UTC) and keep it; whether that differs from what was kept for it, if anything."""
    kept = Figures.objects.filter(until=until).values_list("figures", flat=True).first()
    started = time.monotonic()
    figures = count(until)
    row = Figures(until=until, figures=figures, computed_at=timezone.now(), seconds=time.monotonic() - started)
    columns = ["figures", "computed_at", "seconds"]
    Figures.objects.bulk_create([row], update_conflicts=True, unique_fields=["until"], update_fields=columns)
    return kept is not None and kept != figures


def keep_up() -> date:
    """Count today's figures and those of a month that is over; what earlier days left is forgotten. Answers today."""
    today = timezone.now().astimezone(UTC).date()
    month_end = today.replace(day=1) - timedelta(days=1)
    if not Figures.objects.filter(until=month_end, computed_at__gte=end_of(month_end)).exists():
        keep(month_end)
    keep(today)
    Figures.objects.filter(until__lt=today, computed_at__date=F("until")).delete()
    return today


def moment_of(row: Figures) -> datetime:
    """Up to when its rows were counted: the end of its day, or the moment of counting where that came first."""
    return min(row.computed_at, end_of(row.until))
