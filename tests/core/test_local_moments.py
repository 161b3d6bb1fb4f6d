"""Wall times that were typed: ordinary ones, one that clocks leave out, one that comes twice."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.core.times import LocalTimeError, hours_text, local_moment

PARIS, NAIROBI = ZoneInfo("Europe/Paris"), ZoneInfo("Africa/Nairobi")


@pytest.mark.parametrize(
    ("naive", "zone", "utc"),
    [
        (datetime(2027, 1, 5, 23, 59), PARIS, datetime(2027, 1, 5, 22, 59, tzinfo=UTC)),
        (datetime(2027, 7, 5, 23, 59), PARIS, datetime(2027, 7, 5, 21, 59, tzinfo=UTC)),
        (datetime(2027, 3, 28, 3, 0), PARIS, datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (datetime(2027, 3, 28, 2, 30), NAIROBI, datetime(2027, 3, 27, 23, 30, tzinfo=UTC)),
    ],
)
def test_a_wall_time_is_one_moment(naive, zone, utc):
    assert local_moment(naive, zone) == utc


def test_a_time_the_clocks_leave_out_is_refused():
    with pytest.raises(LocalTimeError, match=r"There is no 02:30 on .*28 March 2027 in Paris time: clocks go forward"):
        local_moment(datetime(2027, 3, 28, 2, 30), PARIS)


def test_a_time_that_comes_twice_is_refused():
    with pytest.raises(LocalTimeError, match=r"02:30 comes twice on .*31 October 2027 in Paris time"):
        local_moment(datetime(2027, 10, 31, 2, 30), PARIS)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 h"), (45, "45 min"), (420, "7 h"), (450, "7 h 30 min"), (-120, "−2 h"), (-90, "−1 h 30 min")],
)
def test_lengths_in_words(minutes, text):
    assert hours_text(minutes) == text


@pytest.mark.parametrize("naive", [datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59)])
def test_a_year_in_which_zones_have_no_room_is_refused(naive):
    with pytest.raises(LocalTimeError, match="Enter a day and time such as"):
        local_moment(naive, NAIROBI)
