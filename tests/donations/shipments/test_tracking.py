"""A carrier's file: read, with what is wrong in words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from donations.tracking import MOST_BYTES, Seen, read

LAGOS = ZoneInfo("Africa/Lagos")  # one hour ahead of UTC


@pytest.mark.parametrize(
    "content",
    [
        b"when,place,what\n2026-11-01 10:30,Marseille,Loaded\n",
        b"\xef\xbb\xbfWhat;When;Place\r\nLoaded;01/11/2026 10:30;Marseille\r\n\r\n",
        b"Status\tDate\tLocation\tWeight\nLoaded\t2026-11-01T09:30:00Z\tMarseille\t5\n",
        b"event,timestamp,where\nLoaded,01.11.2026 10:30,Marseille\n",
    ],
)
def test_the_same_line_in_many_spellings(content):
    reading = read(content, LAGOS)
    assert reading.seen == [Seen(datetime(2026, 11, 1, 9, 30, tzinfo=UTC), "Marseille", "Loaded")]
    assert (reading.faults, reading.trouble) == ([], "")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "first line must name"),
        (b"when,where\n2026-11-01 10:30,Lyon\n", "first line must name"),
        (b"when,what\n", "no lines below"),
        (b"when,what\n\xff\xfe\n", "UTF-8"),
        (b"when,what\n2026-11-01 10:30,\0\n", "UTF-8"),
        (b"when,what\n" + b"2026-11-01 10:30,Loaded\n" * 501, "up to 500 lines"),
        (b"x" * (MOST_BYTES + 1), "larger"),
    ],
)
def test_files_that_cannot_be_read(content, words):
    assert words in read(content, LAGOS).trouble


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_columns_are_read_as_they_are_asked_for(language):
    with translation.override(language):
        _sentence, _colon, heads = str(read(b"", LAGOS).trouble).rpartition(":")
    reading = read(heads.strip(" .").encode() + b"\n2026-11-01 10:30,Marseille,Loaded\n", LAGOS)
    assert (len(reading.seen), reading.trouble) == (1, "")


def test_half_its_rows_wrong():
    content = (
        "when,place,what\n"
        "2026-11-01 10:30,Lyon,Fetched\n"
        "yesterday,Lyon,Fetched\n"
        "2026-11-02,Lyon,Weighed\n"
        "2026-11-02 08:00,Lyon,\n"
        f"2026-11-02 08:00,Lyon,{'x' * 301}\n"
        "9999-12-31 23:59,Lyon,Fetched\n"
        "2026-11-03 08:00,Lyon,=1+1\n"
    )
    reading = read(content.encode(), LAGOS)
    assert [one.words for one in reading.seen] == ["Fetched", "=1+1"]
    assert [fault.partition(":")[0] for fault in reading.faults] == [f"Line {number}" for number in (3, 4, 5, 6, 7)]


def test_an_hour_that_clocks_leave_out():
    reading = read(b"when,what\n2026-03-29 02:30,Loaded\n", ZoneInfo("Europe/Paris"))
    assert "There is no" in reading.faults[0]
