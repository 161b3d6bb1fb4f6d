"""What each page costs somebody who pays by the megabyte: a first visit, and the next one."""

import pytest

from tests.journeys.stops import READERS, STOPS
from tests.journeys.weighing import Scale

# Kilobytes and requests of a first visit; the next visit costs a third of the kilobytes.
# A live session brings the program that shows the screen, and asks for its tickets: all before the first picture.
BUDGETS = {
    "home": (40, 8),
    "public": (60, 8),
    "pictured": (100, 10),  # with a photograph
    "booking": (25, 5),
    "step": (25, 5),
    "session": (90, 8),
    "live": (90, 12),
    "staff": (150, 10),
}


def over_budget(stop, first, again):
    kilobytes, requests = BUDGETS[stop.budget]
    found = f"{stop.name}: {first.bytes} bytes in {first.requests} requests, then {again.bytes}"
    fits = first.bytes <= kilobytes * 1000 and first.requests <= requests and again.bytes <= kilobytes * 1000 / 3
    return [] if fits and first.bytes > 1000 else [found]


@pytest.mark.parametrize("reader", READERS)
def test_pages_keep_to_their_budgets(window, cast, world, reader):
    heavy = []
    for stop in STOPS:
        if stop.reader == reader:
            visit = window(cast[reader])
            scale, path = Scale(visit), f"/fr{stop.path.format(**world)}"  # French is the longer one
            scale.is_slow = stop.budget == "live"
            heavy += over_budget(stop, scale.weigh(path), scale.weigh(path))
            visit.context.close()
    assert heavy == []
