"""Days that were typed: ordinary ones, and years in which zones have no room."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from portal.core.forms import DayField


def test_a_day_is_a_day():
    assert DayField().clean("2027-03-22") == date(2027, 3, 22)


@pytest.mark.parametrize("typed", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_ends_of_the_calendar_is_refused(typed):
    with pytest.raises(ValidationError, match="Enter a valid date"):
        DayField().clean(typed)
