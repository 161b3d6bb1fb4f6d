"""How much of the change-over there is room for between neighbours."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.changeover import occupied_spans
from bookings.slots import MINUTE, Span

START = datetime(2027, 3, 22, 8, tzinfo=UTC)


def at(begin: int, end: int) -> Span:
    """Minutes after eight."""
    return Span(START + begin * MINUTE, START + end * MINUTE)


def widened(spans: list[Span], before: int, after: int) -> list[tuple[Span, Span]]:
    return [(span, span.widened(before * MINUTE, after * MINUTE)) for span in spans]


def test_neighbours_with_room_get_all_of_it() -> None:
    assert occupied_spans(widened([at(0, 60), at(120, 180)], 15, 30)) == [at(-15, 90), at(105, 210)]


def test_where_there_is_too_little_the_earlier_one_s_comes_first() -> None:
    assert occupied_spans(widened([at(0, 60), at(80, 140)], 15, 15)) == [at(-15, 75), at(75, 155)]


def test_neighbours_that_meet_keep_nothing_free() -> None:
    assert occupied_spans(widened([at(0, 60), at(60, 120)], 15, 30)) == [at(-15, 60), at(60, 150)]


def test_what_is_occupied_already_stays() -> None:
    assert occupied_spans(widened([at(60, 120)], 30, 0), not_before=at(-60, 50)) == [at(50, 120)]
    assert occupied_spans(widened([at(60, 120)], 30, 0), not_before=at(-60, 0)) == [at(30, 120)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    gaps=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 120)), max_size=6),
    before=st.integers(0, 90),
    after=st.integers(0, 90),
)
def test_nothing_overlaps_and_every_period_is_kept(gaps: list[tuple[int, int]], before: int, after: int) -> None:
    spans, end = [], 0
    for gap, length in gaps:
        spans.append(at(end + gap, end + gap + length))
        end += gap + length
    found = occupied_spans(widened(spans, before, after))
    assert all(occupied.covers(span) for occupied, span in zip(found, spans, strict=True))
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert all(
        span.widened(before * MINUTE, after * MINUTE).covers(occupied)
        for occupied, span in zip(found, spans, strict=True)
    )
