"""Loading on awkward days. Not beside the tests that share one loading: here each loads its own."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction

from bookings.models import Booking
from calls.models import Award
from instruments.models import Instrument
from portal.samples.actions.live import is_live_or_soon

MOMENTS = [
    datetime(2027, 3, 28, 1, 30, tzinfo=UTC),  # European clocks have just jumped forward
    datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
    datetime(2028, 2, 29, 12, 10, tzinfo=UTC),
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_loads_on_any_day_and_twice_alike(db: None, moment: datetime) -> None:
    assert _seen_at(moment) == _seen_at(moment)


def _seen_at(moment: datetime) -> list[Any]:
    """What a loading at this moment brings, taken back afterwards."""
    with time_machine.travel(moment, tick=False), transaction.atomic():
        call_command("sample_data", force=True, verbosity=0)
        assert not Award.objects.out_of_balance().exists()
        assert is_live_or_soon(Instrument.objects.get(slug="practice-diffractometer"), moment)
        rows = Booking.objects.order_by("period__startswith", "instrument__slug", "unit__name")
        seen: list[Any] = list(rows.values_list("instrument__slug", "unit__name", "period", "state"))
        seen += list(Award.objects.order_by("title").values_list("title", "balance_minutes", "valid_until"))
        transaction.set_rollback(True)
    return seen
