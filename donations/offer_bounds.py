"""What can be true of an offer: numbers in reach, days in order. Pages, API and files of many offers ask the same."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

FIRST_YEAR = 1950
KILOGRAMS = (Decimal("0.01"), Decimal(2000))
CENTIMETRES = (1, 1000)
VOLTS = (1, 1000)
WATTS = (1, 100_000)
EUROS = (0, 10_000_000)
MONTHS = (1, 120)
FREQUENCIES = (50, 60)
PLUGS = "ABCDEFGHIJKLMNO"  # types of the IEC's World Plugs
TONGUES = ("ar", "zh-hans", "nl", "en", "fr", "de", "it", "ja", "ko", "pl", "pt", "ru", "es", "sv", "tr")  # of manuals
FEATURE_VALUES = (Decimal(-999_999), Decimal(999_999_999))  # of the column that keeps them
LONGEST = timedelta(days=5 * 365)


def year_bounds() -> tuple[int, int]:
    return FIRST_YEAR, timezone.now().year


def contradictions(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What cannot be true together, as (column, sentence); blank values contradict nothing."""
    yield from _voltages(values)
    yield from _past(values, timezone.now().date())
    yield from _available(values, timezone.now().date())


def _voltages(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    low, high = values.get("voltage_low"), values.get("voltage_high")
    if low and high and low > high:
        yield "voltage_high", _("The highest voltage is below the lowest.")


def _past(values: Mapping[str, Any], today: date) -> Iterator[tuple[str, str]]:
    for name in ("last_used_on", "tested_on"):
        if (day := values.get(name)) and day > today:
            yield name, _("This day has not come yet.")


def _available(values: Mapping[str, Any], today: date) -> Iterator[tuple[str, str]]:
    first, last = values.get("available_from"), values.get("available_until")
    if last and last < today:
        yield "available_until", _("This day has passed.")
    elif last and last > today + LONGEST:
        yield "available_until", _("Choose a day within five years.")
    elif first and last and first > last:
        yield "available_until", _("It would be available until a day before it is available from.")
